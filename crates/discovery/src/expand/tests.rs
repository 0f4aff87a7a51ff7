use std::{fs, path::Path};

use callboard_entity_model::ProblemCode;
use tempfile::TempDir;

use super::expand_file_target;

fn folder_with(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    folder
}

#[track_caller]
fn check_expands(folder: &Path, pattern: &str, expected: &[&str]) {
    let expansion = expand_file_target(&format!("{}/{pattern}", folder.display()), 100);
    assert_eq!(expansion.problems, []);
    assert!(expansion.is_complete);
    let found: Vec<_> =
        expansion.files.iter().map(|path| path.strip_prefix(folder).unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(found, expected, "{pattern}");
}

#[test]
fn globs_match_as_in_a_shell() {
    let folder = folder_with(&["a.yaml", "b.yml", "c.txt", "x/a.yaml", "x/y/a.yaml", "z/b.yaml"]);
    check_expands(folder.path(), "*.yaml", &["a.yaml"]);
    check_expands(folder.path(), "*.{yaml,yml}", &["a.yaml", "b.yml"]);
    check_expands(folder.path(), "**/a.yaml", &["a.yaml", "x/a.yaml", "x/y/a.yaml"]);
    check_expands(folder.path(), "*/?.yaml", &["x/a.yaml", "z/b.yaml"]);
    check_expands(folder.path(), "x/**/*.yaml", &["x/a.yaml", "x/y/a.yaml"]);
    check_expands(folder.path(), "{x,z}/*.yaml", &["x/a.yaml", "z/b.yaml"]);
    check_expands(folder.path(), "none*", &[]);
    check_expands(folder.path(), "none/*", &[]);
}

#[test]
fn a_plain_path_is_itself_whether_or_not_it_exists() {
    let folder = folder_with(&["[a].yaml"]);
    check_expands(folder.path(), "nothing.yaml", &["nothing.yaml"]);
    check_expands(folder.path(), "[a].yaml", &["[a].yaml"]);
}

#[test]
fn a_folder_means_the_catalog_info_files_below_it() {
    let folder = folder_with(&["mkdocs.yml", "web/catalog-info.yaml", "api/x/catalog-info.yml"]);
    check_expands(folder.path(), "", &["api/x/catalog-info.yml", "web/catalog-info.yaml"]);
}

#[test]
fn a_folder_without_catalog_info_means_the_yaml_files_in_it() {
    let folder = folder_with(&["b.yml", "a.yaml", "c.json", "deeper/d.yaml"]);
    check_expands(folder.path(), "", &["a.yaml", "b.yml"]);
}

#[test]
fn names_with_a_dot_are_found_only_by_name() {
    let folder = folder_with(&[".git/a.yaml", ".hidden.yaml", "a.yaml"]);
    check_expands(folder.path(), "**/*.yaml", &["a.yaml"]);
    check_expands(folder.path(), ".git/*.yaml", &[".git/a.yaml"]);
}

#[test]
#[cfg(unix)]
fn links_out_of_the_folder_are_not_followed() {
    let outside = folder_with(&["secret.yaml", "sub/secret.yaml"]);
    let folder = folder_with(&["real/a.yaml"]);
    std::os::unix::fs::symlink(outside.path().join("secret.yaml"), folder.path().join("link.yaml")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("sub"), folder.path().join("linked")).unwrap();
    std::os::unix::fs::symlink("real/a.yaml", folder.path().join("inside.yaml")).unwrap();
    std::os::unix::fs::symlink("gone.yaml", folder.path().join("dangling.yaml")).unwrap();
    check_expands(folder.path(), "**/*.yaml", &["inside.yaml", "real/a.yaml"]);
}

#[test]
fn more_files_than_the_limit_are_a_problem_with_the_number() {
    let folder = folder_with(&["a.yaml", "b.yaml", "c.yaml"]);
    let expansion = expand_file_target(&format!("{}/*.yaml", folder.path().display()), 2);
    assert_eq!(expansion.files.len(), 2);
    assert!(!expansion.is_complete);
    assert_eq!(expansion.problems[0].code, ProblemCode::Limit);
    assert!(expansion.problems[0].message.contains("more than 2 files"), "{}", expansion.problems[0].message);
}

#[test]
fn a_pattern_that_is_no_glob_is_a_problem() {
    let expansion = expand_file_target("/nowhere/{a", 10);
    assert!(!expansion.is_complete);
    assert!(expansion.problems[0].message.contains("not a valid pattern"));
}

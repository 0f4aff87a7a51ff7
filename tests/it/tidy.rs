//! The house rules that a machine can check: every module says what it owns, every test file is declared, and nothing
//! is left lying about.

use std::{
    fs,
    path::{Path, PathBuf},
};

#[test]
fn every_module_says_what_it_owns() {
    let silent: Vec<_> = rust_files()
        .into_iter()
        // A module's own tests are told by its name and place.
        .filter(|path| !path.ends_with("tests.rs") && !read(path).starts_with("//!"))
        .map(|path| shown(&path))
        .collect();
    assert!(silent.is_empty(), "these files do not begin with `//!`: {silent:#?}");
}

#[test]
fn files_stay_short_enough_to_read() {
    let long: Vec<_> = rust_files()
        .into_iter()
        .map(|path| (read(&path).lines().count(), shown(&path)))
        .filter(|(lines, _)| *lines > 500)
        .collect();
    assert!(long.is_empty(), "look for the second topic in: {long:#?}");
}

#[test]
fn every_test_file_is_declared() {
    let folder = root().join("tests/it");
    let main = read(&folder.join("main.rs"));
    for entry in fs::read_dir(&folder).expect("tests/it is there").flatten() {
        let name = entry.path().file_stem().expect("a file has a name").to_string_lossy().into_owned();
        assert!(name == "main" || main.contains(&format!("mod {name};")), "tests/it/{name} is not declared in main.rs");
    }
}

#[test]
fn no_crate_or_module_is_a_drawer_for_leftovers() {
    for path in rust_files() {
        let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        for name in ["common", "utils", "util", "helpers", "misc"] {
            let file = format!("{name}.rs");
            assert!(!parts.iter().any(|part| *part == name || *part == file), "find a real name for {}", shown(&path));
        }
    }
}

#[test]
fn tests_neither_sleep_nor_hide() {
    // Put together here, so that this file does not find itself.
    let forbidden = [["#[", "ignore"].concat(), ["thread::", "sleep"].concat()];
    for path in rust_files() {
        let text = read(&path);
        for word in &forbidden {
            assert!(!text.contains(word), "`{word}` in {}", shown(&path));
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}

fn rust_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("crates"), root().join("migrations"), root().join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be listed").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(found.len() > 20, "the walk found only {} files", found.len());
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

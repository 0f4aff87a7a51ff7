use std::{fs, path::Path};

use serde_json::Value;

use super::{check::check, human, json, sarif};
use crate::{
    cli::{Format, ValidateArguments},
    failure::Status,
};

const GOOD: &str = "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: good
spec:
  type: service
  lifecycle: production
  owner: team
";

fn arguments(paths: Vec<String>) -> ValidateArguments {
    ValidateArguments { paths, format: Format::Human, custom_kinds: false, deny_warnings: false }
}

fn write(folder: &Path, files: &[(&str, &str)]) -> Vec<String> {
    files
        .iter()
        .map(|(name, text)| {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            path.to_string_lossy().into_owned()
        })
        .collect()
}

/// Checks files and compares the verdict, how many entities are valid, and the codes of the problems.
fn check_verdict(files: &[(&str, &str)], status: Status, entities: usize, codes: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let report = check(&[], &arguments(write(folder.path(), files))).unwrap();
    let found: Vec<_> = report.problems().map(|(_, problem)| problem.code.as_str()).collect();
    assert_eq!(found, codes, "{report:#?}");
    assert_eq!((report.verdict(false), report.entity_count()), (status, entities));
}

#[test]
fn good_files_are_well() {
    check_verdict(&[("a.yaml", GOOD)], Status::Success, 1, &[]);
}

#[test]
fn a_bad_document_among_good_ones_is_a_problem() {
    let text = format!("{GOOD}---\nkind: Component\n---\n{}", GOOD.replace("good", "other"));
    check_verdict(&[("a.yaml", &text)], Status::Problems, 2, &["INVALID_ENTITY", "INVALID_ENTITY"]);
}

#[test]
fn an_entity_in_two_files_is_a_problem() {
    check_verdict(&[("a.yaml", GOOD), ("b.yaml", GOOD)], Status::Problems, 2, &["DUPLICATE"]);
}

#[test]
fn a_file_named_twice_is_checked_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(folder.path(), &[("a.yaml", GOOD)]).remove(0);
    let glob = folder.path().join("*.yaml").to_string_lossy().into_owned();
    let report = check(&[], &arguments(vec![path, glob])).unwrap();
    assert_eq!((report.files.len(), report.verdict(true)), (1, Status::Success));
}

#[test]
fn a_file_that_is_not_there_is_a_problem() {
    let report = check(&[], &arguments(vec!["/nowhere/a.yaml".to_owned()])).unwrap();
    assert_eq!(report.problems().next().unwrap().1.code.as_str(), "NOT_FOUND");
    assert_eq!(report.verdict(false), Status::Problems);
}

#[test]
fn a_folder_without_catalog_files_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let report = check(&[], &arguments(vec![folder.path().to_string_lossy().into_owned()])).unwrap();
    assert_eq!(report.verdict(false), Status::Problems);
}

#[test]
fn a_file_over_the_limit_is_refused_with_the_number() {
    let folder = tempfile::tempdir().unwrap();
    let mut paths =
        write(folder.path(), &[("a.yaml", GOOD), ("c.yaml", "callboard: { reading: { maxFileBytes: 100 } }")]);
    let config = paths.pop().unwrap();
    let report = check(&[config.into()], &arguments(paths)).unwrap();
    let (_, problem) = report.problems().next().unwrap();
    assert_eq!(problem.code.as_str(), "LIMIT");
    assert!(problem.message.contains("100 B"), "{}", problem.message);
}

#[test]
fn custom_kinds_can_be_taken() {
    let folder = tempfile::tempdir().unwrap();
    let text = "apiVersion: acme.org/v1\nkind: Robot\nmetadata:\n  name: r2\nspec: {}\n";
    let mut arguments = arguments(write(folder.path(), &[("a.yaml", text)]));
    assert_eq!(check(&[], &arguments).unwrap().verdict(false), Status::Problems);
    arguments.custom_kinds = true;
    assert_eq!(check(&[], &arguments).unwrap().verdict(false), Status::Success);
}

#[test]
fn warnings_count_only_when_they_are_denied() {
    let folder = tempfile::tempdir().unwrap();
    let text = GOOD.replace("  name: good\n", "  name: good\n  links:\n    - url: javascript:alert(1)\n");
    let report = check(&[], &arguments(write(folder.path(), &[("a.yaml", &text)]))).unwrap();
    assert_eq!(report.verdict(false), Status::Success);
    assert_eq!(report.verdict(true), Status::Problems);
}

#[test]
fn people_see_the_line_and_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write(folder.path(), &[("a.yaml", &GOOD.replace("owner: team", "owner: 7"))]);
    let text = human::render(&check(&[], &arguments(paths)).unwrap(), false);
    for part in [
        "error[INVALID_ENTITY]: spec.owner: ",
        "a.yaml:8:10",
        "owner: 7",
        "^",
        "in `component:default/good`",
        "1 error",
    ] {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}

#[test]
fn programs_get_the_same_as_json_and_sarif() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write(folder.path(), &[("a.yaml", &GOOD.replace("owner: team", "owner: 7"))]);
    let report = check(&[], &arguments(paths)).unwrap();
    let json: Value = serde_json::from_str(&json::render(&report)).unwrap();
    assert_eq!(json["problems"][0]["field"], "spec.owner");
    assert_eq!(json["problems"][0]["entityRef"], "component:default/good");
    assert_eq!((json["errors"].as_u64(), json["problems"][0]["line"].as_u64()), (Some(1), Some(8)));
    let sarif: Value = serde_json::from_str(&sarif::render(&report)).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "INVALID_ENTITY");
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 8);
    let rule = &sarif["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
    assert_eq!(rule["id"], "INVALID_ENTITY");
}

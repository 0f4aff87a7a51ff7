use std::fs;

use super::{found, load_configuration};
use crate::failure::Status;

#[test]
fn the_files_of_a_folder_are_found_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    assert!(found(folder.path()).is_empty());
    fs::write(folder.path().join("app-config.local.yaml"), "").unwrap();
    assert!(found(folder.path()).is_empty());
    fs::write(folder.path().join("app-config.yaml"), "").unwrap();
    let names: Vec<_> = found(folder.path()).into_iter().map(|file| file.file_name().unwrap().to_owned()).collect();
    assert_eq!(names, ["app-config.yaml", "app-config.local.yaml"]);
}

#[test]
fn what_comes_with_the_binary_allows_every_built_in_kind() {
    let configuration = load_configuration(&[]).unwrap();
    assert!(configuration.is_example);
    assert_eq!(configuration.settings.catalog.rules.unwrap()[0].allow.len(), 9);
}

#[test]
fn a_wrong_configuration_is_a_usage_failure() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.yaml");
    fs::write(&file, "catalog: { readonly: perhaps }").unwrap();
    let failure = load_configuration(&[file]).err().unwrap();
    assert_eq!(failure.status, Status::Usage);
    assert!(failure.to_string().contains("catalog.readonly"), "{failure}");
}

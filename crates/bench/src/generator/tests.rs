use std::{collections::BTreeSet, fs, path::Path};

use super::{Sizes, write_catalog};

fn documents(directory: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(directory)
        .expect("folder")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("entities-")))
        .collect();
    names.sort();
    let text: String = names.iter().map(|path| fs::read_to_string(path).expect("file")).collect();
    text.split("---\n").filter(|document| !document.is_empty()).map(str::to_owned).collect()
}

fn field<'a>(document: &'a str, name: &str) -> &'a str {
    document.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("")
}

#[test]
fn the_sizes_add_up_to_what_was_asked_for() {
    for entities in [100, 777, 50_000, 500_000] {
        let sizes = Sizes::of(entities);
        let sum = sizes.groups
            + sizes.users
            + sizes.domains
            + sizes.systems
            + sizes.resources
            + sizes.apis
            + sizes.templates
            + sizes.components;
        assert_eq!(sum, entities);
    }
}

#[test]
fn a_catalog_has_exactly_as_many_entities_as_asked_for_and_no_name_twice() {
    let directory = tempfile::tempdir().expect("folder");
    write_catalog(directory.path(), 1234, 42).expect("written");
    let documents = documents(directory.path());
    assert_eq!(documents.len(), 1234);
    let refs: BTreeSet<(String, String, String)> = documents
        .iter()
        .map(|document| {
            let text = |name| field(document, name).to_lowercase();
            (text("kind: "), text("  namespace: "), text("  name: "))
        })
        .collect();
    assert_eq!(refs.len(), 1234);
}

#[test]
fn every_component_names_an_owner_that_exists() {
    let directory = tempfile::tempdir().expect("folder");
    write_catalog(directory.path(), 1000, 42).expect("written");
    let documents = documents(directory.path());
    let groups: BTreeSet<&str> = documents
        .iter()
        .filter(|document| document.contains("kind: Group\n"))
        .map(|document| field(document, "  name: "))
        .collect();
    let owners: Vec<&str> = documents
        .iter()
        .filter(|document| document.contains("kind: Component\n"))
        .map(|document| field(document, "  owner: group:default/"))
        .collect();
    assert!(!owners.is_empty());
    assert!(owners.iter().all(|owner| groups.contains(owner)));
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_does_not() {
    let made: Vec<Vec<String>> = [1, 1, 2]
        .into_iter()
        .map(|seed| {
            let directory = tempfile::tempdir().expect("folder");
            write_catalog(directory.path(), 600, seed).expect("written");
            documents(directory.path())
        })
        .collect();
    assert_eq!(made[0], made[1]);
    assert_ne!(made[0], made[2]);
}

#[test]
fn too_small_a_catalog_is_refused() {
    let directory = tempfile::tempdir().expect("folder");
    let error = write_catalog(directory.path(), 99, 42).expect_err("refused");
    assert!(error.to_string().contains("at least 100"), "{error}");
}

use std::fs;

use super::{CatalogInput, CatalogOrigin};

#[test]
fn a_catalog_is_made_once_and_found_again() {
    let cache = tempfile::tempdir().expect("folder");
    let first = CatalogInput::obtain(&CatalogOrigin::BuiltIn, 500, cache.path()).expect("made");
    let made_at = fs::metadata(first.directory.join("manifest.json")).and_then(|meta| meta.modified()).expect("time");
    let second = CatalogInput::obtain(&CatalogOrigin::BuiltIn, 500, cache.path()).expect("found");
    assert_eq!(
        fs::metadata(second.directory.join("manifest.json")).and_then(|meta| meta.modified()).expect("time"),
        made_at
    );
    assert_eq!(second.manifest.n, 500);
    assert_eq!(second.entity_files().expect("files").len(), 1);
    assert_eq!(second.components(), second.manifest.kinds["Component"]);
}

#[test]
fn a_folder_of_another_size_is_refused_with_both_sizes() {
    let cache = tempfile::tempdir().expect("folder");
    let made = CatalogInput::obtain(&CatalogOrigin::BuiltIn, 500, cache.path()).expect("made");
    let error = CatalogInput::obtain(&CatalogOrigin::Folder(made.directory), 600, cache.path()).expect_err("refused");
    let message = error.to_string();
    assert!(message.contains("500") && message.contains("600"), "{message}");
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let cache = tempfile::tempdir().expect("folder");
    let missing = cache.path().join("nowhere");
    let error = CatalogInput::obtain(&CatalogOrigin::Folder(missing), 1, cache.path()).expect_err("refused");
    assert!(error.to_string().contains("nowhere"), "{error}");
}

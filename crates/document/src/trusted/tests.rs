use std::fs;

use super::*;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn files_and_both_kinds_of_manifests_are_read() {
    let apollo = r#"{"format":"apollo-persisted-query-manifest","operations":[{"id":"b","body":"{ b }"}]}"#;
    let folder =
        folder(&[("a.graphql", "{ a }"), ("apollo.json", apollo), ("relay.json", r#"{"c":"{ c }"}"#), ("x.md", "no")]);
    let documents = TrustedDocuments::read(folder.path()).unwrap();
    let mut found: Vec<_> = documents.iter().map(|(id, text)| (id.clone(), text.clone())).collect();
    found.sort();
    let hashed = format!("sha256:{}", hex(&hash("{ a }")));
    let expected = [("b", "{ b }"), ("c", "{ c }"), (hashed.as_str(), "{ a }")];
    assert_eq!(found, expected.map(|(id, text)| (id.to_owned(), text.to_owned())));
}

#[test]
fn one_id_for_two_texts_is_refused() {
    let folder = folder(&[("1.json", r#"{"a":"{ a }"}"#), ("2.json", r#"{"a":"{ b }"}"#)]);
    let error = TrustedDocuments::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("2.json") && error.contains("`a`"), "{error}");
}

#[test]
fn what_is_no_manifest_is_named() {
    let folder = folder(&[("1.json", "[1]")]);
    let error = TrustedDocuments::read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("1.json"), "{error}");
}

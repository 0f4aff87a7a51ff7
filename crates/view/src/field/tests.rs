use super::*;

fn check_path(text: &str, expected: &str) {
    assert_eq!(FieldPath::parse(text).map(|path| path.to_string()), Ok(expected.to_owned()));
}

fn check_refused(text: &str) {
    assert!(matches!(FieldPath::parse(text), Err(QueryError::InvalidPath { .. })), "{text}");
}

#[test]
fn short_forms_stand_for_their_paths() {
    check_path("type", "spec.type");
    check_path("Tag", "metadata.tags");
    check_path("tags", "metadata.tags");
    check_path("name", "metadata.name");
    check_path("kind", "kind");
}

#[test]
fn paths_ignore_case() {
    check_path("Spec.Parameters.Region", "spec.parameters.region");
}

#[test]
fn fields_beside_the_document_have_names() {
    check_path("OWNER", "owner");
    check_path("updatedat", "updatedAt");
    check_path("relations.dependson", "relations.dependsOn");
}

#[test]
fn what_is_no_path_is_refused() {
    check_refused("");
    check_refused(".spec");
    check_refused("spec.");
    check_refused("relations.likes");
    check_refused(&"a".repeat(201));
}

#[test]
fn a_refused_path_is_quoted_in_part_only() {
    let error = FieldPath::parse(&"é".repeat(5000)).expect_err("it is too long");
    assert!(error.to_string().len() < 600);
}

use std::sync::Arc;

use callboard_entity_model::Revision;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

fn record(document: &Value) -> EntityRecord {
    EntityRecord {
        entity_ref: "component:default/web".parse().expect("the reference is good"),
        document: document.to_string().into(),
        hash: [0; 32],
        revision: Revision(1),
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        source: Uuid::nil(),
        location: Arc::from("file:/catalog.yaml"),
    }
}

fn check_values(document: &Value, path: &str, expected: &[Option<&str>]) {
    let values = values_of(&record(document), &Field::path(path));
    assert_eq!(values.iter().collect::<Vec<_>>(), expected, "{path} of {document}");
}

#[test]
fn keys_with_dots_are_found_whole() {
    let document = json!({"metadata": {"annotations": {"github.com/project-slug": "acme/web"}}});
    check_values(&document, "metadata.annotations.github.com/project-slug", &[Some("acme/web")]);
    check_values(&document, "metadata.annotations.github", &[]);
}

#[test]
fn keys_are_found_in_any_case() {
    check_values(&json!({"spec": {"dependsOn": ["a:b"], "Größe": 3}}), "spec.dependson", &[Some("a:b")]);
    check_values(&json!({"spec": {"Größe": 3}}), "spec.größe", &[Some("3")]);
}

#[test]
fn a_list_has_the_values_of_its_elements_each_once() {
    check_values(
        &json!({"metadata": {"tags": ["java", "data", "java"]}}),
        "metadata.tags",
        &[Some("data"), Some("java")],
    );
}

#[test]
fn a_text_in_a_list_can_end_a_path() {
    check_values(&json!({"metadata": {"tags": ["Java"]}}), "metadata.tags.java", &[Some("true")]);
    check_values(&json!({"metadata": {"tags": "java"}}), "metadata.tags.java", &[]);
}

#[test]
fn objects_in_lists_are_looked_into() {
    let document = json!({"spec": {"steps": [{"action": "fetch"}, {"action": "publish"}]}});
    check_values(&document, "spec.steps.action", &[Some("fetch"), Some("publish")]);
}

#[test]
fn a_null_and_a_long_text_are_present_without_a_value() {
    check_values(&json!({"spec": {"a": null}}), "spec.a", &[None]);
    check_values(&json!({"spec": {"a": "é".repeat(201)}}), "spec.a", &[None]);
    check_values(&json!({"spec": {"a": "é".repeat(200)}}), "spec.a", &[Some(&"é".repeat(200))]);
}

#[test]
fn an_object_is_no_value() {
    check_values(&json!({"spec": {"a": {"b": 1}, "c": []}}), "spec.a", &[]);
    check_values(&json!({"spec": {"a": {"b": 1}, "c": []}}), "spec.c", &[]);
}

#[test]
fn numbers_and_booleans_are_texts() {
    check_values(
        &json!({"spec": {"a": [1, -2, 2.5, true]}}),
        "spec.a",
        &[Some("-2"), Some("1"), Some("2.5"), Some("true")],
    );
}

#[test]
fn a_document_that_is_no_json_still_has_the_parts_of_its_reference() {
    let mut broken = record(&json!({}));
    broken.document = "{\"kind\": \"Component\", ".into();
    let extracted = Extracted::read(&broken);
    assert_eq!(extracted.values[0].first(), Some("component"));
    assert_eq!(extracted.values[2].first(), Some("web"));
    assert!(extracted.relations.is_empty());
}

#[test]
fn the_display_name_is_the_title_or_the_name() {
    let title = |document: &Value| values_of(&record(document), &Field::DisplayName).first().map(str::to_owned);
    assert_eq!(title(&json!({"metadata": {"name": "Web", "title": "Shop"}})).as_deref(), Some("Shop"));
    assert_eq!(title(&json!({"metadata": {"name": "Web"}})).as_deref(), Some("Web"));
    assert_eq!(title(&json!({"metadata": {"title": "x".repeat(300)}})), Some("x".repeat(200)));
}

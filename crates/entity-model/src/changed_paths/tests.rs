use serde_json::json;

use super::*;

fn check_paths(before: Value, after: Value, expected: &[&str]) {
    assert_eq!(changed_paths(&before, &after), expected);
}

#[test]
fn equal_documents_have_no_changed_paths() {
    check_paths(json!({"a": {"b": [1]}}), json!({"a": {"b": [1]}}), &[]);
}

#[test]
fn the_order_of_keys_does_not_matter() {
    check_paths(json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}), &[]);
}

#[test]
fn a_changed_leaf_is_named_by_its_path() {
    check_paths(
        json!({"spec": {"owner": "a", "type": "x"}}),
        json!({"spec": {"owner": "b", "type": "x"}}),
        &["spec.owner"],
    );
}

#[test]
fn what_came_and_what_went_is_named() {
    check_paths(json!({"a": 1, "b": {"c": 2}}), json!({"b": {}, "d": 3}), &["b.c", "d", "a"]);
}

#[test]
fn lists_are_compared_as_a_whole() {
    check_paths(json!({"tags": ["a", "b"]}), json!({"tags": ["b", "a"]}), &["tags"]);
}

#[test]
fn keys_with_dots_stand_in_brackets() {
    let document = |url: &str| json!({"metadata": {"annotations": {"backstage.io/view-url": url}}});
    check_paths(document("a"), document("b"), &["metadata.annotations[\"backstage.io/view-url\"]"]);
}

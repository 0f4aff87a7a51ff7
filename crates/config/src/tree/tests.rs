use std::sync::Arc;

use serde_json::{Value, json};

use super::{Body, Node, Origin};

fn node(file: &str, value: Value) -> Node {
    let body = match value {
        Value::Array(items) => Body::List(items.into_iter().map(|item| node(file, item)).collect()),
        Value::Object(entries) => Body::Map(entries.into_iter().map(|(key, item)| (key, node(file, item))).collect()),
        plain => Body::Plain(plain),
    };
    Node { origin: Origin { file: Arc::from(file), has_same_path: true }, body }
}

fn check_overlaid(below: Value, above: Value, expected: Value) {
    assert_eq!(node("a", below).overlaid(node("b", above)).to_value(), Some(expected));
}

#[test]
fn objects_merge_key_by_key() {
    check_overlaid(
        json!({"a": {"x": 1, "y": 2}, "b": 1}),
        json!({"a": {"y": 3, "z": 4}}),
        json!({"a": {"x": 1, "y": 3, "z": 4}, "b": 1}),
    );
}

#[test]
fn lists_and_plain_values_are_replaced() {
    check_overlaid(json!({"a": [1, 2], "b": "x"}), json!({"a": [3], "b": 7}), json!({"a": [3], "b": 7}));
}

#[test]
fn a_null_takes_a_value_away() {
    check_overlaid(json!({"a": [1], "b": 1}), json!({"a": null}), json!({"a": null, "b": 1}));
}

#[test]
fn an_empty_section_takes_nothing_away() {
    check_overlaid(json!({"a": {"x": 1}}), json!({"a": null}), json!({"a": {"x": 1}}));
}

#[test]
fn an_unset_variable_leaves_the_value_below() {
    let below = node("a", json!({"a": 1}));
    let origin = Origin { file: Arc::from("b"), has_same_path: true };
    let unset = Node { origin: origin.clone(), body: Body::Unset { variable: "X".to_owned() } };
    let above = Node { origin, body: Body::Map(vec![("a".to_owned(), unset)]) };
    assert_eq!(below.overlaid(above).to_value(), Some(json!({"a": 1})));
}

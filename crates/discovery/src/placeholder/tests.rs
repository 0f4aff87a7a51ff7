use std::sync::Arc;

use serde_json::{Value, json};

use super::{PlaceholderFault, blank_out, fill, targets};

fn read(target: &str) -> Result<Arc<[u8]>, PlaceholderFault> {
    match target {
        "a.txt" => Ok(b"hello".as_slice().into()),
        "a.json" => Ok(br#"{"a": [1]}"#.as_slice().into()),
        "a.yaml" => Ok(b"a: 1".as_slice().into()),
        "two.yaml" => Ok(b"a: 1\n---\nb: 2".as_slice().into()),
        "nested.yaml" => Ok(b"$text: a.txt".as_slice().into()),
        "binary" => Ok([0xff, 0xfe].as_slice().into()),
        _ => Err(PlaceholderFault::passing("not there")),
    }
}

#[track_caller]
fn check_fills(mut value: Value, expected: &Value) {
    assert!(fill(&mut value, &mut read).is_empty());
    assert_eq!(value, *expected);
}

#[track_caller]
fn check_refused(mut value: Value, path: &str, words: &str) {
    let before = value.clone();
    let unfilled = fill(&mut value, &mut read);
    assert_eq!(value, before, "a placeholder that fails stays as it is");
    assert_eq!(unfilled.len(), 1);
    assert_eq!(unfilled[0].path.join("."), path);
    assert!(unfilled[0].fault.message.contains(words), "{}", unfilled[0].fault.message);
}

#[test]
fn each_form_is_filled_at_any_depth() {
    check_fills(
        json!({"spec": {"definition": {"$text": "a.txt"}, "list": [{"$json": "a.json"}, {"x": {"$yaml": "a.yaml"}}]}}),
        &json!({"spec": {"definition": "hello", "list": [{"a": [1]}, {"x": {"a": 1}}]}}),
    );
}

#[test]
fn other_keys_with_a_dollar_are_left_alone() {
    for value in [json!({"a": {"$ref": "#/x"}}), json!({"a": {"$openapi": "a.txt"}}), json!({"$text": "a.txt", "b": 1})]
    {
        check_fills(value.clone(), &value);
    }
}

#[test]
fn what_is_taken_in_is_not_searched_again() {
    check_fills(json!({"a": {"$yaml": "nested.yaml"}}), &json!({"a": {"$text": "a.txt"}}));
}

#[test]
fn failures_say_where_and_why() {
    check_refused(json!({"a": [{"$text": 1}]}), "a.0", "`$text` needs the address of a file as a text");
    check_refused(json!({"a": {"$text": "binary"}}), "a", "`binary` is not UTF-8");
    check_refused(json!({"a": {"$json": "a.yaml"}}), "a", "`a.yaml` is not JSON");
    check_refused(json!({"a": {"$yaml": "two.yaml"}}), "a", "`two.yaml` is not one YAML document");
    check_refused(json!({"a": {"$text": "gone"}}), "a", "not there");
}

#[test]
fn targets_are_listed_once() {
    let value = json!([{"$text": "a"}, {"$json": "a"}, {"$yaml": "b"}, {"$text": 3}]);
    assert_eq!(targets(&value), (vec!["a".to_owned(), "b".to_owned()], 4));
}

#[test]
fn blanking_out_keeps_the_shape_for_a_check() {
    let mut value = json!({"a": {"$text": "a.txt"}, "b": [{"$yaml": "x"}]});
    assert_eq!(blank_out(&mut value), [["b".to_owned(), "0".to_owned()]]);
    assert_eq!(value, json!({"a": "a.txt", "b": [{"$yaml": "x"}]}));
}

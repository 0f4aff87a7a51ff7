use super::*;

fn check_pick(object: &str, key: &str, expected: Option<&str>) {
    assert_eq!(pick(object, key).map(RawValue::get), expected);
}

#[test]
fn finds_a_value_of_any_type() {
    check_pick(r#"{"a": 1, "b": {"a": [2]}, "c": "x"}"#, "b", Some(r#"{"a": [2]}"#));
    check_pick(r#"{"a": 1, "c": "x"}"#, "c", Some("\"x\""));
    check_pick(r#"{"a": null}"#, "a", Some("null"));
}

#[test]
fn only_looks_at_the_first_level() {
    check_pick(r#"{"b": {"a": 2}}"#, "a", None);
}

#[test]
fn reads_escaped_keys() {
    check_pick(r#"{"\u0061": 1}"#, "a", Some("1"));
}

#[test]
fn what_is_no_object_has_nothing() {
    for text in ["[]", "null", "\"a\"", "", "{\"a\":"] {
        check_pick(text, "a", None);
    }
}

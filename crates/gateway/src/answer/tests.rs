use async_graphql::value;

use super::*;

fn check_null(mut data: Value, path: &[PathSegment], expected: Value) {
    set_null_at(&mut data, path);
    assert_eq!(data, expected);
}

fn field(name: &str) -> PathSegment {
    PathSegment::Field(name.to_owned())
}

#[test]
fn a_field_that_failed_is_null_and_its_siblings_stay() {
    check_null(value!({"a": 1}), &[field("b")], value!({"a": 1, "b": null}));
    let path = [field("a"), PathSegment::Index(1), field("c")];
    check_null(value!({"a": [{"b": 1}, {"b": 2}]}), &path, value!({"a": [{"b": 1}, {"b": 2, "c": null}]}));
}

#[test]
fn null_takes_the_place_of_what_must_not_lack_a_field() {
    check_null(value!({"a": {"b": 1}}), &[field("a")], value!({"a": null}));
    check_null(value!({"a": [1, 2]}), &[field("a"), PathSegment::Index(1)], value!({"a": [1, null]}));
    check_null(value!({"a": 1}), &[], Value::Null);
}

#[test]
fn what_is_null_already_stays_so() {
    check_null(value!({"a": 1}), &[field("a"), field("b"), field("c")], value!({"a": 1}));
    check_null(Value::Null, &[field("a")], Value::Null);
}

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
fn what_is_there_is_not_overwritten() {
    check_null(value!({"a": {"b": 1}}), &[field("a")], value!({"a": {"b": 1}}));
    check_null(value!({"a": 1}), &[field("a"), field("b"), field("c")], value!({"a": 1}));
    check_null(Value::Null, &[field("a")], Value::Null);
}

fn check_error(mut error: ServerError, code: &str, message: &str) {
    finish_error(&mut error, "r-1");
    let extensions = error.extensions.unwrap();
    assert_eq!(extensions.get("code"), Some(&Value::from(code)));
    assert_eq!(extensions.get("requestId"), Some(&Value::from("r-1")));
    assert_eq!(error.message, message);
}

fn of_resolver(error: GatewayError) -> ServerError {
    async_graphql::Error::from(error).into_server_error(Default::default())
}

#[test]
fn an_error_about_the_document_is_a_validation_failure() {
    check_error(ServerError::new("no such field", None), "GRAPHQL_VALIDATION_FAILED", "no such field");
}

#[test]
fn an_error_about_a_value_is_bad_input() {
    let error = ServerError { path: vec![field("entity")], ..ServerError::new("not a reference", None) };
    check_error(error, "BAD_USER_INPUT", "not a reference");
}

#[test]
fn an_error_of_a_resolver_has_its_own_code() {
    let error = GatewayError::PageSizeExceeded { argument: "first", requested: 501, max: 500 };
    check_error(of_resolver(error), "PAGE_SIZE_EXCEEDED", "argument `first` is 501, more than the 500 allowed");
}

#[test]
fn a_fault_of_ours_is_told_neutrally() {
    let error =
        GatewayError::MissingField { entity_ref: "component:default/secret".to_owned(), field: "spec.type".to_owned() };
    check_error(of_resolver(error), "INTERNAL", "something went wrong on our side");
}

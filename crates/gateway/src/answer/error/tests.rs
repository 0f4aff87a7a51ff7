use async_graphql::PathSegment;

use super::*;

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
fn an_error_about_a_value_is_bad_input() {
    let path = vec![PathSegment::Field("entity".to_owned())];
    let error = ServerError { path, ..ServerError::new("not a reference", None) };
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

use axum::http::HeaderValue;

use super::*;

fn check(accept: &str, expected: Option<AnswerType>) {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
    assert_eq!(choose(&headers), expected, "{accept}");
}

#[test]
fn the_type_that_a_client_likes_best_is_chosen() {
    assert_eq!(choose(&HeaderMap::new()), Some(AnswerType::Json));
    check("*/*", Some(AnswerType::Json));
    check("application/json", Some(AnswerType::Json));
    check("application/graphql-response+json; charset=utf-8", Some(AnswerType::GraphQl));
    check("application/graphql-response+json, application/json;q=0.9", Some(AnswerType::GraphQl));
    check("application/json;q=0.5, application/graphql-response+json;q=0.6", Some(AnswerType::GraphQl));
    check("APPLICATION/JSON; q=1, text/event-stream; q=0.1", Some(AnswerType::Json));
    check("text/event-stream", Some(AnswerType::EventStream));
    check("text/html", None);
    check("application/json;q=0", None);
}

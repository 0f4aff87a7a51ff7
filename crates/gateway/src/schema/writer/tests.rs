//! What is written as text is what is answered field by field: the same bytes, and the same errors.

mod catalog;
mod questions;

use std::sync::Arc;

use async_graphql::{Request, Value as GraphqlValue};
use callboard_catalog::CatalogSnapshot;
use futures::executor::block_on;
use proptest::prelude::*;

use self::{catalog::odd_snapshot, questions::questions};
use super::FieldByField;
use crate::{
    GatewaySettings,
    schema::{CallboardSchema, builder, context::Scope},
};

/// What was answered: data, then errors with their paths.
#[derive(Debug, PartialEq)]
struct Answer {
    data: String,
    errors: String,
    /// Whether all of `data` below its first level is text.
    is_written: bool,
}

fn schema() -> CallboardSchema {
    builder(None).data(Arc::new(GatewaySettings::default())).finish()
}

fn ask(schema: &CallboardSchema, snapshot: &Arc<CatalogSnapshot>, question: &str, field_by_field: bool) -> Answer {
    let mut request = Request::new(question);
    request = request.data(Arc::new(Scope::new(Arc::clone(snapshot))));
    if field_by_field {
        request = request.data(FieldByField);
    }
    let response = block_on(schema.execute(request));
    let is_raw = |value: &GraphqlValue| match value {
        GraphqlValue::Object(members) => members.keys().any(|key| key == async_graphql_value::RAW_VALUE_TOKEN),
        _ => false,
    };
    let is_written = matches!(&response.data, GraphqlValue::Object(members) if members.values().all(is_raw));
    Answer {
        data: serde_json::to_string(&response.data).unwrap(),
        errors: serde_json::to_string(&response.errors).unwrap(),
        is_written,
    }
}

/// Asks in both ways and returns what is answered in the quick one.
fn check(question: &str) -> Answer {
    let (schema, snapshot) = (schema(), odd_snapshot());
    let slow = ask(&schema, &snapshot, question, true);
    let quick = ask(&schema, &snapshot, question, false);
    assert_eq!((&quick.data, &quick.errors), (&slow.data, &slow.errors), "{question}");
    serde_json::from_str::<serde_json::Value>(&quick.data).unwrap_or_else(|error| panic!("{error}: {}", quick.data));
    quick
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_what_is_answered_field_by_field(questions in prop::collection::vec(questions(), 4)) {
        let (schema, snapshot) = (schema(), odd_snapshot());
        for question in questions {
            let slow = ask(&schema, &snapshot, &question, true);
            let quick = ask(&schema, &snapshot, &question, false);
            prop_assert_eq!((&quick.data, &quick.errors), (&slow.data, &slow.errors), "{}", question);
            // A question that is refused shows nothing.
            prop_assert!(quick.data != "null", "{}: {}", question, quick.errors);
        }
    }
}

#[track_caller]
fn check_written(question: &str) -> Answer {
    let answer = check(question);
    assert!(answer.is_written, "{answer:?}");
    assert_eq!(answer.errors, "[]");
    answer
}

#[test]
fn the_usual_questions_are_written() {
    for question in [
        r#"{ entity(ref: "component:default/plain") { id ref kind namespace name title description tags type: __typename } }"#,
        r#"{ entity(ref: "component:default/plain") { ... on Component { type lifecycle } createdAt ownerRef etag } }"#,
        "{ entities(first: 100, filter: { kind: { in: [\"API\"] } }) { nodes { id ... on API { type lifecycle definition } } } }",
        "{ entities(first: 3) { totalCount edges { cursor node { ref __typename } } pageInfo { hasNextPage endCursor } } }",
        "{ entities(first: 9) { nodes { ref ... on Component { dependsOn(first: 5) { nodes { ref kind name } } } } } }",
        "{ entities { nodes { owner { ... on Group { ref displayName } ... on User { ref } } labels { key value } } } }",
        "{ entities { nodes { relations(first: 4) { totalCount nodes { type direction targetRef target { ref kind } } } } } }",
        "{ entities { nodes { relations(last: 2) { edges { cursor node { __typename type } } pageInfo { startCursor } } } } }",
        "{ entities { facets(fields: [\"kind\"]) { values { value count } } nodes { status { level } } } }",
    ] {
        check_written(question);
    }
}

#[test]
fn what_is_asked_for_twice_is_answered_once() {
    let answer =
        check_written("{ entities(first: 1) { nodes { ref } nodes { name ref } ... { nodes { ref kind } } } }");
    assert_eq!(answer.data.matches("\"ref\"").count(), 1, "{}", answer.data);
    let answer = check("{ entities(first: 1) { nodes { ref } } entities(first: 1) { nodes { name } } }");
    assert!(!answer.is_written, "{answer:?}");
    assert!(answer.data.contains("\"ref\"") && answer.data.contains("\"name\""), "{}", answer.data);
    check(
        "{ ...A ...B } fragment A on Query { entities(first: 2) { edges { node { ref } } } } \
           fragment B on Query { entities(first: 2) { edges { node { owner { __typename } } } } }",
    );
    check("{ entities { nodes { labels { key } labels { value } links { url } } } }");
}

#[test]
fn what_fails_says_the_same() {
    let answer =
        check("{ entities { nodes { ref ... on Component { type lifecycle dependsOn { nodes { ref } } } } } }");
    assert!(!answer.is_written);
    assert!(answer.errors.contains("lacks `spec.type`"), "{}", answer.errors);
    assert!(answer.errors.contains(r#"["entities","nodes","#), "{}", answer.errors);
    let answer = check("{ entities { nodes { ref ... on Component { dependsOn(first: 501) { nodes { ref } } } } } }");
    assert!(answer.errors.contains("more than the 500 allowed"), "{}", answer.errors);
    check("{ entities(first: 1, after: \"?\") { nodes { ref } } }");
}

#[test]
fn something_of_which_nothing_is_asked_is_an_empty_object() {
    let question =
        r#"{ entities(filter: { kind: { in: ["User"] } }, first: 1) { nodes { ... on Component { name } } } }"#;
    assert_eq!(check_written(question).data, r#"{"entities":{"nodes":[{}]}}"#);
}

#[test]
fn odd_documents_are_shown_as_they_are() {
    let answer =
        check(r#"{ entity(ref: "component:default/odd") { name title description tags annotation(key: "a\"b") } }"#);
    let expected = serde_json::json!({ "entity": {
        "name": "Odd", "title": catalog::ODD_TEXT, "description": "\\\"}]{[,:", "tags": ["a", "\u{7f}ü"], "annotation": "x\ny",
    } });
    assert_eq!(serde_json::from_str::<serde_json::Value>(&answer.data).unwrap(), expected);
    let answer = check(r#"{ entity(ref: "component:default/1") { name title namespace displayName } }"#);
    assert_eq!(answer.data, r#"{"entity":{"name":"1","title":null,"namespace":"default","displayName":"1"}}"#);
}

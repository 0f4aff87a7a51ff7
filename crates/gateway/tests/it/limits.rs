//! What answers cost, asked over HTTP: generated questions against a real catalog.

#[path = "../../../document/tests/support/question.rs"]
mod question;

use std::cell::Cell;

use apollo_compiler::{Schema, validation::Valid};
use callboard_gateway::schema_sdl;
use proptest::prelude::*;
use question::{Question, Wanted};
use serde_json::{Value, json};

use crate::support::{Http, TestGateway, shop};

/// Entities of the shop, and one that is not there.
const TEXTS: [&str; 8] = [
    "component:default/web",
    "component:default/orders",
    "api:default/orders-api",
    "system:default/shop",
    "domain:default/sales",
    "group:default/team-a",
    "user:default/ann",
    "component:default/missing",
];

fn schema() -> Valid<Schema> {
    let sdl = schema_sdl();
    let text = if sdl.contains("directive @oneOf") { sdl } else { format!("directive @oneOf on INPUT_OBJECT\n{sdl}") };
    Schema::parse_and_validate(text, "schema.graphql").unwrap()
}

async fn ask(http: &Http, question: &Question) -> Value {
    let body = json!({ "query": question.text, "variables": question.variables, "extensions": { "cost": true } });
    let request = http.client.post(http.url("/graphql")).header("content-type", "application/json");
    let answer = request.header("accept", "application/graphql-response+json").body(body.to_string()).send().await;
    serde_json::from_str(&answer.unwrap().text().await.unwrap()).unwrap()
}

fn objects(value: &Value) -> u64 {
    match value {
        Value::Array(items) => items.iter().map(objects).sum(),
        Value::Object(fields) => 1 + fields.values().map(objects).sum::<u64>(),
        _ => 0,
    }
}

/// Asks generated questions and hands on each answer that has data: the nodes announced, those counted, the data.
fn check_questions(wanted: Wanted, check: impl Fn(u64, u64, &Value) -> Result<(), TestCaseError>) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _entered = runtime.enter();
    let (schema, answered, most) = (schema(), Cell::new(0), Cell::new(0));
    let (_gateway, http) = runtime.block_on(async {
        let gateway = TestGateway::of_shop().await;
        gateway.configure("file:/more.yaml", shop()).await;
        let http = gateway.listen().await;
        (gateway, http)
    });
    let config = ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(choices in prop::collection::vec(any::<u16>(), 0..400))| {
        let question = Question::generate(&schema, &choices, &TEXTS, wanted);
        let answer = runtime.block_on(ask(&http, &question));
        let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
        prop_assert!(code != "GRAPHQL_VALIDATION_FAILED" && code != "INTERNAL", "{}\n{answer}", question.text);
        if answer["data"].is_object() {
            let number = |key: &str| answer["extensions"]["cost"][key].as_u64().expect("the answer tells its cost");
            check(number("requested"), number("nodeCount"), &answer["data"])?;
            answered.set(answered.get() + 1);
            most.set(most.get().max(number("nodeCount")));
        }
    });
    assert!(answered.get() > 200 && most.get() > 20, "{} answers, the largest of {}", answered.get(), most.get());
    drop(http);
}

#[test]
fn no_answer_has_more_nodes_than_were_announced() {
    check_questions(Wanted::Anything, |requested, counted, _| {
        prop_assert!(counted <= requested, "{counted} and {requested}");
        Ok(())
    });
}

#[test]
fn the_nodes_that_are_counted_are_the_objects_of_the_answer() {
    check_questions(Wanted::Exact, |requested, counted, data| {
        prop_assert_eq!(counted, objects(data), "{}", data);
        prop_assert!(counted <= requested, "{counted} and {requested}");
        Ok(())
    });
}

#[test]
fn every_list_has_a_size() {
    let unknown = callboard_document::CostModel::new(&schema()).unsized_fields();
    assert!(unknown.is_empty(), "say in crates/document/src/cost/sizes.rs how long these lists can be: {unknown:#?}");
}

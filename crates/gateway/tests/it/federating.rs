//! The gateway as a subgraph of a federation: what a router asks it.

use callboard_gateway::GatewaySettings;
use serde_json::{Value, json};

use crate::support::{Answer, TestGateway, shop};

const NAMED: &str = "query($named: [_Any!]!) { _entities(representations: $named) {
    __typename ... on Entity { ref displayName } ... on Component { lifecycle } } }";

async fn federated() -> TestGateway {
    let gateway = TestGateway::with(GatewaySettings { federation: true, ..GatewaySettings::default() }).await;
    gateway.configure("file:/shop.yaml", shop()).await;
    gateway
}

async fn named(gateway: &TestGateway, representations: Value) -> Answer {
    gateway.post(&json!({ "query": NAMED, "variables": { "named": representations } })).await
}

#[tokio::test]
async fn entities_are_found_by_their_key_under_their_own_type_or_the_interface() {
    let gateway = federated().await;
    let answer = named(
        &gateway,
        json!([
            { "__typename": "Component", "ref": "component:default/web" },
            { "__typename": "Entity", "ref": "group:default/team-b", "unknown": true },
            { "__typename": "CustomEntity", "ref": "machine:press" },
            { "__typename": "User", "ref": "ann" },
        ]),
    );
    assert_eq!(
        answer.await.json()["data"],
        json!({ "_entities": [
            { "__typename": "Component", "ref": "component:default/web", "displayName": "Web shop",
              "lifecycle": "production" },
            { "__typename": "Group", "ref": "group:default/team-b", "displayName": "Team B" },
            { "__typename": "CustomEntity", "ref": "machine:default/press", "displayName": "press" },
            { "__typename": "User", "ref": "user:default/ann", "displayName": "Ann" },
        ] })
    );
}

#[tokio::test]
async fn what_is_not_there_or_of_another_type_is_null_beside_what_is_there() {
    let gateway = federated().await;
    let answer = named(
        &gateway,
        json!([
            { "__typename": "Component", "ref": "component:default/nobody" },
            { "__typename": "Group", "ref": "component:default/web" },
            { "__typename": "User", "ref": "user:default/bob" },
        ]),
    );
    let body = answer.await.json();
    assert!(body.get("errors").is_none(), "{body}");
    assert_eq!(body["data"]["_entities"][0], Value::Null);
    assert_eq!(body["data"]["_entities"][1], Value::Null);
    assert_eq!(body["data"]["_entities"][2]["ref"], "user:default/bob");
}

#[tokio::test]
async fn one_representation_that_cannot_be_read_is_one_error() {
    let gateway = federated().await;
    let answer = named(
        &gateway,
        json!([{ "__typename": "Query", "ref": "a" }, 7, { "__typename": "User", "ref": "user:default/bob" }]),
    );
    let body = answer.await.json();
    assert_eq!(body["data"]["_entities"][2]["ref"], "user:default/bob");
    let errors: Vec<_> = body["errors"].as_array().unwrap().iter().map(|error| error["path"].clone()).collect();
    assert_eq!(errors, [json!(["_entities", 0]), json!(["_entities", 1])]);
    assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

#[tokio::test]
async fn representations_are_bounded_and_count_as_cost() {
    let gateway = federated().await;
    let many = |count| json!(vec![json!({ "__typename": "Entity", "ref": "web" }); count]);
    assert_eq!(named(&gateway, many(501)).await.code(), "PAGE_SIZE_EXCEEDED");
    let dear = "query($named: [_Any!]!) { _entities(representations: $named) { ... on Entity {
        relations(first: 500) { nodes { target { ref } } } } } }";
    let body = json!({ "query": dear, "variables": { "named": many(500) } });
    assert_eq!(gateway.post(&body).await.code(), "COST_LIMIT_EXCEEDED");
}

#[tokio::test]
async fn a_router_is_told_the_schema_with_its_keys() {
    let gateway = federated().await;
    let data = gateway.data("{ _service { sdl } }").await;
    let sdl = data["_service"]["sdl"].as_str().unwrap();
    assert!(sdl.contains("type Component implements Entity & Node @key(fields: \"ref\")"), "{sdl}");
}

#[tokio::test]
async fn without_the_setting_there_is_nothing_of_it() {
    let gateway = TestGateway::of_shop().await;
    for query in ["{ _service { sdl } }", r#"{ _entities(representations: []) { __typename } }"#] {
        assert_eq!(gateway.ask(query).await.code(), "GRAPHQL_VALIDATION_FAILED", "{query}");
    }
}

//! Bringing deleted entities back, and what mutations say about when their effect can be seen.

use serde_json::{Value, json};

use crate::support::{TestGateway, shop};

const FILE: &str = "file:/shop.yaml";

async fn shop_without_orders() -> TestGateway {
    let gateway = TestGateway::of_shop().await;
    write(&gateway, shop().into_iter().filter(|it| it["metadata"]["name"] != "orders").collect()).await;
    gateway
}

async fn write(gateway: &TestGateway, documents: Vec<Value>) {
    gateway.place(FILE, documents);
    gateway.read_again(FILE).await;
}

async fn restore(gateway: &TestGateway, input: &str) -> Value {
    let query = format!(
        "mutation {{ restoreEntity(input: {{ {input} }}) {{ entity {{ ref origin {{ target isReadOnly }} }} \
         location {{ id type target }} revision userErrors {{ code field message }} }} }}"
    );
    gateway.data(&query).await["restoreEntity"].take()
}

#[tokio::test]
async fn a_deleted_entity_is_brought_back_and_can_be_let_go_again() {
    let gateway = shop_without_orders().await;
    let payload = restore(&gateway, "ref: \"orders\"").await;
    let origin = json!({ "target": "restored:component:default/orders", "isReadOnly": false });
    assert_eq!(payload["entity"], json!({ "ref": "component:default/orders", "origin": origin }));
    assert_eq!(payload["userErrors"], json!([]));
    assert_eq!(
        (&payload["location"]["type"], &payload["location"]["target"]),
        (&json!("restored"), &json!("component:default/orders"))
    );
    let seen = gateway.data("{ revision entity(ref: \"orders\") { revision } }").await;
    assert_eq!(seen, json!({ "revision": payload["revision"], "entity": { "revision": payload["revision"] } }));
    gateway.read_again(FILE).await;
    assert_eq!(gateway.data("{ entity(ref: \"orders\") { name } }").await["entity"]["name"], "orders");
    let query = format!(
        "mutation {{ unregisterLocation(input: {{ id: {} }}) {{ removedRefs userErrors {{ code }} }} }}",
        payload["location"]["id"]
    );
    let expected = json!({ "removedRefs": ["component:default/orders"], "userErrors": [] });
    gateway.check(&query, json!({ "unregisterLocation": expected })).await;
}

#[tokio::test]
async fn a_location_that_declares_it_again_takes_it_over() {
    let gateway = shop_without_orders().await;
    let id = restore(&gateway, "ref: \"orders\"").await["location"]["id"].take();
    write(&gateway, shop()).await;
    let query =
        format!("{{ node(id: {id}) {{ id }} entity(ref: \"orders\") {{ origin {{ target }} claims {{ target }} }} }}");
    gateway.check(&query, json!({ "node": null, "entity": { "origin": { "target": FILE }, "claims": [] } })).await;
}

#[tokio::test]
async fn what_can_not_be_brought_back_is_an_outcome() {
    let gateway = shop_without_orders().await;
    let newest = gateway.catalog.snapshot().revision().0;
    for (input, code, field) in [
        ("ref: \"web\"", "CONFLICT", "ref"),
        ("ref: \"never\"", "NOT_FOUND", "ref"),
        ("ref: \"orders\", revision: 0", "NOT_FOUND", "revision"),
        ("ref: \"orders\", revision: 1000", "NOT_FOUND", "revision"),
    ] {
        let payload = restore(&gateway, input).await;
        let errors = &payload["userErrors"][0];
        assert_eq!((&errors["code"], &errors["field"]), (&json!(code), &json!(["input", field])), "{input}");
        assert_eq!((&payload["entity"], &payload["location"]), (&Value::Null, &Value::Null));
        assert_eq!(payload["revision"], newest);
    }
}

#[tokio::test]
async fn an_earlier_version_can_be_brought_back() {
    let gateway = TestGateway::of_shop().await;
    let mut documents = shop();
    documents[1]["spec"]["lifecycle"] = json!("deprecated");
    let original = gateway.catalog.snapshot().revision();
    write(&gateway, documents).await;
    write(&gateway, shop().into_iter().filter(|it| it["metadata"]["name"] != "orders").collect()).await;
    restore(&gateway, &format!("ref: \"orders\", revision: {original}")).await;
    let query = "{ entity(ref: \"orders\") { ... on Component { lifecycle } history(first: 1) { nodes { cause changeType } } } }";
    let history = json!({ "nodes": [{ "cause": "restore", "changeType": "CREATED" }] });
    gateway.check(query, json!({ "entity": { "lifecycle": "production", "history": history } })).await;
}

#[tokio::test]
async fn mutations_that_did_nothing_say_at_which_revision() {
    let gateway = TestGateway::of_shop().await;
    let newest = gateway.catalog.snapshot().revision().0;
    for mutation in [
        "refreshEntity(input: { ref: \"never\" })",
        "unregisterLocation(input: { id: \"never\" })",
        "confirmRemoval(input: { id: \"never\" })",
        "registerLocation(input: { target: \"https://example.com/none.yaml\" })",
    ] {
        let data = gateway.data(&format!("mutation {{ it: {mutation} {{ revision userErrors {{ code }} }} }}")).await;
        assert_eq!(
            (&data["it"]["revision"], data["it"]["userErrors"].as_array().unwrap().len()),
            (&json!(newest), 1),
            "{mutation}"
        );
    }
}

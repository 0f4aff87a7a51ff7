//! Mutations.

use serde_json::{Value, json};

use crate::support::{TestGateway, component};

const ADDRESS: &str = "url:https://example.com/catalog.yaml";

async fn register(gateway: &TestGateway, extra: &str) -> Value {
    let query = format!(
        r#"mutation {{ registerLocation(input: {{ target: "https://example.com/catalog.yaml" {extra} }}) {{
             location {{ id target }} addedRefs changedRefs removedRefs entities {{ ref owner {{ ... on Group {{ name }} }} }}
             problems {{ code }} revision userErrors {{ code message field ... on LocationConflictError {{ existing {{ target }} }} }} }} }}"#
    );
    gateway.data(&query).await["registerLocation"].take()
}

#[tokio::test]
async fn a_dry_run_says_what_would_be_and_changes_nothing() {
    let gateway = TestGateway::of_shop().await;
    gateway.place(ADDRESS, vec![component("cart", "service", "team-a")]);
    let before = gateway.catalog.snapshot().revision();
    let payload = register(&gateway, "dryRun: true").await;
    assert_eq!(payload["addedRefs"], json!(["component:default/cart"]));
    assert_eq!(payload["entities"], json!([{ "ref": "component:default/cart", "owner": { "name": "team-a" } }]));
    assert_eq!((&payload["location"], &payload["userErrors"]), (&json!(null), &json!([])));
    assert_eq!(gateway.catalog.snapshot().revision(), before);
    gateway.check(r#"{ entity(ref: "cart") { name } }"#, json!({ "entity": null })).await;
}

#[tokio::test]
async fn what_was_registered_is_seen_by_the_next_question() {
    let gateway = TestGateway::of_shop().await;
    gateway.place(ADDRESS, vec![component("cart", "service", "team-a")]);
    let payload = register(&gateway, "").await;
    assert_eq!(payload["location"]["target"], "https://example.com/catalog.yaml");
    assert_eq!(payload["userErrors"], json!([]));
    let data = gateway.data(r#"{ revision entity(ref: "cart") { origin { isReadOnly } } }"#).await;
    assert_eq!(data["entity"], json!({ "origin": { "isReadOnly": false } }));
    assert!(data["revision"].as_u64() >= payload["revision"].as_u64());
}

#[tokio::test]
async fn registering_twice_is_an_outcome_that_shows_the_first() {
    let gateway = TestGateway::empty().await;
    gateway.place(ADDRESS, vec![component("cart", "service", "team-a")]);
    register(&gateway, "").await;
    let errors = register(&gateway, "").await["userErrors"].take();
    assert_eq!(errors[0]["code"], "CONFLICT");
    assert_eq!(errors[0]["field"], json!(["input", "target"]));
    assert_eq!(errors[0]["existing"]["target"], "https://example.com/catalog.yaml");
}

#[tokio::test]
async fn files_can_not_be_registered_from_outside() {
    let gateway = TestGateway::empty().await;
    let payload = register(&gateway, "type: \"file\"").await;
    assert_eq!(payload["userErrors"][0]["code"], "FORBIDDEN");
    gateway.check("{ locations { totalCount } }", json!({ "locations": { "totalCount": 0 } })).await;
}

#[tokio::test]
async fn unregistering_takes_the_entities_away_and_can_be_tried_first() {
    let gateway = TestGateway::empty().await;
    gateway.place(ADDRESS, vec![component("cart", "service", "team-a")]);
    let id = register(&gateway, "").await["location"]["id"].take();
    let query = "mutation($id: ID!, $dryRun: Boolean!) { unregisterLocation(input: { id: $id, dryRun: $dryRun }) { unregisteredId removedRefs userErrors { code } } }";
    for (is_dry_run, unregistered, is_there) in [(true, json!(null), true), (false, id.clone(), false)] {
        let body = json!({ "query": query, "variables": { "id": id, "dryRun": is_dry_run } });
        let payload = gateway.post(&body).await.json()["data"]["unregisterLocation"].take();
        assert_eq!(
            payload,
            json!({ "unregisteredId": unregistered, "removedRefs": ["component:default/cart"], "userErrors": [] })
        );
        let data = gateway.data(r#"{ entity(ref: "cart") { name } }"#).await;
        assert_eq!(data["entity"].is_object(), is_there);
    }
}

#[tokio::test]
async fn configured_locations_can_not_be_unregistered() {
    let gateway = TestGateway::of_shop().await;
    let data = gateway.data("{ locations { nodes { id } } }").await;
    let body = json!({
        "query": "mutation($id: ID!) { unregisterLocation(input: { id: $id }) { userErrors { code message } } }",
        "variables": { "id": data["locations"]["nodes"][0]["id"] },
    });
    let payload = gateway.post(&body).await.json()["data"]["unregisterLocation"].take();
    assert_eq!(payload["userErrors"][0]["code"], "FORBIDDEN");
    assert!(payload["userErrors"][0]["message"].as_str().unwrap().contains("configuration"), "{payload}");
}

#[tokio::test]
async fn refreshing_an_entity_reads_what_changed() {
    let gateway = TestGateway::of_shop().await;
    gateway.place("file:/shop.yaml", {
        let mut documents = crate::support::shop();
        documents[0]["spec"]["lifecycle"] = json!("deprecated");
        documents
    });
    gateway
        .check(
            r#"mutation { refreshEntity(input: { ref: "web" }) { entity { ... on Component { lifecycle } } changedRefs removedRefs userErrors { code } } }"#,
            json!({ "refreshEntity": { "entity": { "lifecycle": "deprecated" }, "changedRefs": ["component:default/web"], "removedRefs": [], "userErrors": [] } }),
        )
        .await;
    let data = gateway
        .data(r#"mutation { refreshEntity(input: { ref: "nobody" }) { entity { name } userErrors { code field } } }"#)
        .await;
    assert_eq!(data["refreshEntity"]["userErrors"], json!([{ "code": "NOT_FOUND", "field": ["input", "ref"] }]));
}

#[tokio::test]
async fn a_large_removal_waits_until_it_is_confirmed() {
    let gateway = TestGateway::of_shop().await;
    gateway.place("file:/shop.yaml", crate::support::shop().into_iter().take(2).collect());
    gateway.read_again("file:/shop.yaml").await;
    let data = gateway
        .data("{ entities { totalCount } locations { nodes { id heldRemovals status { problems { code } } } } }")
        .await;
    assert_eq!(data["entities"]["totalCount"], crate::support::shop().len());
    let location = &data["locations"]["nodes"][0];
    assert_eq!(location["heldRemovals"].as_array().unwrap().len(), crate::support::shop().len() - 2);
    assert_eq!(location["status"]["problems"][0]["code"], "REMOVAL_HELD");
    let body = json!({
        "query": "mutation($id: ID!) { confirmRemoval(input: { id: $id }) { removedRefs location { heldRemovals } userErrors { code } } }",
        "variables": { "id": location["id"] },
    });
    let payload = gateway.post(&body).await.json()["data"]["confirmRemoval"].take();
    assert_eq!(payload["removedRefs"].as_array().unwrap().len(), crate::support::shop().len() - 2);
    assert_eq!(payload["location"]["heldRemovals"], json!([]));
    gateway.check("{ entities { totalCount } }", json!({ "entities": { "totalCount": 2 } })).await;
    let again = gateway.post(&body).await.json()["data"]["confirmRemoval"].take();
    assert_eq!(again["userErrors"], json!([{ "code": "CONFLICT" }]));
}

#[tokio::test]
async fn a_text_is_checked_without_being_stored() {
    let gateway = TestGateway::empty().await;
    let query = "mutation($yaml: String!) { validateEntities(input: { yaml: $yaml }) { isValid refs problems { code level location { id } since } } }";
    for (yaml, expected) in [
        (
            component("web", "service", "a").to_string(),
            json!({ "isValid": true, "refs": ["component:default/web"], "problems": [] }),
        ),
        (
            "{".to_owned(),
            json!({ "isValid": false, "refs": [], "problems": [{ "code": "SYNTAX", "level": "ERROR", "location": null, "since": null }] }),
        ),
    ] {
        let body = json!({ "query": query, "variables": { "yaml": yaml } });
        assert_eq!(gateway.post(&body).await.json()["data"]["validateEntities"], expected);
    }
    gateway.check("{ entities { totalCount } }", json!({ "entities": { "totalCount": 0 } })).await;
}

#[tokio::test]
async fn one_address_is_one_location_however_it_is_written() {
    let gateway = TestGateway::empty().await;
    gateway.place(ADDRESS, vec![component("cart", "service", "team-a")]);
    register(&gateway, "").await;
    for spelling in ["https://EXAMPLE.com/catalog.yaml", "https://example.com/a/../catalog.yaml#top"] {
        let query = format!(
            r#"mutation {{ registerLocation(input: {{ target: "{spelling}" }}) {{ userErrors {{ code }} }} }}"#
        );
        let payload = gateway.data(&query).await["registerLocation"].take();
        assert_eq!(payload["userErrors"], json!([{ "code": "CONFLICT" }]), "{spelling}");
    }
}

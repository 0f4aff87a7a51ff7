//! The past: snapshots, differences and history.

use std::{collections::HashMap, time::Duration};

use callboard_catalog::CatalogSettings;
use callboard_gateway::GatewaySettings;
use serde_json::{Value, json, value::RawValue};

use crate::support::{TestGateway, component, shop};

const FILE: &str = "file:/shop.yaml";

/// A catalog that forgets every change but the newest when it is told to.
pub(crate) async fn forgetful_shop() -> TestGateway {
    let catalog = CatalogSettings { history_retention: Some(Duration::ZERO), ..CatalogSettings::default() };
    let gateway = TestGateway::over(catalog, GatewaySettings::default()).await;
    gateway.configure(FILE, shop()).await;
    gateway
}

async fn write(gateway: &TestGateway, documents: Vec<Value>) -> u64 {
    gateway.place(FILE, documents);
    gateway.read_again(FILE).await;
    gateway.catalog.snapshot().revision().0
}

/// Changes `web`: its lifecycle, and with it nothing else.
pub(crate) async fn set_lifecycle(gateway: &TestGateway, lifecycle: &str) -> u64 {
    let mut documents = shop();
    documents[0]["spec"]["lifecycle"] = json!(lifecycle);
    write(gateway, documents).await
}

pub(crate) async fn remove(gateway: &TestGateway, name: &str) -> u64 {
    write(gateway, shop().into_iter().filter(|it| it["metadata"]["name"] != name).collect()).await
}

/// Returns a part of an answer as it was written, to the byte.
async fn raw(gateway: &TestGateway, query: &str, part: Option<&str>) -> String {
    let answer = gateway.ask(query).await;
    let body: HashMap<String, Box<RawValue>> = serde_json::from_str(&answer.text).unwrap();
    assert!(!body.contains_key("errors"), "{query}: {}", answer.text);
    let data = body["data"].get();
    match part {
        None => data.to_owned(),
        Some(part) => serde_json::from_str::<HashMap<String, Box<RawValue>>>(data).unwrap()[part].get().to_owned(),
    }
}

/// Everything about entities that does not depend on how their locations are now.
const EVERYTHING: &str = "
    revision
    entities(first: 100, orderBy: [{ field: UPDATED_AT, direction: DESC }]) {
      totalCount pageInfo { hasNextPage startCursor endCursor }
      facets(fields: [\"owner\", \"kind\", \"spec.lifecycle\"]) { field otherCount values { value count entity { ref } } }
      edges { cursor node {
        __typename ref etag revision createdAt updatedAt title tags metadata spec ownerRef
        owner { ... on Group { name } }
        relations(first: 100) { totalCount nodes { type direction targetRef target { ref etag } } }
        ... on Component { lifecycle system { name components { totalCount } } dependsOn { nodes { ref } } }
      } }
    }
    entity(ref: \"web\") { ref etag }
    entitiesByRefs(refs: [\"orders\", \"none\"]) { ref revision }
    filtered: entities(filter: { owner: [\"group:team-root\"], ownerTransitive: true }, last: 2) { nodes { ref } }";

#[tokio::test]
async fn a_past_answer_is_given_again_byte_for_byte() {
    let gateway = TestGateway::of_shop().await;
    let mut then = vec![raw(&gateway, &format!("{{ {EVERYTHING} }}"), None).await];
    let mut revisions = vec![gateway.catalog.snapshot().revision().0];
    for step in 0..6 {
        let revision = match step {
            0 | 4 => set_lifecycle(&gateway, "deprecated").await,
            1 => remove(&gateway, "orders").await,
            2 => remove(&gateway, "team-a").await,
            3 => write(&gateway, vec![component("new", "service", "team-z")]).await,
            _ => write(&gateway, shop()).await,
        };
        revisions.push(revision);
        then.push(raw(&gateway, &format!("{{ {EVERYTHING} }}"), None).await);
    }
    for (revision, then) in revisions.iter().zip(&then) {
        let query = format!("{{ snapshot(at: {{ revision: {revision} }}) {{ {EVERYTHING} }} }}");
        assert_eq!(&raw(&gateway, &query, Some("snapshot")).await, then, "revision {revision}");
    }
}

#[tokio::test]
async fn a_snapshot_can_be_asked_for_by_time() {
    let gateway = TestGateway::of_shop().await;
    let changed = set_lifecycle(&gateway, "deprecated").await;
    let query = |at: &str| {
        format!("{{ snapshot(at: {{ {at} }}) {{ revision committedAt entity(ref: \"web\") {{ updatedAt }} }} }}")
    };
    let now = gateway.data(&query(&format!("revision: {changed}"))).await["snapshot"].take();
    assert_eq!(now["committedAt"], now["entity"]["updatedAt"]);
    let at = now["committedAt"].as_str().unwrap();
    assert_eq!(gateway.data(&query(&format!("time: \"{at}\""))).await["snapshot"], now);
    let before = gateway.data(&query("time: \"2001-01-01T00:00:00Z\"")).await["snapshot"].take();
    assert_eq!(before, json!({ "revision": 0, "committedAt": null, "entity": null }));
}

#[tokio::test]
async fn a_point_that_can_not_be_shown_is_refused_with_what_can() {
    let gateway = forgetful_shop().await;
    let newest = set_lifecycle(&gateway, "deprecated").await;
    let answer = gateway.ask("{ snapshot(at: { revision: 1000 }) { revision } }").await;
    let extensions = answer.json()["errors"][0]["extensions"].take();
    assert_eq!((answer.code().as_str(), &extensions["newestRevision"]), ("NOT_FOUND", &json!(newest)));
    gateway.catalog.shorten_log().await.unwrap();
    let answer = gateway.ask("{ revision snapshot(at: { revision: 3 }) { revision } }").await;
    let body = answer.json();
    assert_eq!(
        (answer.code().as_str(), &body["errors"][0]["extensions"]["oldestRevision"]),
        ("NOT_FOUND", &json!(newest))
    );
    assert_eq!(body["data"], json!({ "revision": newest, "snapshot": null }), "what is beside it is intact");
    for at in ["", "revision: 1, time: \"2026-01-01T00:00:00Z\"", "revision: -1", "time: \"yesterday\""] {
        let answer = gateway.ask(&format!("{{ snapshot(at: {{ {at} }}) {{ revision }} }}")).await;
        assert!(answer.json()["errors"].is_array(), "{at}: {}", answer.text);
    }
}

#[tokio::test]
async fn what_query_and_snapshot_share_is_an_interface() {
    let gateway = TestGateway::empty().await;
    let query = "{ reader: __type(name: \"CatalogReader\") { kind fields { name } possibleTypes { name } } \
                 query: __type(name: \"Query\") { interfaces { name } } snapshot: __type(name: \"Snapshot\") { interfaces { name } } }";
    let data = gateway.data(query).await;
    let interfaces = json!({ "interfaces": [{ "name": "CatalogReader" }] });
    assert_eq!((&data["query"], &data["snapshot"]), (&interfaces, &interfaces));
    assert_eq!(data["reader"]["possibleTypes"], json!([{ "name": "Query" }, { "name": "Snapshot" }]));
    let fields = data["reader"]["fields"].as_array().unwrap();
    for name in ["revision", "entity", "entitiesByRefs", "entities"] {
        assert!(fields.contains(&json!({ "name": name })), "{name}: {fields:?}");
    }
    let fragment = "{ ... on CatalogReader { revision } snapshot(at: { revision: 0 }) { ...R } } fragment R on CatalogReader { revision }";
    gateway.check(fragment, json!({ "revision": 0, "snapshot": { "revision": 0 } })).await;
}

/// Checks a difference: its nodes as written, one after the other.
async fn check_diff(gateway: &TestGateway, from: u64, arguments: &str, expected: Value) {
    let query = format!(
        "{{ snapshot(at: {{ revision: {from} }}) {{ diff(first: 100 {arguments}) {{ isReset nodes {{ type ref changedPaths \
         entity {{ ... on Component {{ lifecycle }} }} previous {{ ... on Component {{ lifecycle }} }} }} }} }} }}"
    );
    let diff = gateway.data(&query).await["snapshot"]["diff"].take();
    assert_eq!((&diff["isReset"], &diff["nodes"]), (&json!(false), &expected), "{arguments}");
}

#[tokio::test]
async fn a_difference_is_shown_from_one_point_to_the_other() {
    let gateway = TestGateway::of_shop().await;
    let start = gateway.catalog.snapshot().revision().0;
    let changed = set_lifecycle(&gateway, "deprecated").await;
    let web = |before: &str, after: &str| {
        json!({ "type": "UPDATED", "ref": "component:default/web", "changedPaths": ["spec.lifecycle"],
                "entity": { "lifecycle": after }, "previous": { "lifecycle": before } })
    };
    check_diff(&gateway, start, "", json!([web("production", "deprecated")])).await;
    check_diff(&gateway, changed, &format!("to: {{ revision: {start} }}"), json!([web("deprecated", "production")]))
        .await;
    check_diff(&gateway, changed, "", json!([])).await;
    remove(&gateway, "orders").await;
    // `web` is as it was at first.
    let gone = json!({ "type": "DELETED", "ref": "component:default/orders", "changedPaths": [], "entity": null,
                       "previous": { "lifecycle": "production" } });
    check_diff(&gateway, start, "", json!([gone])).await;
    check_diff(&gateway, changed, "", json!([gone, web("deprecated", "production")])).await;
    let deprecated = "filter: { lifecycle: { eq: \"deprecated\" } }";
    check_diff(&gateway, changed, deprecated, json!([web("deprecated", "production")])).await;
    check_diff(&gateway, start, deprecated, json!([])).await;
}

#[tokio::test]
async fn a_difference_comes_in_pages() {
    let gateway = TestGateway::of_shop().await;
    let mut refs = Vec::new();
    let mut after = String::new();
    loop {
        let query = format!(
            "{{ snapshot(at: {{ revision: 0 }}) {{ diff(first: 4 {after}) {{ edges {{ cursor node {{ ref }} }} pageInfo {{ hasNextPage endCursor }} }} }} }}"
        );
        let page = gateway.data(&query).await["snapshot"]["diff"].take();
        let edges = page["edges"].as_array().unwrap();
        refs.extend(edges.iter().map(|edge| edge["node"]["ref"].as_str().unwrap().to_owned()));
        assert_eq!(edges.last().unwrap()["cursor"], page["pageInfo"]["endCursor"]);
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = format!("after: {}", page["pageInfo"]["endCursor"]);
    }
    let mut sorted = refs.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((refs.len(), &refs), (shop().len(), &sorted));
}

#[tokio::test]
async fn an_entity_shows_its_versions() {
    let gateway = TestGateway::of_shop().await;
    let first = set_lifecycle(&gateway, "deprecated").await;
    let second = set_lifecycle(&gateway, "experimental").await;
    let history = "history(first: 2) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes { revision changeType cause \
                   changedPaths entity { ... on Component { lifecycle } } } }";
    let version = |revision: u64, lifecycle: &str| {
        json!({ "revision": revision, "changeType": "UPDATED", "cause": "request", "changedPaths": ["spec.lifecycle"],
                "entity": { "lifecycle": lifecycle } })
    };
    let now = gateway.data(&format!("{{ entity(ref: \"web\") {{ {history} }} }}")).await["entity"]["history"].take();
    assert_eq!(now["totalCount"], 3);
    assert_eq!(now["nodes"], json!([version(second, "experimental"), version(first, "deprecated")]));
    assert_eq!((&now["pageInfo"]["hasNextPage"], &now["pageInfo"]["hasPreviousPage"]), (&json!(true), &json!(false)));
    // As of a snapshot there was less.
    let query = format!("{{ snapshot(at: {{ revision: {first} }}) {{ entity(ref: \"web\") {{ {history} }} }} }}");
    let past = gateway.data(&query).await["snapshot"]["entity"]["history"].take();
    assert_eq!((&past["totalCount"], &past["nodes"][0]), (&json!(2), &version(first, "deprecated")));
    let rest = format!(
        "{{ entity(ref: \"web\") {{ history(after: {}) {{ nodes {{ changeType }} }} }} }}",
        now["pageInfo"]["endCursor"]
    );
    gateway.check(&rest, json!({ "entity": { "history": { "nodes": [{ "changeType": "CREATED" }] } } })).await;
    let oldest = "{ entity(ref: \"web\") { history(last: 1) { nodes { changeType } pageInfo { hasPreviousPage } } } }";
    let expected = json!({ "nodes": [{ "changeType": "CREATED" }], "pageInfo": { "hasPreviousPage": true } });
    gateway.check(oldest, json!({ "entity": { "history": expected } })).await;
}

#[tokio::test]
async fn the_versions_of_what_is_gone_can_be_asked_for() {
    let gateway = TestGateway::of_shop().await;
    remove(&gateway, "orders").await;
    let query =
        "{ entity(ref: \"orders\") { name } entityHistory(ref: \"orders\") { nodes { changeType entity { name } } } }";
    let nodes = json!([{ "changeType": "DELETED", "entity": null }, { "changeType": "CREATED", "entity": { "name": "orders" } }]);
    gateway.check(query, json!({ "entity": null, "entityHistory": { "nodes": nodes } })).await;
    let query = "{ entityHistory(ref: \"never\") { totalCount nodes { changeType } } }";
    gateway.check(query, json!({ "entityHistory": { "totalCount": 0, "nodes": [] } })).await;
    let other = TestGateway::of_shop().await.catalog.cursor_at(callboard_entity_model::Revision(1));
    for cursor in [other.to_string(), "nonsense".to_owned()] {
        let answer =
            gateway.ask(&format!("{{ entityHistory(ref: \"web\", after: \"{cursor}\") {{ totalCount }} }}")).await;
        assert_eq!(answer.code(), "INVALID_CURSOR", "{cursor}");
    }
}

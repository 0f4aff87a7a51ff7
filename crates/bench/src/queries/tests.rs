use axum::body::Bytes;
use serde_json::{Value, json};

use super::{Workload, counted, name_of};
use crate::{floor, graphql::GraphqlClient};

/// Starts something that always answers `data` and returns a client of it.
async fn always(data: Value) -> GraphqlClient {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let client = GraphqlClient::new(&listener.local_addr().expect("address").to_string()).expect("client");
    tokio::spawn(floor::serve(listener, Bytes::from(data.to_string())));
    client
}

fn page(names: &[&str], total: u64) -> Value {
    let nodes: Vec<Value> = names.iter().map(|name| json!({ "ref": format!("component:default/{name}") })).collect();
    json!({ "data": { "entities": { "totalCount": total, "pageInfo": { "hasNextPage": false }, "nodes": nodes } } })
}

fn facets(counts: [u64; 3], other: u64) -> Value {
    let facets: Vec<Value> = counts
        .iter()
        .map(|count| json!({ "field": "f", "values": [{ "value": "v", "count": count }], "otherCount": other }))
        .collect();
    json!({ "data": { "entities": { "facets": facets } } })
}

#[tokio::test]
async fn an_answer_about_another_entity_is_refused() {
    let client = always(json!({ "data": { "entity": { "ref": "component:default/b" } } })).await;
    let refs = ["component:default/a".to_owned()];
    let error = Workload::entity(&client, &refs).await.expect_err("refused");
    assert!(error.to_string().contains("component:default/a"), "{error}");
}

#[tokio::test]
async fn an_answer_with_errors_is_refused() {
    let client = always(json!({ "data": null, "errors": [{ "message": "too deep" }] })).await;
    let error = Workload::facets(&client, 1).await.expect_err("refused");
    assert!(error.to_string().contains("too deep"), "{error}");
}

#[tokio::test]
async fn a_page_in_order_with_the_right_total_is_taken() {
    let client = always(page(&["a", "b", "c"], 3)).await;
    let workload = Workload::page(&client, 3).await.expect("taken");
    assert_eq!(workload.bodies.len(), 1);
    assert_eq!(workload.answer, page(&["a", "b", "c"], 3).to_string().into_bytes());
}

#[tokio::test]
async fn a_page_out_of_order_is_refused() {
    let client = always(page(&["b", "a"], 2)).await;
    let error = Workload::page(&client, 2).await.expect_err("refused");
    assert!(error.to_string().contains("out of order"), "{error}");
}

#[tokio::test]
async fn a_page_with_a_wrong_total_is_refused() {
    let client = always(page(&["a"], 7)).await;
    Workload::page(&client, 8).await.expect_err("refused");
}

#[tokio::test]
async fn facets_that_count_every_component_once_are_taken() {
    let client = always(facets([7, 7, 7], 3)).await;
    Workload::facets(&client, 10).await.expect("taken");
}

#[tokio::test]
async fn facets_that_miss_a_component_are_refused() {
    let client = always(facets([7, 6, 7], 3)).await;
    Workload::facets(&client, 10).await.expect_err("refused");
}

#[test]
fn a_facet_speaks_of_what_it_shows_and_what_it_does_not() {
    assert_eq!(counted(&json!({ "values": [{ "count": 2 }, { "count": 3 }], "otherCount": 4 })), 9);
}

#[test]
fn the_name_is_what_follows_the_namespace() {
    assert_eq!(name_of("component:shop/web"), "web");
}

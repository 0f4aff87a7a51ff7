use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use callboard_catalog::{
    Actor, Catalog, CatalogSettings, Cause, ConfiguredLocation, LocationReader, ReadMode, Source, Validated,
};
use callboard_entity_model::{
    Entity, FileOutcome, FileReading, KnownFile, KnownFiles, LocationSpec, ModelPolicy, Presence, ReadEntity, Reading,
};
use callboard_foundation::Clock;
use callboard_testkit::TestDatabase;
use callboard_webhooks::{WebhookSettings, Webhooks};
use futures::future::join_all;
use serde_json::{Value, json};

use super::*;
use crate::{
    GatewaySettings,
    executor::{Ask, GraphQlRequest, Outcome},
    schema::webhook_dialect,
};

const FOLLOWERS: usize = 300;
const QUERY: &str = "subscription($after: String, $kind: String!) {
    entityChanges(after: $after, filter: { kind: { eq: $kind } }) {
        ... on EntityChange { type ref entity { description } } ... on ChangeCheckpoint { cursor } } }";

/// A component whose description counts how often it was read.
struct Counting(AtomicU64);

#[async_trait]
impl LocationReader for Counting {
    async fn read(&self, _: &Source, _: &KnownFiles, _: ReadMode) -> Reading {
        let count = self.0.fetch_add(1, Ordering::Relaxed);
        let document = json!({
            "apiVersion": "backstage.io/v1alpha1", "kind": "Component",
            "metadata": { "name": "counting", "description": format!("read {count}") },
            "spec": { "type": "service", "lifecycle": "production", "owner": "nobody" },
        });
        let (entity, _) = Entity::validate(document, ModelPolicy { allows_custom_kinds: false }).unwrap();
        let entity_ref = entity.entity_ref().clone();
        let (document, hash) = entity.into_document();
        let entities = vec![ReadEntity { entity_ref, document, hash, line: 1 }];
        let known = KnownFile { fingerprint: count.to_string(), ..KnownFile::default() };
        let outcome = FileOutcome::Read { entities, keep: Vec::new(), has_unknown: false, known };
        let file = FileReading { location: "file:/counting.yaml".into(), outcome, problems: Vec::new() };
        Reading { files: vec![file], is_complete: true, problems: Vec::new() }
    }

    fn validate(&self, _: &str, _: &str) -> Validated {
        Validated::default()
    }
}

async fn change(catalog: &Catalog) {
    let id = catalog.snapshot().sources.source_at("file", "/counting.yaml").unwrap().id;
    catalog.refresh_source(id, ReadMode::Full, Cause::Request, &Actor::system()).await.unwrap();
}

async fn open(executor: &GatewayExecutor, variables: &Value, number: usize) -> BoxStream<'static, Event> {
    let request = json!({ "query": QUERY, "variables": variables });
    let request: GraphQlRequest = serde_json::from_value(request).unwrap();
    match executor.start(Ask { request, request_id: format!("r{number}"), ..Ask::default() }).await {
        Outcome::Follows(events) => events,
        Outcome::Refused(refusal) => panic!("{}", refusal.errors("")),
        Outcome::Answered { .. } => panic!("a subscription was answered"),
    }
}

async fn next(events: &mut BoxStream<'static, Event>) -> (Value, String) {
    let event = events.next().await.unwrap();
    (serde_json::from_slice(&event.payload).unwrap(), event.cursor.unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_is_executed_once_for_all_who_ask_the_same_wherever_they_started() {
    let database = TestDatabase::sqlite().await.unwrap();
    let reader = Arc::new(Counting(AtomicU64::new(0)));
    let catalog = Catalog::open(database.connection(), reader, Clock::system(), CatalogSettings::default());
    let catalog = catalog.await.unwrap();
    let location =
        LocationSpec { kind: "file".to_owned(), target: "/counting.yaml".to_owned(), presence: Presence::Required };
    catalog.sync_config_locations(vec![ConfiguredLocation { location, rules: None }]).await.unwrap();
    change(&catalog).await;
    let (clock, settings) = (Clock::system(), Arc::new(GatewaySettings::default()));
    let kept = WebhookSettings::default();
    let webhooks = Webhooks::open(database.connection(), catalog.clone(), clock.clone(), kept, webhook_dialect());
    let executor = GatewayExecutor::new(catalog.clone(), webhooks.unwrap(), settings, clock);
    let executor = executor.unwrap();

    let mut first = open(&executor, &json!({ "kind": "Component" }), 0).await;
    let (_, cursor) = next(&mut first).await;
    change(&catalog).await;
    let executed = |count: u64| assert_eq!(executor.shared_events().executed(), count);
    assert_eq!(next(&mut first).await.0["data"]["entityChanges"]["entity"]["description"], "read 1");
    executed(1);
    // Half of them come back with a cursor, and have to be told of the change that the others have heard of already.
    let mut followers = Vec::new();
    for number in 0..FOLLOWERS {
        let after = if number % 2 == 0 { Value::Null } else { json!(cursor) };
        let mut events = open(&executor, &json!({ "kind": "Component", "after": after }), number).await;
        next(&mut events).await;
        if number % 2 == 1 {
            next(&mut events).await;
        }
        followers.push(events);
    }
    executed(1);
    let mut others = open(&executor, &json!({ "kind": "API" }), 0).await;
    next(&mut others).await;

    change(&catalog).await;
    let told = followers.into_iter().map(|mut events| tokio::spawn(async move { next(&mut events).await }));
    for (number, told) in join_all(told).await.into_iter().enumerate() {
        let (answer, cursor_after) = told.unwrap();
        let expected =
            json!({ "type": "UPDATED", "ref": "component:default/counting", "entity": { "description": "read 2" } });
        assert_eq!(answer["data"]["entityChanges"], expected);
        assert_eq!(answer["extensions"]["requestId"], format!("r{number}"), "each has an id of its own");
        assert_ne!(cursor_after, cursor);
    }
    executed(2);
    assert!(futures::poll!(others.next()).is_pending(), "what was not asked for is not told");
    executed(2);
}

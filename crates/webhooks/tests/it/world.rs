//! A catalog with one source, webhooks on it, and a clock that stands still.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use callboard_catalog::{
    Actor, Catalog, CatalogSettings, Cause, ChangeCursor, ConfiguredLocation, LocationReader, ReadMode, Source,
    Validated,
};
use callboard_entity_model::{
    FileOutcome, FileReading, KnownFile, KnownFiles, LocationSpec, Presence, ReadEntity, Reading, Revision,
};
use callboard_foundation::Clock;
use callboard_testkit::TestDatabase;
use callboard_view::{FieldPath, Filter, TextTest};
use callboard_webhooks::{Dialect, NewSubscription, Subscription, WebhookSettings, Webhooks};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DatabaseConnection;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::receiver::{PATIENCE, Receiver};

const TARGET: &str = "/catalog";

/// The outside world: entities as `component:default/web=1`, where what stands after `=` is the description.
#[derive(Default)]
struct FakeReader(Mutex<String>);

#[async_trait]
impl LocationReader for FakeReader {
    async fn read(&self, _: &Source, _: &KnownFiles, _: ReadMode) -> Reading {
        let text = self.0.lock().unwrap().clone();
        let known = KnownFile { fingerprint: text.clone(), ..KnownFile::default() };
        let entities = text.split_whitespace().map(read_entity).collect();
        let outcome = FileOutcome::Read { entities, keep: Vec::new(), has_unknown: false, known };
        let file = FileReading { location: "file:/catalog".into(), outcome, problems: Vec::new() };
        Reading { files: vec![file], is_complete: true, problems: Vec::new() }
    }

    fn validate(&self, _: &str, _: &str) -> Validated {
        Validated::default()
    }
}

fn read_entity(text: &str) -> ReadEntity {
    let (reference, description) = text.split_once('=').unwrap();
    let entity_ref: callboard_entity_model::EntityRef = reference.parse().unwrap();
    let document = serde_json::json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": entity_ref.name(), "namespace": entity_ref.namespace(), "description": description},
        "spec": {"type": "service", "lifecycle": "production", "owner": "team-a"},
    });
    let document = document.to_string().into_boxed_str();
    let mut hasher = DefaultHasher::new();
    document.hash(&mut hasher);
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&hasher.finish().to_be_bytes());
    ReadEntity { entity_ref, document, hash, line: 1 }
}

/// What a client would write: `{"description": "1"}`.
fn parse_filter(text: &str) -> Result<Filter, String> {
    let json: serde_json::Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let wanted = json["description"].as_str().ok_or("it has no `description`")?;
    let path = FieldPath::parse("metadata.description").map_err(|error| error.to_string())?;
    Ok(Filter::Field { path, test: TextTest::Equals(wanted.to_owned()) })
}

/// One replica.
pub(crate) struct World {
    pub(crate) catalog: Catalog,
    pub(crate) webhooks: Webhooks,
    pub(crate) clock: Clock,
    pub(crate) db: DatabaseConnection,
    reader: Arc<FakeReader>,
    settings: WebhookSettings,
}

/// A worker that runs until it is stopped or killed.
pub(crate) struct Running {
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

pub(crate) fn settings(receiver: &Receiver) -> WebhookSettings {
    WebhookSettings {
        source: "https://portal.example.com".to_owned(),
        allowed_hosts: vec![receiver.host()],
        tick: Duration::from_millis(10),
        timeout: Duration::from_secs(20),
        lease: Duration::from_secs(60),
        ..WebhookSettings::default()
    }
}

pub(crate) fn alice() -> Actor {
    Actor::named("user:default/alice")
}

impl World {
    pub(crate) async fn new(database: &TestDatabase, settings: WebhookSettings) -> Self {
        let clock = Clock::fixed(DateTime::<Utc>::from_timestamp(1_700_000_000, 0).unwrap());
        let world = Self::open(database.connection(), Arc::default(), clock, settings).await;
        let location =
            LocationSpec { kind: "file".to_owned(), target: TARGET.to_owned(), presence: Presence::Required };
        let configured = ConfiguredLocation { location, rules: None };
        world.catalog.sync_config_locations(vec![configured]).await.unwrap();
        world
    }

    async fn open(db: DatabaseConnection, reader: Arc<FakeReader>, clock: Clock, settings: WebhookSettings) -> Self {
        let outside: Arc<dyn LocationReader> = Arc::<FakeReader>::clone(&reader);
        let kept =
            CatalogSettings { history_retention: Some(Duration::from_secs(3_600)), ..CatalogSettings::default() };
        let catalog = Catalog::open(db.clone(), outside, clock.clone(), kept).await.unwrap();
        let dialect = Dialect { parse_filter };
        let webhooks = Webhooks::open(db.clone(), catalog.clone(), clock.clone(), settings.clone(), dialect).unwrap();
        Self { catalog, webhooks, clock, db, reader, settings }
    }

    /// Another replica on the same database, or the same one after a restart.
    pub(crate) async fn replica(&self, database: &TestDatabase) -> Self {
        let db = database.connect_again().await.unwrap();
        Self::open(db, Arc::clone(&self.reader), self.clock.clone(), self.settings.clone()).await
    }

    /// Lets the catalog hold exactly these entities.
    pub(crate) async fn set(&self, entities: &str) {
        entities.clone_into(&mut self.reader.0.lock().unwrap());
        let id = self.catalog.snapshot().sources.source_at("file", TARGET).unwrap().id;
        self.catalog.refresh_source(id, ReadMode::Full, Cause::Watch, &Actor::system()).await.unwrap();
    }

    /// Subscribes a receiver to everything from now on, and returns the secret too.
    pub(crate) async fn subscribe(&self, receiver: &Receiver) -> (Uuid, String) {
        self.subscribe_with(receiver, NewSubscription::default()).await
    }

    pub(crate) async fn subscribe_with(&self, receiver: &Receiver, mut new: NewSubscription) -> (Uuid, String) {
        new.target = receiver.url();
        let (subscription, secret) = self.webhooks.create(new, &alice()).await.unwrap();
        (subscription.id, secret.expose())
    }

    pub(crate) fn run(&self) -> Running {
        let (shutdown, webhooks) = (CancellationToken::new(), self.webhooks.clone());
        let token = shutdown.clone();
        Running { shutdown, task: tokio::spawn(async move { webhooks.run(token).await }) }
    }

    pub(crate) async fn find(&self, id: Uuid) -> Subscription {
        self.webhooks.find(id).await.unwrap().unwrap()
    }

    /// Waits until a subscription is as wanted.
    pub(crate) async fn until(&self, id: Uuid, is_reached: impl Fn(&Subscription) -> bool) -> Subscription {
        let reached = async {
            loop {
                let subscription = self.find(id).await;
                if is_reached(&subscription) {
                    return subscription;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, reached).await.expect("it does not come about")
    }

    pub(crate) async fn until_position(&self, id: Uuid, position: u64) -> Subscription {
        self.until(id, |subscription| subscription.position == Revision(position)).await
    }

    /// Returns what is remembered of attempts, oldest first: `attempt status error`.
    pub(crate) async fn log(&self, id: Uuid) -> Vec<String> {
        let deliveries = self.webhooks.deliveries(&[id]).await.unwrap();
        let line = |it: &callboard_webhooks::Delivery| {
            let status = it.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
            // The place that an event is named by is told as its revision; what is named by nothing else, as it is.
            let place = it.event_id.parse::<ChangeCursor>().map(|place| place.revision.to_string());
            let event = place.unwrap_or_else(|_| it.event_id.clone());
            format!("{event} #{} {status} {}", it.attempt, it.error.as_deref().unwrap_or("accepted"))
        };
        deliveries.iter().rev().map(line).collect()
    }

    /// Returns the cursor that stands for a revision.
    pub(crate) fn cursor(&self, revision: u64) -> String {
        self.catalog.cursor_at(Revision(revision)).to_string()
    }

    pub(crate) fn wait(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }
}

impl Running {
    /// Ends as a server does that is told to stop.
    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        tokio::time::timeout(PATIENCE, self.task).await.expect("the worker stops").unwrap();
    }

    /// Ends as a process that is killed: nothing is given back.
    pub(crate) async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.unwrap_err().is_cancelled());
    }
}

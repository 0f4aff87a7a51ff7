//! A catalog with a fake outside world, and checks that read like sentences.
//!
//! Files are written as text, one a line: `a.yaml: component:default/web=1 api:default/pets=1`. What stands after `=`
//! is the content; another text is another document. Marks instead of entities: `FAILED`, `GONE`; marks among them:
//! `KEEP:<ref>`, `UNKNOWN`, `PROBLEM:<message>`. A line `PARTIAL` makes the reading incomplete, `PROBLEM:<message>` on
//! a line of its own concerns the whole source.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use callboard_catalog::{
    Actor, At, Catalog, CatalogSettings, Cause, Change, ConfiguredLocation, LocationReader, ReadMode, RefreshOutcome,
    Source, SourceOrigin, Validated,
};
use callboard_entity_model::{
    EntityRef, FileOutcome, FileReading, KnownFile, KnownFiles, LocationSpec, Presence, Problem, ProblemCode,
    ReadEntity, Reading, Revision,
};
use callboard_foundation::Clock;
use callboard_testkit::TestDatabase;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DatabaseConnection;
use uuid::Uuid;

/// The outside world: what stands at each target.
#[derive(Debug, Default)]
pub(crate) struct FakeReader {
    texts: Mutex<HashMap<String, String>>,
    /// How many files were parsed, as opposed to found unchanged.
    pub(crate) parsed: AtomicUsize,
}

#[async_trait::async_trait]
impl LocationReader for FakeReader {
    async fn read(&self, source: &Source, known: &KnownFiles, _mode: ReadMode) -> Reading {
        let text = self.texts.lock().unwrap().get(&source.location.target).cloned().unwrap_or_default();
        let mut reading = Reading { is_complete: true, ..Reading::default() };
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if line == "PARTIAL" {
                reading.is_complete = false;
            } else if let Some(message) = line.strip_prefix("PROBLEM:") {
                reading.problems.push(Problem::error(ProblemCode::Unreadable, source.location.reference(), message));
            } else {
                reading.files.push(self.file(line, known));
            }
        }
        reading
    }

    fn validate(&self, _yaml: &str, _location: &str) -> Validated {
        Validated::default()
    }
}

impl FakeReader {
    pub(crate) fn set(&self, target: &str, text: &str) {
        self.texts.lock().unwrap().insert(target.to_owned(), text.to_owned());
    }

    fn file(&self, line: &str, known: &KnownFiles) -> FileReading {
        let (location, content) = line.split_once(':').expect("a file line is `<location>: <content>`");
        let location: Arc<str> = location.into();
        let mut problems = Vec::new();
        let mut entities = Vec::new();
        let mut keep = Vec::new();
        let mut has_unknown = false;
        for word in content.split_whitespace() {
            if word == "FAILED" || word == "GONE" {
                let outcome = if word == "GONE" { FileOutcome::Gone } else { FileOutcome::Failed };
                if word == "FAILED" {
                    problems.push(Problem::error(ProblemCode::NotFound, &*location, "it is not there"));
                }
                return FileReading { location, outcome, problems };
            } else if word == "UNKNOWN" {
                has_unknown = true;
            } else if let Some(reference) = word.strip_prefix("KEEP:") {
                keep.push(reference.parse().unwrap());
            } else if let Some(message) = word.strip_prefix("PROBLEM:") {
                problems.push(Problem::error(ProblemCode::InvalidEntity, &*location, message));
            } else {
                let (reference, content) = word.split_once('=').expect("an entity is `<ref>=<content>`");
                entities.push(read_entity(&reference.parse().unwrap(), &location, content));
            }
        }
        let known_now = KnownFile { fingerprint: content.trim().to_owned(), ..KnownFile::default() };
        if known.get(&location) == Some(&known_now) {
            return FileReading { location, outcome: FileOutcome::Unchanged, problems: Vec::new() };
        }
        self.parsed.fetch_add(1, Ordering::SeqCst);
        FileReading { location, outcome: FileOutcome::Read { entities, keep, has_unknown, known: known_now }, problems }
    }
}

/// Makes an entity as the reader would. Parts of the content such as `owner:team-b`, `dependsOn:web` or `tag:Java`,
/// between commas, say so in the entity.
pub(crate) fn read_entity(entity_ref: &EntityRef, location: &str, content: &str) -> ReadEntity {
    let document = serde_json::json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": entity_ref.kind(),
        "metadata": {"name": entity_ref.name(), "namespace": entity_ref.namespace(), "description": content,
            "annotations": {"backstage.io/managed-by-location": location}},
        "spec": {"type": "service", "lifecycle": "production", "owner": "team-a"},
    });
    let mut document = document;
    for (key, value) in content.split(',').filter_map(|part| part.split_once(':')) {
        match key {
            "tag" => document["metadata"]["tags"] = serde_json::json!([value]),
            "dependsOn" => document["spec"]["dependsOn"] = serde_json::json!([format!("component:{value}")]),
            key => document["spec"][key] = value.into(),
        }
    }
    let document = document.to_string().into_boxed_str();
    let mut hasher = DefaultHasher::new();
    document.hash(&mut hasher);
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&hasher.finish().to_be_bytes());
    ReadEntity { entity_ref: entity_ref.clone(), document, hash, line: 1 }
}

/// A catalog, what it reads, and the clock that it goes by.
pub(crate) struct World {
    pub(crate) catalog: Catalog,
    pub(crate) reader: Arc<FakeReader>,
    pub(crate) clock: Clock,
    pub(crate) db: DatabaseConnection,
}

impl World {
    pub(crate) async fn new(database: &TestDatabase) -> Self {
        Self::with_settings(database.connection(), CatalogSettings::default()).await
    }

    pub(crate) async fn with_settings(db: DatabaseConnection, settings: CatalogSettings) -> Self {
        let reader = Arc::new(FakeReader::default());
        let clock = Clock::fixed(DateTime::<Utc>::from_timestamp(1_700_000_000, 0).unwrap());
        let catalog = Catalog::open(db.clone(), reader.clone(), clock.clone(), settings).await.unwrap();
        Self { catalog, reader, clock, db }
    }

    /// Another replica on the same database with the same outside world.
    pub(crate) async fn replica(&self, db: DatabaseConnection) -> Self {
        let settings = CatalogSettings::default();
        let catalog = Catalog::open(db.clone(), self.reader.clone(), self.clock.clone(), settings).await.unwrap();
        Self { catalog, reader: self.reader.clone(), clock: self.clock.clone(), db }
    }

    /// Declares a location in the configuration and reads it.
    pub(crate) async fn source(&self, target: &str, text: &str) -> Uuid {
        self.reader.set(target, text);
        let mut locations: Vec<ConfiguredLocation> = self.configured();
        locations.push(ConfiguredLocation { location: location(target), rules: None });
        self.catalog.sync_config_locations(locations).await.unwrap();
        let id = self.catalog.snapshot().sources.source_at("file", target).unwrap().id;
        self.read(id).await;
        id
    }

    fn configured(&self) -> Vec<ConfiguredLocation> {
        let snapshot = self.catalog.snapshot();
        let sources = snapshot.sources.sources();
        sources
            .filter(|source| source.origin == SourceOrigin::Config)
            .map(|source| ConfiguredLocation { location: source.location.clone(), rules: source.rules.clone() })
            .collect()
    }

    /// Changes what stands at a source's target and reads it, a second later.
    pub(crate) async fn change(&self, id: Uuid, text: &str) -> RefreshOutcome {
        let target = self.catalog.snapshot().sources.source(id).unwrap().location.target.clone();
        self.reader.set(&target, text);
        self.read(id).await
    }

    /// Reads a source, a second later.
    pub(crate) async fn read(&self, id: Uuid) -> RefreshOutcome {
        self.clock.advance(TimeDelta::seconds(1));
        let outcome = self.catalog.refresh_source(id, ReadMode::Conditional, Cause::Watch, &Actor::system()).await;
        let outcome = outcome.unwrap();
        self.check_view_is_log().await;
        outcome
    }

    /// Checks what the log says after a revision, as `<revision> <operation> <ref> <location>` a line.
    pub(crate) async fn check_log(&self, after: u64, expected: &str) {
        let changes = self.catalog.changes_page(Revision(after), 10_000).await.unwrap();
        let actual: Vec<String> = changes.iter().map(|change| describe(change)).collect();
        let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(actual, expected);
    }

    /// Checks which entities there are, as `<ref>=<content> <location>` a line, sorted.
    pub(crate) fn check_entities(&self, expected: &str) {
        let snapshot = self.catalog.snapshot();
        let mut actual: Vec<String> = snapshot.index.records().map(|record| describe_record(record)).collect();
        actual.sort();
        let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(actual, expected);
    }

    /// Checks which problems a source has, as `<code> <message>` a line, oldest first.
    pub(crate) fn check_problems(&self, source: Uuid, expected: &str) {
        let snapshot = self.catalog.snapshot();
        let actual: Vec<String> = snapshot
            .sources
            .problems_of_source(source)
            .map(|stored| format!("{} {}", stored.problem.code.as_str(), stored.problem.message))
            .collect();
        let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert_eq!(actual, expected);
    }

    /// Checks that the view is what replaying the log from its beginning gives, that revisions have no gap, and that
    /// a fresh load from the database gives the same.
    pub(crate) async fn check_view_is_log(&self) {
        check_log_is_consistent(&self.catalog).await;
        let fresh =
            Catalog::open(self.db.clone(), self.reader.clone(), self.clock.clone(), CatalogSettings::default()).await;
        let fresh = fresh.unwrap();
        assert_eq!(records(&self.catalog), records(&fresh), "the view and a fresh load differ");
    }
}

/// Checks that revisions have no gap and that replaying the log, from where it begins, gives the view.
pub(crate) async fn check_log_is_consistent(catalog: &Catalog) {
    let snapshot = catalog.snapshot();
    let mut state: HashMap<EntityRef, String> = HashMap::new();
    let start = match catalog.oldest_revision() {
        Revision(1) => Revision(0),
        oldest => oldest,
    };
    for record in catalog.snapshot_at(At::Revision(start)).await.unwrap().snapshot.index.records() {
        state.insert(record.entity_ref.clone(), describe_record(record));
    }
    let mut next = start.0 + 1;
    let mut after = start;
    loop {
        let page = catalog.changes_page(after, 1_000).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.revision;
        for change in page {
            assert_eq!(change.revision.0, next, "a revision is missing or stands twice");
            next += 1;
            let before = change.before.as_ref().map(|record| describe_record(record));
            assert_eq!(before, state.get(&change.entity_ref).cloned(), "wrong state before {}", describe(&change));
            match &change.after {
                Some(record) => _ = state.insert(change.entity_ref.clone(), describe_record(record)),
                None => _ = state.remove(&change.entity_ref),
            }
        }
    }
    assert_eq!(after, snapshot.revision(), "the log ends elsewhere than the view");
    let mut replayed: Vec<String> = state.into_values().collect();
    replayed.sort();
    let mut shown: Vec<String> = snapshot.index.records().map(|record| describe_record(record)).collect();
    shown.sort();
    assert_eq!(replayed, shown, "the log does not lead to the view");
}

/// A location as the configuration would name it.
pub(crate) fn location(target: &str) -> LocationSpec {
    LocationSpec { kind: "file".to_owned(), target: target.to_owned(), presence: Presence::Required }
}

/// A location that users may register.
pub(crate) fn url(target: &str) -> LocationSpec {
    LocationSpec { kind: "url".to_owned(), target: target.to_owned(), presence: Presence::Required }
}

/// Somebody.
pub(crate) fn alice() -> Actor {
    Actor::named("user:default/alice")
}

pub(crate) fn reference(text: &str) -> EntityRef {
    text.parse().unwrap()
}

pub(crate) fn describe(change: &Change) -> String {
    let record = change.after.as_ref().or(change.before.as_ref()).unwrap();
    format!("{} {} {} {}", change.revision, change.operation.as_str(), change.entity_ref, record.location)
}

fn describe_record(record: &callboard_view::EntityRecord) -> String {
    let document: serde_json::Value = serde_json::from_str(&record.document).unwrap();
    let content = document["metadata"]["description"].as_str().unwrap();
    format!("{}={content} {}", record.entity_ref, record.location)
}

fn records(catalog: &Catalog) -> Vec<Arc<callboard_view::EntityRecord>> {
    let mut records: Vec<_> = catalog.snapshot().index.records().cloned().collect();
    records.sort_by(|a, b| a.entity_ref.cmp(&b.entity_ref));
    records
}

//! Measures what the catalog itself costs, without reading files: import, second reading, one change, restart.
//!
//! `cargo run --release -p callboard-catalog --example speed -- 50000 speed.db` (or a `postgres://…` address of an
//! empty database). The whole program from outside is measured by `callboard-bench`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measuring program fails by panicking and prints")]

use std::{
    sync::{Arc, Mutex},
    time::Instant,
};

use callboard_catalog::{Actor, Catalog, CatalogSettings, Cause, LocationReader, ReadMode, Source, Validated};
use callboard_db::{DatabaseTarget, connect};
use callboard_entity_model::{
    EntityRef, FileOutcome, FileReading, KnownFile, KnownFiles, LocationSpec, Presence, ReadEntity, Reading,
};
use callboard_foundation::Clock;

const PER_FILE: usize = 500;

/// Stands for files that hold generated entities; `changed` is the newest version of the first entity.
struct Generated {
    count: usize,
    changed: Mutex<u32>,
}

#[async_trait::async_trait]
impl LocationReader for Generated {
    async fn read(&self, _source: &Source, known: &KnownFiles, _mode: ReadMode) -> Reading {
        let changed = *self.changed.lock().unwrap();
        let files = (0..self.count.div_ceil(PER_FILE)).map(|file| {
            let version = if file == 0 { changed } else { 0 };
            let location: Arc<str> = format!("file:/srv/catalog/generated/part-{file:05}.yaml").into();
            let fingerprint = version.to_string();
            let outcome = match known.get(&location) {
                Some(before) if before.fingerprint == fingerprint => FileOutcome::Unchanged,
                _ => FileOutcome::Read {
                    entities: (file * PER_FILE..self.count.min((file + 1) * PER_FILE))
                        .map(|n| entity(n, if n == 0 { version } else { 0 }, &location))
                        .collect(),
                    keep: Vec::new(),
                    has_unknown: false,
                    known: KnownFile { fingerprint, ..KnownFile::default() },
                },
            };
            FileReading { location, outcome, problems: Vec::new() }
        });
        Reading { files: files.collect(), is_complete: true, problems: Vec::new() }
    }

    fn validate(&self, _yaml: &str, _location: &str) -> Validated {
        Validated::default()
    }
}

fn entity(n: usize, version: u32, location: &str) -> ReadEntity {
    let document = serde_json::json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {
            "name": format!("service-{n:06}"), "namespace": "default",
            "title": format!("Service number {n}"),
            "description": format!("Takes part in the measurement, version {version}, and says nothing else of note."),
            "labels": {"tier": "backend", "region": format!("region-{}", n % 7)},
            "annotations": {
                "backstage.io/managed-by-location": location, "backstage.io/managed-by-origin-location": location,
                "github.com/project-slug": format!("example/service-{n:06}"),
            },
            "tags": ["java", "grpc"],
        },
        "spec": {
            "type": "service", "lifecycle": "production", "owner": format!("team-{:03}", n % 200),
            "system": format!("system-{:04}", n % 1000),
            "dependsOn": [format!("component:service-{:06}", n / 2)],
        },
    })
    .to_string()
    .into_boxed_str();
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&(n as u64).to_be_bytes());
    hash[8..12].copy_from_slice(&version.to_be_bytes());
    let entity_ref = EntityRef::new("component", "default", &format!("service-{n:06}")).unwrap();
    ReadEntity { entity_ref, document, hash, line: 1 }
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(50_000);
    let place = arguments.next().unwrap_or_else(|| "callboard-speed.db".to_owned());
    let target = match place.starts_with("postgres") {
        true => DatabaseTarget::Postgres { url: place.clone(), max_connections: 4 },
        false => DatabaseTarget::SqliteFile(place.clone().into()),
    };
    let db = connect(&target).await.unwrap();
    callboard_migrations::up(&db).await.unwrap();
    let reader = Arc::new(Generated { count, changed: Mutex::new(0) });
    let settings = CatalogSettings::default();
    let catalog = Catalog::open(db.clone(), reader.clone(), Clock::system(), settings.clone()).await.unwrap();
    let location = LocationSpec { kind: "file".into(), target: "/srv/catalog".into(), presence: Presence::Required };
    let start = Instant::now();
    let imported = catalog.import(location, &Actor::system(), &|_| {}).await.unwrap();
    println!("import of {}: {:?} (generating included)", imported.added.len(), start.elapsed());

    let again = |cause| catalog.refresh_source(imported.source, ReadMode::Conditional, cause, &ACTOR);
    let start = Instant::now();
    assert!(again(Cause::Schedule).await.unwrap().is_unchanged());
    println!("second reading: {:?}", start.elapsed());

    let mut times = Vec::new();
    for version in 1..=100 {
        *reader.changed.lock().unwrap() = version;
        let start = Instant::now();
        assert_eq!(again(Cause::Watch).await.unwrap().changed.len(), 1);
        times.push(start.elapsed());
    }
    times.sort();
    println!("one change, commit to view: p50 {:?}, p99 {:?}", times[49], times[98]);
    drop(catalog);

    let start = Instant::now();
    let catalog = Catalog::open(db, reader, Clock::system(), settings).await.unwrap();
    println!("restart: {:?} for {} entities", start.elapsed(), catalog.snapshot().index.len());
    if let DatabaseTarget::SqliteFile(path) = target {
        println!("file: {} bytes an entity", std::fs::metadata(path).unwrap().len() / count as u64);
    }
}

static ACTOR: std::sync::LazyLock<Actor> = std::sync::LazyLock::new(Actor::system);

//! Lets the catalog read through `callboard_discovery`, which it does not know, and watches what was read.
//!
//! Owns the translation of sources and modes, and keeping the watcher up to date: a reading is the moment when the
//! files of a source become known. Reading and watching themselves are the other crate's work.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use callboard_catalog::{LocationReader, ReadMode, Source, SourceOrigin, Validated};
use callboard_discovery::{Origin, Reader, Rule, SourceSpec, Watcher};
use callboard_entity_model::{KnownFiles, Reading};

use super::rules;
use crate::failure::chain;

/// A reader as the catalog wants one.
pub(crate) struct ReaderAdapter {
    reader: Arc<Reader>,
    watcher: Option<Arc<Watcher>>,
    /// What is watched for each source: a hash of its files, so that an unchanged list costs nothing.
    watched: Mutex<HashMap<String, u64>>,
}

impl ReaderAdapter {
    /// Wraps a reader; with a watcher, the files of `file` sources are watched once they were read.
    pub(crate) fn new(reader: Reader, watcher: Option<Watcher>) -> Self {
        Self { reader: Arc::new(reader), watcher: watcher.map(Arc::new), watched: Mutex::default() }
    }

    fn spec(&self, source: &Source) -> SourceSpec {
        let own = source.rules.as_ref().map(rules::from_stored);
        let (origin, rules) = match source.origin {
            SourceOrigin::Config => (Origin::Config, own),
            // The operator names what to import; unless rules are configured, that is permission enough.
            SourceOrigin::Imported if self.reader.settings().rules.is_none() => {
                (Origin::Config, own.or_else(|| Some(vec![Rule::allowing_everything()])))
            }
            SourceOrigin::Imported => (Origin::Config, own),
            // What was brought back is never read; were it read, then as whatever users ask for.
            SourceOrigin::Registered | SourceOrigin::Restored => (Origin::Registered, own),
        };
        SourceSpec { location: source.location.clone(), rules, origin }
    }

    /// Watches the files of a source, in place of those of its last reading.
    async fn watch(&self, source: &Source, reading: &Reading) {
        let Some(watcher) = self.watcher.clone().filter(|_| source.location.kind == "file") else { return };
        let files: Vec<Arc<str>> = reading.files.iter().map(|file| Arc::clone(&file.location)).collect();
        let mut hasher = DefaultHasher::new();
        files.hash(&mut hasher);
        let hash = hasher.finish();
        let reference = source.location.reference();
        if self.watched().insert(reference.clone(), hash) == Some(hash) {
            return;
        }
        let location = source.location.clone();
        // Setting watches walks through folders, which blocks.
        let watching =
            tokio::task::spawn_blocking(move || watcher.watch(&location, files.iter().map(|file| &**file))).await;
        match watching {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(
                    source.location = reference,
                    error = chain(&error),
                    "not every file is watched; the schedule reads them again"
                );
                self.watched().remove(&reference);
            }
            Err(error) => tracing::error!(%error, "watching files failed"),
        }
    }

    fn watched(&self) -> std::sync::MutexGuard<'_, HashMap<String, u64>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl LocationReader for ReaderAdapter {
    async fn read(&self, source: &Source, known: &KnownFiles, mode: ReadMode) -> Reading {
        let mode = match mode {
            ReadMode::Conditional => callboard_discovery::ReadMode::Conditional,
            ReadMode::Full => callboard_discovery::ReadMode::Full,
        };
        let reading = self.reader.read(&self.spec(source), known, mode).await;
        self.watch(source, &reading).await;
        reading
    }

    fn validate(&self, yaml: &str, location: &str) -> Validated {
        let parsed = self.reader.parse_text(yaml.as_bytes(), location);
        Validated { entities: parsed.entities, problems: parsed.problems }
    }
}

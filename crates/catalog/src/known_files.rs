//! What is remembered of the files of each source, kept in memory between readings.
//!
//! Owns the cache. Its entries carry the version of their source: a writer compares it under the log lock, so an entry
//! that another replica has overtaken is noticed and loaded anew.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use callboard_entity_model::{FileOutcome, KnownFiles, Problem, Reading};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    CatalogError,
    store::{
        problems,
        source_files::{self, FileState, SourceFile},
    },
};

/// What the last reading of a source left.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnownSource {
    /// The version of the source that it belongs to.
    pub(crate) version: u64,
    /// What the files that were read are remembered by.
    pub(crate) files: KnownFiles,
    /// The state of the files that the last reading did not simply read.
    pub(crate) states: HashMap<Arc<str>, FileState>,
    /// The problems of the source as a whole.
    pub(crate) problems: Vec<Problem>,
}

impl KnownSource {
    /// Loads it for a source of that version.
    pub(crate) async fn load(
        connection: &impl ConnectionTrait,
        source: Uuid,
        version: u64,
    ) -> Result<Self, CatalogError> {
        let whole = problems::in_scopes(connection, source, &[problems::WHOLE_SOURCE.into()]).await?;
        let mut known = Self {
            version,
            problems: whole.into_iter().map(|problem| problem.stored.problem).collect(),
            ..Self::default()
        };
        for (location, file) in source_files::load(connection, source).await? {
            known.set(location, file);
        }
        Ok(known)
    }

    /// Returns what is remembered of a file.
    pub(crate) fn file(&self, location: &str) -> Option<SourceFile> {
        let known = self.files.get(location).cloned();
        match self.states.get(location) {
            Some(state) => Some(SourceFile { state: *state, known }),
            None => known.map(|known| SourceFile { state: FileState::Read, known: Some(known) }),
        }
    }

    /// Iterates over every file of the source, each once.
    pub(crate) fn locations(&self) -> impl Iterator<Item = &Arc<str>> {
        self.files.keys().chain(self.states.keys().filter(|location| !self.files.contains_key(*location)))
    }

    /// Remembers a file.
    pub(crate) fn set(&mut self, location: Arc<str>, file: SourceFile) {
        if file.state == FileState::Read && file.known.is_some() {
            self.states.remove(&location);
        } else {
            self.states.insert(Arc::clone(&location), file.state);
        }
        match file.known {
            Some(known) => _ = self.files.insert(location, known),
            None => _ = self.files.remove(&location),
        }
    }

    /// Forgets a file.
    pub(crate) fn remove(&mut self, location: &str) {
        self.files.remove(location);
        self.states.remove(location);
    }

    /// Returns whether a reading says nothing new: every file is there, unchanged, and nothing was wrong before.
    pub(crate) fn is_repeated_by(&self, reading: &Reading) -> bool {
        reading.is_complete
            && self.states.is_empty()
            && reading.files.len() == self.files.len()
            && reading.problems == self.problems
            && reading
                .files
                .iter()
                .all(|file| matches!(file.outcome, FileOutcome::Unchanged) && self.files.contains_key(&file.location))
    }
}

/// The cache of all sources.
#[derive(Debug, Default)]
pub(crate) struct KnownSources(Mutex<HashMap<Uuid, Arc<KnownSource>>>);

impl KnownSources {
    /// Returns what is remembered of a source, from memory if it belongs to that version.
    pub(crate) async fn get(
        &self,
        connection: &impl ConnectionTrait,
        source: Uuid,
        version: u64,
    ) -> Result<Arc<KnownSource>, CatalogError> {
        if let Some(known) = self.lock().get(&source).filter(|known| known.version == version) {
            return Ok(Arc::clone(known));
        }
        let known = Arc::new(KnownSource::load(connection, source, version).await?);
        self.lock().insert(source, Arc::clone(&known));
        Ok(known)
    }

    /// Brings a source's entry up to date after a commit; an entry of another version is dropped.
    pub(crate) fn update(&self, source: Uuid, from: u64, to: u64, change: impl FnOnce(&mut KnownSource)) {
        let mut sources = self.lock();
        match sources.get_mut(&source) {
            Some(known) if known.version == from => {
                let known = Arc::make_mut(known);
                change(known);
                known.version = to;
            }
            Some(_) => _ = sources.remove(&source),
            None => {}
        }
    }

    /// Drops a source's entry.
    pub(crate) fn forget(&self, source: Uuid) {
        self.lock().remove(&source);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Arc<KnownSource>>> {
        // A panic while the map was locked cannot have left it half-changed in a way that the version check misses.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

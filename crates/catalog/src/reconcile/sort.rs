//! Sorting a reading: which files were read, which are gone, which say nothing.
//!
//! Owns the rule that only a complete reading removes files that it does not list.

use std::{collections::HashSet, sync::Arc};

use callboard_entity_model::{EntityRef, FileOutcome, KnownFile, Problem, ReadEntity, Reading};

use crate::{
    known_files::KnownSource,
    store::{
        problems::WHOLE_SOURCE,
        source_files::{FileState, SourceFile},
    },
};

/// A file that was read.
#[derive(Debug)]
pub(super) struct ReadFile {
    pub(super) location: Arc<str>,
    pub(super) entities: Vec<ReadEntity>,
    /// Entities that are too broken to take: what is held of them stays.
    pub(super) keep: HashSet<EntityRef>,
    /// Whether everything that is held of this file stays.
    pub(super) keeps_all: bool,
}

/// A reading, sorted.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    pub(super) read: Vec<ReadFile>,
    /// Files that are read or gone: what they declared before is compared.
    pub(super) touched: HashSet<Arc<str>>,
    /// Files to remember, as they are now.
    pub(super) files: Vec<(Arc<str>, SourceFile)>,
    pub(super) gone: Vec<Arc<str>>,
    /// The problems now, of every scope whose problems are replaced.
    pub(super) problems: Vec<(Arc<str>, Problem)>,
    scopes: Vec<Arc<str>>,
    pub(super) has_failures: bool,
}

impl Sorted {
    /// Returns the files whose entities are compared, in the order of the reading.
    pub(super) fn touched_locations(&self) -> Vec<Arc<str>> {
        self.read.iter().map(|file| &file.location).chain(&self.gone).cloned().collect()
    }

    /// Returns whether the entities of a file are compared.
    pub(super) fn is_touched(&self, location: &Arc<str>) -> bool {
        self.touched.contains(location)
    }

    /// Returns the scopes whose problems are replaced.
    pub(super) fn problem_scopes(&self) -> Vec<Arc<str>> {
        self.scopes.clone()
    }
}

/// Sorts a reading.
pub(super) fn sort(reading: Reading, known: &KnownSource) -> Sorted {
    let mut sorted = Sorted::default();
    let mut listed: HashSet<Arc<str>> = HashSet::with_capacity(reading.files.len());
    let whole: Arc<str> = WHOLE_SOURCE.into();
    sorted.problems.extend(reading.problems.into_iter().map(|problem| (Arc::clone(&whole), problem)));
    sorted.scopes.push(whole);
    for file in reading.files {
        let location = file.location;
        if !listed.insert(Arc::clone(&location)) {
            continue;
        }
        let before = known.file(&location);
        let is_unchanged = matches!(file.outcome, FileOutcome::Unchanged);
        match file.outcome {
            FileOutcome::Unchanged => {}
            FileOutcome::Read { entities, keep, has_unknown, known } => {
                sorted.touched.insert(Arc::clone(&location));
                sorted.files.push((Arc::clone(&location), SourceFile { state: FileState::Read, known: Some(known) }));
                sorted.read.push(ReadFile {
                    location: Arc::clone(&location),
                    entities,
                    keep: keep.into_iter().collect(),
                    keeps_all: has_unknown,
                });
            }
            FileOutcome::Gone => {
                sorted.touched.insert(Arc::clone(&location));
                sorted.gone.push(Arc::clone(&location));
            }
            FileOutcome::Failed => {
                sorted.has_failures = true;
                let known = before.and_then(|before| before.known).map(without_fingerprint);
                sorted.files.push((Arc::clone(&location), SourceFile { state: FileState::Failed, known }));
            }
        }
        if !is_unchanged {
            sorted.scopes.push(Arc::clone(&location));
            sorted.problems.extend(file.problems.into_iter().map(|problem| (Arc::clone(&location), problem)));
        }
    }
    if reading.is_complete {
        let mut missing: Vec<Arc<str>> =
            known.locations().filter(|location| !listed.contains(*location)).cloned().collect();
        missing.sort_unstable();
        sorted.touched.extend(missing.iter().cloned());
        sorted.scopes.extend(missing.iter().cloned());
        sorted.gone.extend(missing);
    }
    sorted
}

/// Forgets what shows that a file did not change, but not where it leads: its problems were replaced, so that it has to
/// be parsed when it can be read again.
pub(super) fn without_fingerprint(known: KnownFile) -> KnownFile {
    KnownFile { fingerprint: String::new(), ..known }
}

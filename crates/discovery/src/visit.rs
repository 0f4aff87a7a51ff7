//! One step of a reading: what is the same for files and addresses.
//!
//! Owns the settings of one reading ([`Job`]) and the shape of what visiting one location brings ([`Visited`]).

use std::{path::PathBuf, sync::Arc};

use callboard_entity_model::{FileOutcome, FileReading, KnownFile, LocationSpec, Presence, Problem, ProblemCode};
use chrono::{DateTime, Utc};

use crate::{
    ReadMode, ReaderSettings, fetch::Fetcher, fingerprint::Fingerprint, parse::FileContents, rules::RuleSet,
    scm::ScmHosts,
};

/// Everything that stays the same during one reading.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) settings: Arc<ReaderSettings>,
    pub(crate) scm: ScmHosts,
    pub(crate) fetcher: Fetcher,
    pub(crate) rules: RuleSet,
    /// The location of the source.
    pub(crate) origin: String,
    /// The context of its fingerprints.
    pub(crate) context: String,
    /// The folder that placeholders in files stay inside; `None` when they are off.
    pub(crate) placeholder_root: Option<PathBuf>,
    pub(crate) mode: ReadMode,
    pub(crate) now: DateTime<Utc>,
}

/// What visiting one location brought.
#[derive(Debug)]
pub(crate) struct Visited {
    pub(crate) reading: FileReading,
    /// The locations to visit next.
    pub(crate) children: Vec<LocationSpec>,
}

impl Visited {
    /// The file is the one known.
    pub(crate) fn unchanged(location: Arc<str>, known: Option<KnownFile>) -> Self {
        let reading = FileReading { location, outcome: FileOutcome::Unchanged, problems: Vec::new() };
        Self { reading, children: children_of(known) }
    }

    /// The file is not there; whether that is a fault depends on what was asked for.
    pub(crate) fn missing(location: Arc<str>, presence: Presence, known: Option<KnownFile>) -> Self {
        if presence == Presence::Optional {
            let reading = FileReading { location, outcome: FileOutcome::Gone, problems: Vec::new() };
            return Self { reading, children: Vec::new() };
        }
        let target = location.split_once(':').map_or(&*location, |(_, target)| target);
        let message = format!("`{target}` does not exist; its entities stay until it is back or no longer declared");
        let problem = Problem::error(ProblemCode::NotFound, &*location, message);
        Self::failed(location, problem, known)
    }

    /// The file could not be read: what it brought before stays, and so does what it led to.
    pub(crate) fn failed(location: Arc<str>, problem: Problem, known: Option<KnownFile>) -> Self {
        let reading = FileReading { location, outcome: FileOutcome::Failed, problems: vec![problem] };
        Self { reading, children: children_of(known) }
    }

    /// The file was read.
    pub(crate) fn read(
        location: Arc<str>,
        contents: FileContents,
        fingerprint: &Fingerprint,
        included: Vec<(String, String)>,
        known: Option<KnownFile>,
    ) -> Self {
        let mut children = contents.children;
        // A broken document may be a Location: what it led to is not gone, it can't be read.
        let may_hide_children = contents.has_unknown || contents.keep.iter().any(|kept| kept.kind() == "location");
        if may_hide_children {
            for child in children_of(known) {
                if !children.contains(&child) {
                    children.push(child);
                }
            }
        }
        // A placeholder that failed for now is tried again although the file stays the same.
        let fingerprint = if contents.is_passing { String::new() } else { fingerprint.to_text() };
        let outcome = FileOutcome::Read {
            entities: contents.entities,
            keep: contents.keep,
            has_unknown: contents.has_unknown,
            known: KnownFile { fingerprint, children: children.clone(), included },
        };
        Self { reading: FileReading { location, outcome, problems: contents.problems }, children }
    }
}

fn children_of(known: Option<KnownFile>) -> Vec<LocationSpec> {
    known.map(|known| known.children).unwrap_or_default()
}

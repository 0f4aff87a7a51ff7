//! Readings: what came back from reading a source once, file by file.
//!
//! Owns the shape that the reader (`discovery`) and the writer (`catalog`) agree on. A reading says for each file
//! whether it was read, is unchanged, is gone or failed, and for the whole whether it is complete: only a complete
//! reading may remove anything.

use std::{collections::HashMap, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{ContentHash, EntityRef, Problem};

/// Where entities are declared: a `file` (path, glob or folder) or a `url`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LocationSpec {
    /// `file` or `url`.
    #[serde(rename = "type")]
    pub kind: String,
    /// An absolute path, glob or folder for `file`; an absolute address for `url`.
    pub target: String,
    /// What it means when the target is not there.
    #[serde(default)]
    pub presence: Presence,
}

/// What it means when a target is not there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// A problem; the entities that it declared stay.
    #[default]
    Required,
    /// It declares nothing any more; its entities go.
    Optional,
}

impl LocationSpec {
    /// Returns the location reference, `<type>:<target>`.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("{}:{}", self.kind, self.target)
    }
}

/// What one reading of a source brought.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Every file that belongs to the source now, each location once, parents before children.
    pub files: Vec<FileReading>,
    /// Whether `files` is proven to be the whole list: only then do entities of files not listed go.
    pub is_complete: bool,
    /// Problems of the source as a whole, for example a folder that cannot be listed.
    pub problems: Vec<Problem>,
}

/// What reading one file brought.
#[derive(Debug, Clone)]
pub struct FileReading {
    /// `file:/absolute/path` or `url:https://…`.
    pub location: Arc<str>,
    /// What happened.
    pub outcome: FileOutcome,
    /// Every problem in this file as it is now; for [`FileOutcome::Unchanged`] the stored problems stay and this is empty.
    pub problems: Vec<Problem>,
}

/// What happened to one file.
#[derive(Debug, Clone)]
pub enum FileOutcome {
    /// Its fingerprint is the one known: nothing was parsed, everything stays.
    Unchanged,
    /// It was read; these are all the entities that it declares, and what it is remembered by.
    Read {
        /// The entities; a bad document among good ones is a problem, not an empty list.
        entities: Vec<ReadEntity>,
        /// Entities that the file names but that are too broken to take: their last good version stays.
        keep: Vec<EntityRef>,
        /// Whether a document was so broken that it is not known which entity it was: then nothing of this file goes.
        has_unknown: bool,
        /// What the next reading compares with.
        known: KnownFile,
    },
    /// It is proven not to be there, and that is allowed: its entities go.
    Gone,
    /// It could not be read: its entities stay.
    Failed,
}

/// An entity as read: validated, annotated with where it comes from, ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadEntity {
    /// Its reference.
    pub entity_ref: EntityRef,
    /// The whole entity as compact JSON, keys in the order written, `metadata.namespace` filled in.
    pub document: Box<str>,
    /// SHA-256 of `document`.
    pub hash: ContentHash,
    /// Line of the document in its file, counted from 1.
    pub line: u32,
}

/// What is remembered of a file between readings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownFile {
    /// Size and modification time and hash, or ETag: whatever shows cheaply that nothing changed.
    pub fingerprint: String,
    /// The locations that its Location entities name, resolved, so that an unchanged file needs no parsing.
    #[serde(default)]
    pub children: Vec<LocationSpec>,
    /// Other files that its entities took in through placeholders, with their fingerprints.
    #[serde(default)]
    pub included: Vec<(String, String)>,
}

/// What is remembered of a source's files, by location.
pub type KnownFiles = HashMap<Arc<str>, KnownFile>;

//! Outcomes: what an operation did, or would do.
//!
//! Owns the shapes that the gateway and the command line show.

use std::sync::Arc;

use callboard_entity_model::{EntityRef, Problem, Revision};
use callboard_view::EntityRecord;
use uuid::Uuid;

use crate::Source;

/// What registering a location did, or would do.
#[derive(Debug, Clone)]
pub struct RegisterOutcome {
    /// The new source; absent for a dry run.
    pub source: Option<Arc<Source>>,
    /// Entities that appear.
    pub added: Vec<EntityRef>,
    /// Entities that change.
    pub changed: Vec<EntityRef>,
    /// Entities that go; a new location removes none, so this is there for symmetry with a refresh.
    pub removed: Vec<EntityRef>,
    /// The entities that appear or change, as they are afterwards. For a dry run their revision is 0.
    pub entities: Vec<Arc<EntityRecord>>,
    /// Everything that is wrong, claims on entities of other sources included.
    pub problems: Vec<Problem>,
    /// The revision at which it is visible; for a dry run the one that it was compared with.
    pub revision: Revision,
}

/// What unregistering a location did, or would do.
#[derive(Debug, Clone)]
pub struct UnregisterOutcome {
    /// Entities that go.
    pub removed: Vec<EntityRef>,
    /// Entities that stay because another source declares them too.
    pub taken_over: Vec<EntityRef>,
    /// The revision at which it is visible; for a dry run the one that it was compared with.
    pub revision: Revision,
}

/// What bringing an entity back did.
#[derive(Debug, Clone)]
pub struct RestoreOutcome {
    /// The source that holds it now.
    pub source: Arc<Source>,
    /// The entity.
    pub entity_ref: EntityRef,
    /// The revision at which it is visible.
    pub revision: Revision,
}

/// What reading a source again, or confirming a removal, did.
#[derive(Debug, Clone)]
pub struct RefreshOutcome {
    /// The source.
    pub source: Uuid,
    /// Entities that appeared.
    pub added: Vec<EntityRef>,
    /// Entities that changed.
    pub changed: Vec<EntityRef>,
    /// Entities that went.
    pub removed: Vec<EntityRef>,
    /// Entities whose removal waits for confirmation, those of earlier readings included.
    pub held: Vec<EntityRef>,
    /// Everything that is wrong with the source now.
    pub problems: Vec<Problem>,
    /// How many files the source has.
    pub file_count: usize,
    /// The revision at which it is visible.
    pub revision: Revision,
}

impl RefreshOutcome {
    /// Returns whether any entity changed.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportProgress {
    /// The location is being read.
    Reading,
    /// It has been read: so many files, and so many entities in those that changed.
    Read {
        /// Files of the location.
        files: usize,
        /// Entities in the files that changed.
        entities: usize,
    },
    /// The difference is being written: so many changes.
    Writing {
        /// Entities that appear, change or go.
        changes: usize,
    },
    /// It is committed and visible.
    Done,
}

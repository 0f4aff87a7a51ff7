//! A row of the log as the rest of the program sees it.
//!
//! Owns the shape; reading rows is `crate::store::changes`' work, handing them out is `crate::feed`'s.

use std::sync::Arc;

use callboard_entity_model::{EntityRef, Revision};
use callboard_view::EntityRecord;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{Actor, Cause};

/// One committed change to one entity.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its position in the log.
    pub revision: Revision,
    /// What happened.
    pub operation: Operation,
    /// The entity.
    pub entity_ref: EntityRef,
    /// The state before; absent when created.
    pub before: Option<Arc<EntityRecord>>,
    /// The state after; absent when deleted.
    pub after: Option<Arc<EntityRecord>>,
    /// The source through which it came. It may be gone by now.
    pub source: Uuid,
    /// Who did it.
    pub actor: Actor,
    /// What led to it.
    pub cause: Cause,
    /// When.
    pub committed_at: DateTime<Utc>,
}

/// What happened to an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// It was not there before.
    Created,
    /// Its document, its file or its source changed.
    Updated,
    /// It is not there any more.
    Deleted,
}

impl Operation {
    /// Returns the stable lower-case name that is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
        }
    }

    /// Finds the operation of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Created, Self::Updated, Self::Deleted].into_iter().find(|operation| operation.as_str() == name)
    }
}

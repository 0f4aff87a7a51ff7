//! What the store hands in: entities as stored, and how they changed.
//!
//! Owns the shapes only. Reading a document's fields is `crate::envelope`'s and `crate::extract`'s work.

use std::sync::Arc;

use callboard_entity_model::{ContentHash, EntityRef, Revision};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::Envelope;

/// An entity as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityRecord {
    /// Its reference.
    pub entity_ref: EntityRef,
    /// The whole entity as compact JSON.
    pub document: Box<str>,
    /// SHA-256 of the document.
    pub hash: ContentHash,
    /// The revision that gave it this document.
    pub revision: Revision,
    /// When it first came into the catalog.
    pub created_at: DateTime<Utc>,
    /// When it got this document.
    pub updated_at: DateTime<Utc>,
    /// The source that declares it.
    pub source: Uuid,
    /// The file or address that declares it: `file:/absolute/path` or `url:https://…`.
    pub location: Arc<str>,
}

impl EntityRecord {
    /// Reads the document's envelope; see [`Envelope`].
    #[must_use]
    pub fn envelope(&self) -> Envelope<'_> {
        Envelope::read(self)
    }
}

/// How one entity changed.
#[derive(Debug, Clone)]
pub enum ViewChange {
    /// It is new, or has a new document.
    Upsert(Arc<EntityRecord>),
    /// It is gone.
    Remove(EntityRef),
}

//! A snapshot: everything that one request sees.
//!
//! Owns the pair of views that are swapped together, and the stamp that tells snapshots apart; what is in the views
//! stands in `callboard-view` and `crate::sources_view`.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use callboard_entity_model::Revision;
use callboard_view::CatalogIndex;

use crate::SourcesView;

/// The stamp given out last.
static LAST_STAMP: AtomicU64 = AtomicU64::new(0);

/// The catalog at one revision. It never changes; a newer one takes its place for later requests.
#[derive(Debug)]
pub struct CatalogSnapshot {
    /// The entities.
    pub index: Arc<CatalogIndex>,
    /// The sources, with their problems, claims and held removals.
    pub sources: Arc<SourcesView>,
    /// Which snapshot it is: no other of this process has the same, and a later one has a larger. Unlike the revision
    /// it also changes when only the sources did, so whatever is kept of an answer is kept under this.
    pub stamp: u64,
}

impl CatalogSnapshot {
    /// Puts a snapshot together, with a stamp of its own.
    #[must_use]
    pub fn new(index: Arc<CatalogIndex>, sources: Arc<SourcesView>) -> Self {
        Self { index, sources, stamp: LAST_STAMP.fetch_add(1, Ordering::Relaxed) + 1 }
    }

    /// Returns the revision of the entities.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.index.revision()
    }
}

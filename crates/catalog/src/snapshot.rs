//! A snapshot: everything that one request sees.
//!
//! Owns the pair of views that are swapped together; what is in them stands in `callboard-view` and
//! `crate::sources_view`.

use std::sync::Arc;

use callboard_entity_model::Revision;
use callboard_view::CatalogIndex;

use crate::SourcesView;

/// The catalog at one revision. It never changes; a newer one takes its place for later requests.
#[derive(Debug)]
pub struct CatalogSnapshot {
    /// The entities.
    pub index: Arc<CatalogIndex>,
    /// The sources, with their problems, claims and held removals.
    pub sources: Arc<SourcesView>,
}

impl CatalogSnapshot {
    /// Returns the revision of the entities.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.index.revision()
    }
}

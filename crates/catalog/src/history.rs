//! History: the changes of one entity.
//!
//! Owns paging through them. They are read from the log, so they reach back as far as it does.

use std::sync::Arc;

use callboard_entity_model::{EntityRef, Revision};

use crate::{
    Catalog, CatalogError, Change,
    store::history::{self, Span},
};

/// Which of an entity's changes, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistoryPage {
    /// So many, starting with the newest, or with the one before a revision.
    Newest {
        /// At most so many.
        limit: usize,
        /// Only older ones than this.
        older_than: Option<Revision>,
    },
    /// So many, ending with the oldest, or with the one after a revision.
    Oldest {
        /// At most so many.
        limit: usize,
        /// Only newer ones than this.
        newer_than: Option<Revision>,
    },
}

/// A page of an entity's changes.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// The changes, newest first.
    pub changes: Vec<Arc<Change>>,
    /// Whether there are newer ones.
    pub has_newer: bool,
    /// Whether there are older ones that are still kept.
    pub has_older: bool,
}

impl Catalog {
    /// Reads changes of an entity, those up to `until`, whether or not it exists.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn history(
        &self,
        entity_ref: &EntityRef,
        until: Revision,
        page: HistoryPage,
    ) -> Result<History, CatalogError> {
        let (limit, span) = match page {
            HistoryPage::Newest { limit, older_than } => {
                let before = older_than.map_or(until.next(), |revision| revision.min(until.next()));
                (limit, Span { after: Revision(0), before, limit: limit as u64 + 1, is_oldest_first: false })
            }
            HistoryPage::Oldest { limit, newer_than } => {
                let after = newer_than.unwrap_or_default();
                (limit, Span { after, before: until.next(), limit: limit as u64 + 1, is_oldest_first: true })
            }
        };
        let mut changes = history::of_entity(&self.inner().db, entity_ref, span).await?;
        let has_more = changes.len() > limit;
        changes.truncate(limit);
        Ok(match page {
            HistoryPage::Newest { older_than, .. } => {
                History { has_newer: older_than.is_some_and(|it| it <= until), has_older: has_more, changes }
            }
            HistoryPage::Oldest { newer_than, .. } => {
                changes.reverse();
                History { has_newer: has_more, has_older: newer_than.is_some_and(|it| it > Revision(0)), changes }
            }
        })
    }

    /// Counts the changes of an entity up to a revision, as far as they are still kept.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn history_count(&self, entity_ref: &EntityRef, until: Revision) -> Result<u64, CatalogError> {
        history::count_of_entity(&self.inner().db, entity_ref, until).await
    }
}

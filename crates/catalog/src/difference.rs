//! Differences: which entities are not the same at two points.
//!
//! Owns the net difference: what changed and changed back is none. Only what changed in between is looked at, so it
//! costs what changed and not what there is.

use std::sync::Arc;

use callboard_entity_model::{EntityRef, Revision};
use callboard_view::{CatalogIndex, EntityRecord};

use crate::{
    Catalog, CatalogError, CatalogSnapshot, Change, Operation,
    store::{history, log_head},
};

impl Catalog {
    /// Returns the entities that are not the same in two snapshots, in the order of their references. Either may be the
    /// later one.
    ///
    /// # Errors
    /// When the log does not reach back to the earlier one any more, or cannot be read.
    pub async fn diff(&self, from: &CatalogSnapshot, to: &CatalogSnapshot) -> Result<Arc<[EntityRef]>, CatalogError> {
        let (from, to) = (&from.index, &to.index);
        let log = self.inner().log.get().id;
        let find = self.find_differences(from, to);
        self.inner().past.differences.get_or_insert_async(&(log, from.revision(), to.revision()), find).await
    }

    /// Returns each of these entities' change from one snapshot to the other, as if it were a single one: with the states
    /// in the two, and the revision, the time and the author of the newest change in between.
    ///
    /// # Errors
    /// As [`Catalog::diff`].
    pub async fn diff_changes(
        &self,
        from: &CatalogSnapshot,
        to: &CatalogSnapshot,
        refs: &[EntityRef],
    ) -> Result<Vec<Arc<Change>>, CatalogError> {
        if refs.is_empty() {
            return Ok(Vec::new());
        }
        let (earlier, later) = in_order(&from.index, &to.index);
        let db = &self.inner().db;
        let newest = history::newest_of_entities(db, refs, earlier, later).await?;
        self.inner().log.get().id.check(log_head::read(db).await?, earlier)?;
        let net = refs.iter().filter_map(|entity_ref| {
            let before = from.index.record(entity_ref).cloned();
            let after = to.index.record(entity_ref).cloned();
            let operation = match (&before, &after) {
                (None, Some(_)) => Operation::Created,
                (Some(_), None) => Operation::Deleted,
                _ => Operation::Updated,
            };
            Some(Arc::new(Change { operation, before, after, ..Change::clone(newest.get(entity_ref)?) }))
        });
        Ok(net.collect())
    }

    async fn find_differences(
        &self,
        from: &Arc<CatalogIndex>,
        to: &Arc<CatalogIndex>,
    ) -> Result<Arc<[EntityRef]>, CatalogError> {
        let (earlier, later) = in_order(from, to);
        if earlier == later {
            return Ok(Arc::default());
        }
        let db = &self.inner().db;
        let mut refs = history::changed_refs(db, earlier, later).await?;
        self.inner().log.get().id.check(log_head::read(db).await?, earlier)?;
        refs.retain(|entity_ref| !is_same(from.record(entity_ref), to.record(entity_ref)));
        refs.sort_unstable();
        Ok(refs.into())
    }
}

fn in_order(one: &CatalogIndex, other: &CatalogIndex) -> (Revision, Revision) {
    (one.revision().min(other.revision()), one.revision().max(other.revision()))
}

/// Returns whether an entity says the same and comes from the same place; when it changed does not matter.
fn is_same(one: Option<&Arc<EntityRecord>>, other: Option<&Arc<EntityRecord>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => {
            one.document == other.document && one.source == other.source && one.location == other.location
        }
        (None, None) => true,
        _ => false,
    }
}

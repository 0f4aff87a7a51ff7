//! What comes next in the log for one subscription.
//!
//! Owns the one place that decides whether the log still joins on to a position, and which changes are wanted.

use std::sync::Arc;

use callboard_catalog::{Catalog, CatalogError, Change, ChangeCursor, Operation, Resume};
use callboard_view::{Filter, QueryError};

/// How many changes are read at once.
const PAGE: u64 = 64;

/// What comes next.
#[derive(Debug)]
pub(crate) enum Next {
    /// These changes, in order and without a gap; at least one.
    Changes(Vec<Arc<Change>>),
    /// The log does not join on to the place: it was shortened past it, or the database was taken back to an earlier
    /// state. The state at this place is where to go on.
    Reset(ChangeCursor),
    /// There is nothing yet.
    Nothing,
}

/// Returns what comes after a place.
///
/// # Errors
/// When the log can't be read.
pub(crate) async fn next(catalog: &Catalog, place: ChangeCursor) -> Result<Next, CatalogError> {
    if let Resume::Reset(reset) = catalog.resume(place).await? {
        return Ok(Next::Reset(reset.cursor));
    }
    match catalog.changes_page(place.revision, PAGE).await {
        Ok(changes) if changes.is_empty() => Ok(Next::Nothing),
        Ok(changes) => Ok(Next::Changes(changes)),
        // It happened since the last line.
        Err(CatalogError::HistoryExpired { .. } | CatalogError::LogReplaced) => Ok(Next::Reset(catalog.reset().cursor)),
        Err(error) => Err(error),
    }
}

/// Which changes somebody wants.
#[derive(Debug)]
pub(crate) struct Wish {
    pub(crate) filter: Option<Filter>,
    pub(crate) operations: Option<Vec<Operation>>,
}

impl Wish {
    /// Returns whether a change is wanted: of these operations, and of an entity that the filter takes before or after
    /// it, so that an entity that leaves the filter is told of once more.
    ///
    /// # Errors
    /// When the filter can't be evaluated.
    pub(crate) fn wants(&self, catalog: &Catalog, change: &Change) -> Result<bool, QueryError> {
        if self.operations.as_ref().is_some_and(|wanted| !wanted.contains(&change.operation)) {
            return Ok(false);
        }
        let Some(filter) = &self.filter else { return Ok(true) };
        // Only the one entity is looked at; the rest of the filter is evaluated within that.
        let filter = Filter::And(vec![Filter::Ref(vec![change.entity_ref.clone()]), filter.clone()]);
        let snapshot = catalog.snapshot();
        for record in [&change.before, &change.after].into_iter().flatten() {
            if snapshot.index.matches(&filter, record)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

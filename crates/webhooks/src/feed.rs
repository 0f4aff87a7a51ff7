//! What comes next in the log for one subscription.
//!
//! Owns the one place that decides whether the log still joins on to a position, and which changes are wanted.

use std::sync::Arc;

use callboard_catalog::{Catalog, CatalogError, Change, Operation};
use callboard_entity_model::Revision;
use callboard_view::{Filter, QueryError};

/// How many changes are read at once.
const PAGE: u64 = 64;

/// What comes next.
#[derive(Debug)]
pub(crate) enum Next {
    /// These changes, in order and without a gap; at least one.
    Changes(Vec<Arc<Change>>),
    /// The log does not join on to the position: it was compacted past it, or went back with a restored backup. The
    /// state at this revision is where to go on.
    Reset(Revision),
    /// There is nothing yet.
    Nothing,
}

/// Returns what comes after a position.
///
/// # Errors
/// When the log can't be read.
pub(crate) async fn next(catalog: &Catalog, position: Revision) -> Result<Next, CatalogError> {
    if catalog.snapshot().revision() < position {
        // Another replica may have been ahead; whoever has caught up and is still behind has another log.
        catalog.catch_up().await?;
    }
    let head = catalog.snapshot().revision();
    if head < position {
        return Ok(Next::Reset(head));
    }
    // Revisions have no gaps, so a page that begins later says that what was between is not kept any more.
    let changes = match catalog.changes_page(position, PAGE).await {
        Err(CatalogError::HistoryExpired { .. } | CatalogError::LogReplaced) => {
            return Ok(Next::Reset(catalog.snapshot().revision()));
        }
        read => read?,
    };
    Ok(match changes.first() {
        None if head == position => Next::Nothing,
        Some(first) if first.revision == position.next() => Next::Changes(changes),
        _ => Next::Reset(catalog.snapshot().revision()),
    })
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

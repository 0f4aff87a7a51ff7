//! Changes in pages: the log for those who ask now and then instead of following it.
//!
//! Owns the walk through the log that looks for changes somebody wants. It is bounded, so that a filter that nothing passes
//! can't make one question read the whole log: a page may be empty, and still say where to go on.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use callboard_catalog::{Catalog, CatalogError, CatalogSnapshot, Change, ChangeCursor, Operation, Resume};
use callboard_entity_model::Revision;
use callboard_view::{Filter, QueryError};

use super::{
    change::{ChangeType, EntityChange},
    context::ContextExt,
    filter::EntityFilter,
    page::{Page, PageArguments, PageInfo},
};
use crate::error::GatewayError;

/// At most so many changes are looked at for one page.
const MAX_LOOKED_AT: usize = 2_000;
/// So many are read at once.
const CHUNK: u64 = 256;

/// A page of changes.
#[derive(Debug)]
pub(crate) struct EntityChangeConnection {
    items: Vec<(String, Arc<EntityChange>)>,
    info: PageInfo,
    is_reset: bool,
}

/// A change of a page with its cursor.
#[derive(Debug, SimpleObject)]
pub(crate) struct EntityChangeEdge {
    /// Marks the place in this list.
    cursor: String,
    /// The change.
    node: Arc<EntityChange>,
}

/// A page of changes.
#[Object]
impl EntityChangeConnection {
    /// The changes of the page with their cursors.
    async fn edges(&self) -> Vec<EntityChangeEdge> {
        let edge = |(cursor, node): &(String, Arc<EntityChange>)| EntityChangeEdge {
            cursor: cursor.clone(),
            node: Arc::clone(node),
        };
        self.items.iter().map(edge).collect()
    }

    /// The changes of the page.
    async fn nodes(&self) -> Vec<Arc<EntityChange>> {
        self.items.iter().map(|(_, node)| Arc::clone(node)).collect()
    }

    /// Where the page stands in the whole. In the log `endCursor` is where to go on even when the page is empty, be it
    /// because nothing happened or because nothing was wanted of all that was looked at.
    async fn page_info(&self) -> PageInfo {
        self.info.clone()
    }

    /// Whether the cursor given was of no use, because changes after it are no longer kept or it belongs to another log:
    /// read `entities` now, then go on after `endCursor`.
    async fn is_reset(&self) -> bool {
        self.is_reset
    }
}

impl EntityChangeConnection {
    /// Takes a page that was made elsewhere.
    pub(crate) fn new(items: Vec<(String, Arc<EntityChange>)>, info: PageInfo) -> Self {
        Self { items, info, is_reset: false }
    }

    /// Reads a page of the log.
    pub(crate) async fn of_log(
        ctx: &Context<'_>,
        filter: Option<EntityFilter>,
        types: Option<Vec<ChangeType>>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, GatewayError> {
        let page = PageArguments { first, ..PageArguments::default() }.resolve(ctx.settings())?;
        let (Page::Forward(first, _) | Page::Backward(first, _)) = page;
        let wish = Wish {
            filter: filter.map(EntityFilter::into_filter).transpose()?,
            operations: types.map(|types| types.into_iter().map(Into::into).collect()),
        };
        let catalog = ctx.catalog();
        let after = after.map(|cursor| cursor.parse::<ChangeCursor>()).transpose();
        let start = match after.map_err(|_| GatewayError::InvalidCursor)? {
            None => catalog.cursor_at(Revision(catalog.oldest_revision().0.saturating_sub(1))),
            Some(cursor) => match catalog.resume(cursor).await? {
                Resume::After(_) => cursor,
                Resume::Reset(_) => return Ok(Self::reset(catalog)),
            },
        };
        match Self::walk(catalog, ctx.snapshot(), &wish, start, first).await {
            Err(GatewayError::Catalog(CatalogError::HistoryExpired { .. } | CatalogError::LogReplaced)) => {
                Ok(Self::reset(catalog))
            }
            page => page,
        }
    }

    async fn walk(
        catalog: &Catalog,
        snapshot: &Arc<CatalogSnapshot>,
        wish: &Wish,
        start: ChangeCursor,
        first: usize,
    ) -> Result<Self, GatewayError> {
        let newest = snapshot.revision();
        let mut items = Vec::new();
        let mut place = start;
        let mut looked_at = 0;
        while place.revision < newest && items.len() < first && looked_at < MAX_LOOKED_AT {
            let chunk = catalog.changes_page(place.revision, CHUNK).await?;
            if chunk.is_empty() {
                // The log was taken back behind the snapshot of this request.
                return Ok(Self::reset(catalog));
            }
            for change in chunk.into_iter().take_while(|change| change.revision <= newest) {
                looked_at += 1;
                place.revision = change.revision;
                if wish.wants(snapshot, &change)? {
                    let node = EntityChange::new(change, Arc::clone(snapshot), place);
                    items.push((place.to_string(), Arc::new(node)));
                }
                if items.len() == first {
                    break;
                }
            }
        }
        let info = PageInfo {
            has_next_page: place.revision < newest,
            has_previous_page: start.revision.next() > catalog.oldest_revision(),
            start_cursor: items.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: Some(place.to_string()),
        };
        Ok(Self { items, info, is_reset: false })
    }

    fn reset(catalog: &Catalog) -> Self {
        let end_cursor = Some(catalog.reset().cursor.to_string());
        let info = PageInfo { has_next_page: false, has_previous_page: false, start_cursor: None, end_cursor };
        Self { items: Vec::new(), info, is_reset: true }
    }
}

/// Which changes are wanted.
struct Wish {
    filter: Option<Filter>,
    operations: Option<Vec<Operation>>,
}

impl Wish {
    /// Returns whether a change is wanted: the entity before or after it, so that one that no longer passes is told too.
    fn wants(&self, snapshot: &CatalogSnapshot, change: &Change) -> Result<bool, QueryError> {
        if self.operations.as_ref().is_some_and(|wanted| !wanted.contains(&change.operation)) {
            return Ok(false);
        }
        let Some(filter) = &self.filter else { return Ok(true) };
        // Only the one entity is looked at; the rest of the filter is evaluated within that.
        let filter = Filter::And(vec![Filter::Ref(vec![change.entity_ref.clone()]), filter.clone()]);
        for record in [&change.before, &change.after].into_iter().flatten() {
            if snapshot.index.matches(&filter, record)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

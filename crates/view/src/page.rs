//! Pages: a part of a selection, in order.
//!
//! Owns what a page request and its answer are. Finding the entities in order is `walk`'s work.

mod walk;

use std::sync::Arc;

use self::walk::Walk;
use crate::{
    CatalogIndex, EntityHandle, Order, QueryError, Selection,
    cursor::Position,
    order::{SortKey, sort_keys},
};

/// Which part of an ordered list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageRequest {
    /// The first so many after a cursor, or from the beginning.
    Forward {
        /// How many at most.
        first: usize,
        /// The cursor that the page follows.
        after: Option<String>,
    },
    /// The last so many before a cursor, or up to the end; in the order of the list all the same.
    Backward {
        /// How many at most.
        last: usize,
        /// The cursor that follows the page.
        before: Option<String>,
    },
}

impl PageRequest {
    /// Returns the request for the first page.
    #[must_use]
    pub fn first(first: usize) -> Self {
        Self::Forward { first, after: None }
    }
}

/// A part of an ordered list.
#[derive(Debug, Clone)]
pub struct EntityPage {
    /// The entities in order.
    pub edges: Vec<EntityEdge>,
    /// Whether the list goes on after this page.
    pub has_next: bool,
    /// Whether the list has something before this page.
    pub has_previous: bool,
    /// How many entities the whole list has.
    pub total: u64,
}

impl EntityPage {
    /// Returns the cursor of the first entity.
    #[must_use]
    pub fn start_cursor(&self) -> Option<String> {
        self.edges.first().map(EntityEdge::cursor)
    }

    /// Returns the cursor of the last entity.
    #[must_use]
    pub fn end_cursor(&self) -> Option<String> {
        self.edges.last().map(EntityEdge::cursor)
    }
}

/// An entity in an ordered list.
#[derive(Debug, Clone)]
pub struct EntityEdge {
    /// The entity.
    pub entity: EntityHandle,
    keys: Arc<[SortKey]>,
}

impl EntityEdge {
    /// Returns the cursor that stands at this entity; it is made at each call.
    #[must_use]
    pub fn cursor(&self) -> String {
        Position::of(self.entity.record(), &self.keys).write(&self.keys)
    }
}

impl CatalogIndex {
    /// Returns a page of a selection of this snapshot.
    ///
    /// Cursors hold the place, not the page: going on from one never shows an entity twice and never leaves one out
    /// that was there all the time with the same sort values, whatever else has changed.
    ///
    /// # Errors
    /// When the cursor is damaged or of another order, there are more than 8 sort keys, or one can't be ordered by.
    pub fn page(
        self: &Arc<Self>,
        selection: &Selection,
        orders: &[Order],
        request: &PageRequest,
    ) -> Result<EntityPage, QueryError> {
        let keys = sort_keys(orders)?;
        let (limit, cursor, is_backward) = match request {
            PageRequest::Forward { first, after } => (*first, after, false),
            PageRequest::Backward { last, before } => (*last, before, true),
        };
        let start = cursor.as_deref().map(|cursor| Position::read(cursor, &keys)).transpose()?;
        let walk = Walk::new(self, &keys, is_backward);
        // One more than asked for shows whether the list goes on.
        let mut ids = walk.take(&selection.ids, start.as_ref(), limit.saturating_add(1));
        let goes_on = ids.len() > limit;
        ids.truncate(limit);
        let came_from = self.has_behind(selection, &keys, is_backward, start.as_ref(), ids.first().copied());
        if is_backward {
            ids.reverse();
        }
        let edges = ids
            .into_iter()
            .filter_map(|id| Some(EntityEdge { entity: self.handle(id)?, keys: Arc::clone(&keys) }))
            .collect();
        let (has_next, has_previous) = if is_backward { (came_from, goes_on) } else { (goes_on, came_from) };
        Ok(EntityPage { edges, has_next, has_previous, total: selection.len() })
    }

    /// Returns whether there is anything on the other side of where the page began.
    fn has_behind(
        &self,
        selection: &Selection,
        keys: &Arc<[SortKey]>,
        is_backward: bool,
        start: Option<&Position>,
        first: Option<u32>,
    ) -> bool {
        if start.is_none() {
            return false;
        }
        let Some(record) = first.and_then(|id| self.node(id)).and_then(|node| node.record.as_ref()) else {
            // Nothing came after the cursor, so whatever there is comes before.
            return !selection.is_empty();
        };
        let place = Position::of(record, keys);
        !Walk::new(self, keys, !is_backward).take(&selection.ids, Some(&place), 1).is_empty()
    }
}

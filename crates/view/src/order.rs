//! Orders: how a list is sorted.
//!
//! Owns the sort keys that can be asked for and which field each reads. Walking a list in order is `crate::page`'s
//! work.

use std::sync::Arc;

use crate::{FieldPath, QueryError, field::Field};

/// One sort key. Entities without a value come last in both directions; what is equal is ordered by reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What to sort by.
    pub by: OrderBy,
    /// Which way.
    pub direction: Direction,
}

/// What to sort by. Texts are compared in lower case, byte by byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderBy {
    /// The name.
    Name,
    /// The display name: the title, or else the name.
    Title,
    /// The kind.
    Kind,
    /// The namespace.
    Namespace,
    /// When it first came into the catalog.
    CreatedAt,
    /// When it got its document.
    UpdatedAt,
    /// The value at a path; of a list, the smallest element.
    Path(FieldPath),
}

/// Which way to sort.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest, or earliest, first.
    #[default]
    Ascending,
    /// Largest, or latest, first.
    Descending,
}

impl Order {
    /// Returns the ascending order by this key.
    #[must_use]
    pub fn ascending(by: OrderBy) -> Self {
        Self { by, direction: Direction::Ascending }
    }

    /// Returns the descending order by this key.
    #[must_use]
    pub fn descending(by: OrderBy) -> Self {
        Self { by, direction: Direction::Descending }
    }
}

/// A sort key, resolved to a field that has at most one value per entity.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct SortKey {
    pub(crate) field: Field,
    pub(crate) is_descending: bool,
}

/// The most sort keys that a list can have.
const MAX_ORDERS: usize = 8;

/// Resolves sort keys; a key that repeats an earlier one says nothing new and is dropped.
pub(crate) fn sort_keys(orders: &[Order]) -> Result<Arc<[SortKey]>, QueryError> {
    if orders.len() > MAX_ORDERS {
        return Err(QueryError::TooManyOrders { count: orders.len(), max: MAX_ORDERS });
    }
    let mut keys: Vec<SortKey> = Vec::with_capacity(orders.len());
    for order in orders {
        let field = match &order.by {
            OrderBy::Name => Field::path("metadata.name"),
            OrderBy::Title => Field::DisplayName,
            OrderBy::Kind => Field::path("kind"),
            OrderBy::Namespace => Field::path("metadata.namespace"),
            OrderBy::CreatedAt => Field::CreatedAt,
            OrderBy::UpdatedAt => Field::UpdatedAt,
            OrderBy::Path(path) => match &path.0 {
                Field::Path(path) if matches!(&**path, "kind" | "metadata.name" | "metadata.namespace") => {
                    Field::Path(Arc::clone(path))
                }
                Field::Path(path) => Field::Smallest(Arc::clone(path)),
                Field::DisplayName | Field::CreatedAt | Field::UpdatedAt => path.0.clone(),
                other => {
                    return Err(QueryError::InvalidPath {
                        path: other.to_string(),
                        reason: "lists can't be ordered by it",
                    });
                }
            },
        };
        if keys.iter().all(|key| key.field != field) {
            keys.push(SortKey { field, is_descending: order.direction == Direction::Descending });
        }
    }
    Ok(keys.into())
}

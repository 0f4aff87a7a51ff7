//! Orders as asked for.
//!
//! Owns the input types and their turn into `view`'s orders.

use async_graphql::{Enum, InputObject};
use callboard_view::{Direction, FieldPath, Order, OrderBy};

use crate::error::GatewayError;

/// One key to sort by. Exactly one of `field` and `path` is given. What has no value comes last.
#[derive(Debug, Clone, PartialEq, Eq, InputObject)]
pub(crate) struct EntityOrder {
    /// A field that every entity has.
    pub(crate) field: Option<EntityOrderField>,
    /// Any path into the document, for example `spec.lifecycle`.
    pub(crate) path: Option<String>,
    /// Which way.
    #[graphql(default)]
    pub(crate) direction: OrderDirection,
}

/// A field to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum EntityOrderField {
    /// The name.
    Name,
    /// The title, else the name.
    Title,
    /// The kind.
    Kind,
    /// The namespace.
    Namespace,
    /// When it first came into the catalog.
    CreatedAt,
    /// When it got its present form.
    UpdatedAt,
}

/// Which way to sort.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Enum)]
pub(crate) enum OrderDirection {
    /// Smallest first.
    #[default]
    Asc,
    /// Largest first.
    Desc,
}

/// Turns the keys asked for into the view's.
pub(crate) fn to_orders(order_by: Vec<EntityOrder>) -> Result<Vec<Order>, GatewayError> {
    order_by.into_iter().map(EntityOrder::into_order).collect()
}

impl EntityOrder {
    fn into_order(self) -> Result<Order, GatewayError> {
        let by = match (self.field, self.path) {
            (Some(field), None) => field.into(),
            (None, Some(path)) => OrderBy::Path(FieldPath::parse(&path)?),
            _ => return Err(GatewayError::bad_argument("orderBy", "needs exactly one of `field` and `path`")),
        };
        Ok(match self.direction {
            OrderDirection::Asc => Order { by, direction: Direction::Ascending },
            OrderDirection::Desc => Order { by, direction: Direction::Descending },
        })
    }
}

impl From<EntityOrderField> for OrderBy {
    fn from(field: EntityOrderField) -> Self {
        match field {
            EntityOrderField::Name => Self::Name,
            EntityOrderField::Title => Self::Title,
            EntityOrderField::Kind => Self::Kind,
            EntityOrderField::Namespace => Self::Namespace,
            EntityOrderField::CreatedAt => Self::CreatedAt,
            EntityOrderField::UpdatedAt => Self::UpdatedAt,
        }
    }
}

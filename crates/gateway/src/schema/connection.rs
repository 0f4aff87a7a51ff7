//! Pages of entities, with the total and the facets of the whole filtered set.
//!
//! Owns `EntityConnection`. What is not asked for is not computed: the page, the total and each facet only when a field
//! needs them. Filtering, ordering and counting are `view`'s work.

mod plan;

use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

use async_graphql::{
    ContextSelectionSet, Object, OutputType, Positioned, ServerResult, SimpleObject, Value, parser::types::Field,
    registry::Registry,
};
use callboard_catalog::CatalogSnapshot;
use callboard_entity_model::EntityRef;
use callboard_view::{EntityPage, Filter, Order, PageRequest, QueryError, Selection};

pub(crate) use self::plan::ConnectionPlan;
use super::{
    entity::{AnyEntity, EntityNode},
    filter::EntityFilter,
    order::{EntityOrder, to_orders},
    page::{Page, PageArguments, PageInfo},
};
use crate::{GatewaySettings, error::GatewayError};

/// The most values of a facet that can be asked for.
const MAX_FACET_VALUES: i32 = 1_000;
/// The most facets that can be asked for at once.
const MAX_FACETS: usize = 20;

/// A page of entities.
#[derive(Debug)]
pub(crate) struct EntityConnection {
    snapshot: Arc<CatalogSnapshot>,
    selection: Selection,
    orders: Vec<Order>,
    request: PageRequest,
    page: OnceLock<Result<EntityPage, QueryError>>,
}

impl EntityConnection {
    /// Selects entities that pass all of `filters` and what the client asks for.
    pub(crate) fn within(
        snapshot: &Arc<CatalogSnapshot>,
        mut filters: Vec<Filter>,
        filter: Option<EntityFilter>,
        order_by: Option<Vec<EntityOrder>>,
        page: PageArguments,
        settings: &GatewaySettings,
    ) -> Result<Self, GatewayError> {
        if let Some(filter) = filter {
            filters.push(filter.into_filter()?);
        }
        let filter = match filters.len() {
            0 => None,
            1 => filters.pop(),
            _ => Some(Filter::And(filters)),
        };
        let request = match page.resolve(settings)? {
            Page::Forward(first, after) => PageRequest::Forward { first, after },
            Page::Backward(last, before) => PageRequest::Backward { last, before },
        };
        Ok(Self {
            selection: snapshot.index.select(filter.as_ref())?,
            snapshot: Arc::clone(snapshot),
            orders: to_orders(order_by.unwrap_or_default())?,
            request,
            page: OnceLock::new(),
        })
    }

    fn node(&self, edge: &callboard_view::EntityEdge) -> EntityNode {
        EntityNode::new(edge.entity.clone(), Arc::clone(&self.snapshot))
    }

    fn page(&self) -> Result<&EntityPage, GatewayError> {
        let page = self.page.get_or_init(|| self.snapshot.index.page(&self.selection, &self.orders, &self.request));
        page.as_ref().map_err(|error| error.clone().into())
    }
}

impl OutputType for EntityConnection {
    fn type_name() -> Cow<'static, str> {
        ConnectionFields::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        ConnectionFields::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match plan::write_connection(ctx, self) {
            Some(written) => Ok(written),
            None => ConnectionFields(self).resolve(ctx, field).await,
        }
    }
}

/// The fields of a page of entities.
struct ConnectionFields<'a>(&'a EntityConnection);

/// A page of entities, with the total and the facets of everything that was asked for.
#[Object(name = "EntityConnection")]
impl<'a> ConnectionFields<'a> {
    /// The entities of the page with their cursors.
    async fn edges(&self) -> Result<Vec<EntityEdge>, GatewayError> {
        let edges = self.0.page()?.edges.iter();
        let edge = |edge: &callboard_view::EntityEdge| EntityEdge {
            cursor: edge.cursor(),
            node: AnyEntity(self.0.node(edge)),
        };
        Ok(edges.map(edge).collect())
    }

    /// The entities of the page.
    async fn nodes(&self) -> Result<Vec<AnyEntity>, GatewayError> {
        let edges = self.0.page()?.edges.iter();
        Ok(edges.map(|edge| AnyEntity(self.0.node(edge))).collect())
    }

    /// Where the page stands in the whole.
    async fn page_info(&self) -> Result<PageInfo, GatewayError> {
        let page = self.0.page()?;
        Ok(PageInfo {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: page.start_cursor(),
            end_cursor: page.end_cursor(),
        })
    }

    /// How many entities there are, this page and all others.
    async fn total_count(&self) -> u64 {
        self.0.selection.len()
    }

    /// How often each value occurs, counted over all entities and not only those of the page.
    async fn facets(
        &self,
        #[graphql(
            desc = "What to count: `kind`, `namespace`, `type`, `lifecycle`, `owner`, `system`, `tags`, or any path \
                          into the document such as `spec.region` or `metadata.labels.tier`. At most 20."
        )]
        fields: Vec<String>,
        #[graphql(desc = "The most values per field, the most frequent first; at most 1000.", default = 20)] limit: i32,
    ) -> Result<Vec<Facet>, GatewayError> {
        facets(&self.0.snapshot, &self.0.selection, &fields, limit)
    }
}

/// Counts the values of fields over a selection, with the entities that the values name.
pub(crate) fn facets(
    snapshot: &Arc<CatalogSnapshot>,
    selection: &Selection,
    fields: &[String],
    limit: i32,
) -> Result<Vec<Facet>, GatewayError> {
    if fields.len() > MAX_FACETS {
        let (requested, max) = (fields.len(), MAX_FACETS);
        return Err(GatewayError::PageSizeExceeded { argument: "fields", requested, max });
    }
    let values = match usize::try_from(limit) {
        Ok(requested) if limit > MAX_FACET_VALUES => {
            let max = MAX_FACET_VALUES.unsigned_abs() as usize;
            return Err(GatewayError::PageSizeExceeded { argument: "limit", requested, max });
        }
        Ok(values) => values,
        Err(_) => return Err(GatewayError::bad_argument("limit", "must not be negative")),
    };
    fields.iter().map(|field| facet(snapshot, selection, field, values)).collect()
}

fn facet(
    snapshot: &Arc<CatalogSnapshot>,
    selection: &Selection,
    field: &str,
    limit: usize,
) -> Result<Facet, GatewayError> {
    let facet = snapshot.index.facet(selection, field, limit)?;
    let names_entities = matches!(facet.field.as_str(), "owner" | "system") || facet.field.starts_with("relations.");
    let value = |value: callboard_view::FacetValue| FacetValue {
        entity: match names_entities {
            true => value.value.parse::<EntityRef>().ok().and_then(|it| EntityNode::find(snapshot, &it)),
            false => None,
        }
        .map(AnyEntity),
        value: value.value,
        count: value.count,
    };
    Ok(Facet {
        field: field.to_owned(),
        other_count: facet.other_count,
        values: facet.values.into_iter().map(value).collect(),
    })
}

/// An entity of a page with its cursor.
#[derive(Debug, SimpleObject)]
pub(crate) struct EntityEdge {
    /// Marks the place; it stays valid when the catalog changes.
    cursor: String,
    /// The entity.
    node: AnyEntity,
}

/// How often each value of a field occurs.
#[derive(Debug, SimpleObject)]
pub(crate) struct Facet {
    /// The field as asked for.
    field: String,
    /// The values, the most frequent first.
    values: Vec<FacetValue>,
    /// How many occurrences fall to values beyond `limit`.
    other_count: u64,
}

/// A value of a field and how often it occurs.
#[derive(Debug, SimpleObject)]
pub(crate) struct FacetValue {
    /// The value as written; of several ways to write it, one.
    value: String,
    /// How many entities have it.
    count: u64,
    /// The entity that the value refers to, for `owner` and `system`; null when there is none.
    entity: Option<AnyEntity>,
}

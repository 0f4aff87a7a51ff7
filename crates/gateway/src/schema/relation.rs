//! Relations as one entity sees them.
//!
//! Owns the generic `relations` field's types. Typed relation fields stand in `crate::schema::entity`.

mod plan;

use std::{borrow::Cow, sync::Arc};

use async_graphql::{
    ContextSelectionSet, Enum, InputObject, Object, OutputType, Positioned, ServerResult, SimpleObject, Value,
    parser::types::Field, registry::Registry,
};
use callboard_catalog::CatalogSnapshot;
use callboard_entity_model::RelationType;
use callboard_view::EntityRelation;

use super::{
    entity::{AnyEntity, EntityNode},
    filter::parse_relation_type,
    page::{Page, PageInfo, cut},
    scalars::EntityRefScalar,
};
use crate::error::GatewayError;

/// Which relations. All fields given have to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, InputObject)]
pub(crate) struct RelationFilter {
    /// One of these types, for example `dependsOn`; see `relationTypes`.
    pub(crate) types: Option<Vec<String>>,
    /// Who declared it.
    pub(crate) direction: Option<RelationDirection>,
    /// The target is of one of these kinds.
    pub(crate) target_kinds: Option<Vec<String>>,
    /// The target does not exist (`true`), or exists (`false`).
    pub(crate) is_dangling: Option<bool>,
}

/// Who declared a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum RelationDirection {
    /// The entity that it is seen from.
    Outgoing,
    /// The other entity.
    Incoming,
}

impl From<RelationDirection> for callboard_view::RelationDirection {
    fn from(direction: RelationDirection) -> Self {
        match direction {
            RelationDirection::Outgoing => Self::Outgoing,
            RelationDirection::Incoming => Self::Incoming,
        }
    }
}

impl From<callboard_view::RelationDirection> for RelationDirection {
    fn from(direction: callboard_view::RelationDirection) -> Self {
        match direction {
            callboard_view::RelationDirection::Outgoing => Self::Outgoing,
            callboard_view::RelationDirection::Incoming => Self::Incoming,
        }
    }
}

/// A relation as seen from one entity: that entity `type` target.
#[derive(Debug, SimpleObject)]
pub(crate) struct Relation {
    /// The type, for example `ownedBy`.
    #[graphql(name = "type")]
    kind: &'static str,
    /// Who declared it.
    direction: RelationDirection,
    /// The other entity's reference.
    target_ref: EntityRefScalar,
    /// The other entity; null when it does not exist.
    target: Option<AnyEntity>,
}

/// A relation of a page with its cursor.
#[derive(Debug, SimpleObject)]
pub(crate) struct RelationEdge {
    /// Marks the place; it stays valid when the catalog changes.
    cursor: String,
    /// The relation.
    node: Relation,
}

/// A page of relations.
#[derive(Debug)]
pub(crate) struct RelationConnection {
    snapshot: Arc<CatalogSnapshot>,
    items: Vec<(String, EntityRelation)>,
    info: PageInfo,
    total_count: usize,
}

impl RelationConnection {
    /// Takes the relations of an entity that pass the filter.
    pub(crate) fn new(node: &EntityNode, filter: RelationFilter, page: Page) -> Result<Self, GatewayError> {
        let types = match &filter.types {
            Some(names) => {
                let parsed = names.iter().map(|name| parse_relation_type("types", name));
                Some(parsed.collect::<Result<Vec<RelationType>, _>>()?)
            }
            None => None,
        };
        let is_wanted = |relation: &EntityRelation| {
            let kind = relation.target.kind();
            types.as_ref().is_none_or(|types| types.contains(&relation.kind))
                && filter.direction.is_none_or(|wanted| wanted == relation.direction.into())
                && filter.is_dangling.is_none_or(|wanted| wanted == relation.entity.is_none())
                && filter.target_kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|it| it.eq_ignore_ascii_case(kind)))
        };
        let mut relations: Vec<_> = node.handle().relations().into_iter().filter(is_wanted).collect();
        relations.sort_by_cached_key(sort_key);
        let total_count = relations.len();
        let cut = cut(page, relations, sort_key)?;
        let snapshot = Arc::clone(node.snapshot());
        Ok(Self { snapshot, items: cut.items, info: cut.info, total_count })
    }

    fn relation(&self, relation: &EntityRelation) -> Relation {
        let target = relation.entity.clone();
        Relation {
            kind: relation.kind.as_str(),
            direction: relation.direction.into(),
            target_ref: (&relation.target).into(),
            target: target.map(|target| AnyEntity(EntityNode::new(target, Arc::clone(&self.snapshot)))),
        }
    }
}

fn sort_key(relation: &EntityRelation) -> String {
    format!("{} {}", relation.kind.as_str(), relation.target)
}

impl OutputType for RelationConnection {
    fn type_name() -> Cow<'static, str> {
        RelationFields::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        RelationFields::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match plan::write_connection(ctx, self) {
            Some(written) => Ok(written),
            None => RelationFields(self).resolve(ctx, field).await,
        }
    }
}

/// The fields of a page of relations.
struct RelationFields<'a>(&'a RelationConnection);

/// A page of relations.
#[Object(name = "RelationConnection")]
impl<'a> RelationFields<'a> {
    /// The relations of the page with their cursors.
    async fn edges(&self) -> Vec<RelationEdge> {
        let edge = |(cursor, it): &(String, EntityRelation)| RelationEdge {
            cursor: cursor.clone(),
            node: self.0.relation(it),
        };
        self.0.items.iter().map(edge).collect()
    }

    /// The relations of the page.
    async fn nodes(&self) -> Vec<Relation> {
        self.0.items.iter().map(|(_, relation)| self.0.relation(relation)).collect()
    }

    /// Where the page stands in the whole.
    async fn page_info(&self) -> PageInfo {
        self.0.info.clone()
    }

    /// How many relations there are, this page and all others.
    async fn total_count(&self) -> usize {
        self.0.total_count
    }
}

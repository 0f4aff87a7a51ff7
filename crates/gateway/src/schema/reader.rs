//! What can be asked of the catalog alike as it is and as it was.
//!
//! Owns the fields that `Query` and `Snapshot` share, once, and the interface `CatalogReader` that says so. Which snapshot
//! they read is all that differs.

use std::{borrow::Cow, sync::Arc};

use async_graphql::{
    Context, ContextSelectionSet, Object, OutputType, Positioned, ServerResult, Value,
    parser::types::Field,
    registry::{MetaType, MetaTypeId, Registry},
};
use callboard_catalog::CatalogSnapshot;
use callboard_entity_model::EntityRef;

use super::{
    connection::EntityConnection,
    context::ContextExt,
    entity::{AnyEntity, EntityNode},
    filter::EntityFilter,
    graph::{self, CycleConnection, EntityGraph, GraphInput, Impact, ImpactDirection, PathResult, PathsInput},
    order::EntityOrder,
    page::{PageArguments, check_list_length},
    scalars::{EntityRefScalar, RevisionScalar},
};
use crate::error::GatewayError;

/// Reads one snapshot: the request's own, or one of the past.
#[derive(Debug, Default)]
pub(crate) struct ReaderFields(Option<Arc<CatalogSnapshot>>);

impl ReaderFields {
    /// Reads a snapshot of the past.
    pub(crate) fn of(snapshot: Arc<CatalogSnapshot>) -> Self {
        Self(Some(snapshot))
    }

    /// Returns the snapshot that is read; every shared field reads this one and no other.
    pub(crate) fn snapshot<'a>(&'a self, ctx: &'a Context<'_>) -> &'a Arc<CatalogSnapshot> {
        self.0.as_ref().unwrap_or_else(|| ctx.snapshot())
    }
}

/// The shared fields; this type itself is never shown.
#[Object(name = "ReaderFields")]
impl ReaderFields {
    /// The revision that everything below is read at.
    async fn revision(&self, ctx: &Context<'_>) -> RevisionScalar {
        self.snapshot(ctx).revision().into()
    }

    /// One entity by its reference; null when there is none.
    async fn entity(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "ref", desc = "The reference; a component is meant where no kind is named.")]
        reference: EntityRefScalar,
    ) -> Result<Option<AnyEntity>, GatewayError> {
        Ok(EntityNode::find(self.snapshot(ctx), &reference.parse()?).map(AnyEntity))
    }

    /// Many entities by their references, in the order asked for; null where there is none.
    async fn entities_by_refs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The references, at most 500; a component is meant where no kind is named.")] refs: Vec<
            EntityRefScalar,
        >,
    ) -> Result<Vec<Option<AnyEntity>>, GatewayError> {
        check_list_length("refs", refs.len(), ctx.settings())?;
        let refs: Vec<EntityRef> = refs.iter().map(EntityRefScalar::parse).collect::<Result<_, _>>()?;
        Ok(refs.iter().map(|it| EntityNode::find(self.snapshot(ctx), it).map(AnyEntity)).collect())
    }

    /// Entities, filtered, ordered and in pages, with their total and facets.
    async fn entities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entities; all when left out.")] filter: Option<EntityFilter>,
        #[graphql(desc = "In which order, the first key first; by reference when left out.")] order_by: Option<
            Vec<EntityOrder>,
        >,
        #[graphql(desc = "How many from the start; 50 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<EntityConnection, GatewayError> {
        let page = PageArguments { first, after, last, before };
        EntityConnection::within(self.snapshot(ctx), Vec::new(), filter, order_by, page, ctx.settings())
    }

    /// What is around one or more entities, as nodes and edges.
    async fn graph(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which neighbourhood.")] input: GraphInput,
    ) -> Result<EntityGraph, GatewayError> {
        graph::neighborhood(self.snapshot(ctx), ctx.settings(), input)
    }

    /// Everything that is affected when this entity changes or fails; null when there is no such entity.
    async fn impact(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "ref", desc = "The reference; a component is meant where no kind is named.")]
        reference: EntityRefScalar,
        #[graphql(desc = "Which side of it is looked at.", default)] direction: ImpactDirection,
        #[graphql(
            desc = "The types of relations along which failure spreads, each read \"dependent TYPE dependency\"; `dependsOn`, \
                    `consumesApi` and `apiProvidedBy` when left out."
        )]
        relation_types: Option<Vec<String>>,
        #[graphql(desc = "How many relations away at most, up to 100.", default = 10)] max_depth: i32,
    ) -> Result<Option<Impact>, GatewayError> {
        graph::impact(self.snapshot(ctx), &reference, direction, relation_types, max_depth)
    }

    /// How one entity leads to another. From an entity to itself there is one path, without any step.
    async fn paths(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which paths.")] input: PathsInput,
    ) -> Result<PathResult, GatewayError> {
        graph::paths(self.snapshot(ctx), ctx.settings(), input)
    }

    /// Cycles: sets of more than one entity in which each leads to each. An entity that only names itself is none.
    async fn cycles(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Along which types of relations; of a type and its inverse only one is followed.",
            default_with = "vec![\"dependsOn\".to_owned()]"
        )]
        relation_types: Vec<String>,
        #[graphql(desc = "Cycles with at least one member that passes; all when left out.")] filter: Option<
            EntityFilter,
        >,
        #[graphql(desc = "How many from the start; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor.")] after: Option<String>,
    ) -> Result<CycleConnection, GatewayError> {
        graph::cycles(self.snapshot(ctx), ctx.settings(), relation_types, filter, first, after)
    }
}

/// The interface. Nothing is ever answered as it; it says that its two types can be asked the same.
pub(crate) struct CatalogReader;

impl OutputType for CatalogReader {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("CatalogReader")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Interface, |registry| {
            let fields = match registry.create_fake_output_type::<ReaderFields>() {
                MetaType::Object { fields, .. } => fields,
                _ => Default::default(),
            };
            // Types that nothing leads to were sorted out before; this one only lent its fields.
            registry.types.remove(&*ReaderFields::type_name());
            let types = ["Query", "Snapshot"];
            for name in types {
                registry.add_implements(name, "CatalogReader");
            }
            MetaType::Interface {
                name: "CatalogReader".to_owned(),
                description: Some("What can be asked of the catalog alike as it is and as it was.".to_owned()),
                fields,
                possible_types: types.into_iter().map(str::to_owned).collect(),
                extends: false,
                inaccessible: false,
                tags: Vec::new(),
                keys: None,
                visible: None,
                rust_typename: Some(std::any::type_name::<Self>()),
                directive_invocations: Vec::new(),
                requires_scopes: Vec::new(),
            }
        })
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Null)
    }
}

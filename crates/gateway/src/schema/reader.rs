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

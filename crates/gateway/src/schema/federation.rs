//! Apollo Federation: this gateway as a subgraph, whose entities other subgraphs name by their reference.
//!
//! Owns what federation adds to `Query`, and only where it is switched on: `_service` with the schema as a router composes
//! it, and `_entities`. It is our own, because async-graphql's answers one unknown entity by failing all of them, and is
//! there or not there for the program instead of for an installation. Start reading at [`FederationFields`].

mod printing;
mod representation;

use std::{borrow::Cow, sync::Arc};

use async_graphql::{
    Any, ContainerType, Context, ContextSelectionSet, Error, Object, OutputType, Positioned, ServerResult,
    SimpleObject, Value,
    parser::types::Field,
    registry::{MetaType, MetaTypeId, Registry},
    resolver_utils::resolve_container,
};

pub(super) use self::printing::subgraph_sdl;
use self::representation::Representation;
use super::{
    context::ContextExt,
    entity::{AnyEntity, entity_type_names},
    page::check_list_length,
    query::Query,
};
use crate::error::GatewayError;

/// What a router asks first: what is here.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(name = "_Service")]
struct Service {
    /// The schema, with the directives of federation and without what federation adds.
    sdl: String,
}

/// An entity that another subgraph named.
struct NamedEntity(AnyEntity);

impl OutputType for NamedEntity {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("_Entity")
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Union, |_| MetaType::Union {
            name: "_Entity".to_owned(),
            description: Some("Whatever another subgraph can name.".to_owned()),
            possible_types: entity_type_names().map(str::to_owned).collect(),
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: Some(std::any::type_name::<Self>()),
            directive_invocations: Vec::new(),
        })
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

/// The fields that federation adds to `Query`; this type itself is never shown.
#[derive(Debug, Clone)]
pub(super) struct FederationFields {
    sdl: Arc<str>,
}

impl FederationFields {
    /// Takes the schema's text, as [`subgraph_sdl`] prints it.
    pub(super) fn new(sdl: String) -> Self {
        Self { sdl: sdl.into() }
    }
}

#[Object]
impl FederationFields {
    /// What a federation router asks first.
    #[graphql(name = "_service")]
    async fn service(&self) -> Service {
        Service { sdl: self.sdl.as_ref().to_owned() }
    }

    /// The entities that other subgraphs name, in the order asked for; null where there is none of that type.
    #[graphql(name = "_entities")]
    async fn entities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Objects with `__typename` and `ref`, at most 500.")] representations: Vec<Any>,
    ) -> Result<Vec<Option<Result<NamedEntity, Error>>>, GatewayError> {
        check_list_length("representations", representations.len(), ctx.settings())?;
        let find = |Any(value): &Any| match Representation::parse(value) {
            Ok(named) => named.find(ctx.snapshot()).map(|entity| Ok(NamedEntity(entity))),
            // One that can't be read is an error of its own; the others are answered.
            Err(error) => Some(Err(error.into())),
        };
        Ok(representations.iter().map(find).collect())
    }
}

/// `Query` with the fields of federation: registering this type adds them to a schema.
pub(super) struct FederatedQuery<'a>(&'a FederationFields);

impl OutputType for FederatedQuery<'_> {
    fn type_name() -> Cow<'static, str> {
        <Query as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let name = Query::create_type_info(registry);
        if let MetaType::Object { fields: added, .. } = registry.create_fake_output_type::<FederationFields>()
            && let Some(MetaType::Object { fields, .. }) = registry.types.get_mut(&*Query::type_name())
        {
            fields.extend(added);
        }
        name
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        resolve_container(ctx, self.0).await
    }
}

/// The root of everything that can be asked: `Query`, and what federation adds where it is switched on.
pub(crate) struct QueryRoot {
    federation: Option<FederationFields>,
}

impl QueryRoot {
    /// Makes the root.
    pub(super) fn new(federation: Option<FederationFields>) -> Self {
        Self { federation }
    }
}

impl ContainerType for QueryRoot {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        match &self.federation {
            Some(federation) if ctx.item.node.name.node.starts_with('_') => federation.resolve_field(ctx).await,
            _ => Query::default().resolve_field(ctx).await,
        }
    }
}

impl OutputType for QueryRoot {
    fn type_name() -> Cow<'static, str> {
        <Query as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Query::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        resolve_container(ctx, self).await
    }
}

impl async_graphql::ObjectType for QueryRoot {}

#[cfg(test)]
mod tests;

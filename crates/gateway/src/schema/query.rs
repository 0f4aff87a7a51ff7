//! What can be asked.
//!
//! Owns the fields of `Query`. Each reads the request's snapshot and nothing else, without waiting and without a database;
//! only webhooks, which are not part of a snapshot, are read from where they are kept.

use async_graphql::{Context, ID, Object};
use callboard_entity_model::EntityRef;

use super::{
    connection::EntityConnection,
    context::ContextExt,
    entity::{AnyEntity, EntityNode},
    filter::EntityFilter,
    location::{LocationFilter, RegisteredLocationConnection},
    node::AnyNode,
    order::EntityOrder,
    page::{PageArguments, check_list_length},
    problem::{ProblemConnection, ProblemFilter},
    registry::{self, KindDefinition, RelationTypeDefinition},
    scalars::{EntityRefScalar, RevisionScalar},
    webhook::WebhookSubscriptionConnection,
};
use crate::error::GatewayError;

/// The root of everything that can be asked. All fields of one request are answered from the same revision.
pub(crate) struct Query;

/// What can be asked. All fields of one request are answered from the same revision.
#[Object]
impl Query {
    /// The revision that this answer is of.
    async fn revision(&self, ctx: &Context<'_>) -> RevisionScalar {
        ctx.snapshot().revision().into()
    }

    /// One entity by its reference; null when there is none.
    async fn entity(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "ref", desc = "The reference; a component is meant where no kind is named.")]
        reference: EntityRefScalar,
    ) -> Result<Option<AnyEntity>, GatewayError> {
        Ok(EntityNode::find(ctx.snapshot(), &reference.parse()?).map(AnyEntity))
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
        Ok(refs.iter().map(|it| EntityNode::find(ctx.snapshot(), it).map(AnyEntity)).collect())
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
        EntityConnection::within(ctx.snapshot(), Vec::new(), filter, order_by, page, ctx.settings())
    }

    /// Anything by its id; null when there is none.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id.")] id: ID,
    ) -> Result<Option<AnyNode>, GatewayError> {
        Ok(AnyNode::find_all(ctx, &[id]).await?.pop().flatten())
    }

    /// Many things by their ids, in the order asked for; null where there is none.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ids, at most 500.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<AnyNode>>, GatewayError> {
        check_list_length("ids", ids.len(), ctx.settings())?;
        AnyNode::find_all(ctx, &ids).await
    }

    /// The locations that the catalog reads, those of the configuration and those that were registered.
    async fn locations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which locations; all when left out.")] filter: Option<LocationFilter>,
        #[graphql(desc = "How many from the start; 50 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<RegisteredLocationConnection, GatewayError> {
        let page = PageArguments { first, after, last, before }.resolve(ctx.settings())?;
        RegisteredLocationConnection::new(ctx.snapshot(), filter.unwrap_or_default(), page)
    }

    /// What is wrong with what the locations declare, oldest first.
    async fn problems(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which problems; all when left out.")] filter: Option<ProblemFilter>,
        #[graphql(desc = "How many from the start; 50 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<ProblemConnection, GatewayError> {
        let page = PageArguments { first, after, last, before }.resolve(ctx.settings())?;
        ProblemConnection::new(ctx.snapshot(), filter.unwrap_or_default(), page)
    }

    /// Who is told of changes: the webhooks, oldest first.
    async fn webhooks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start; 50 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<WebhookSubscriptionConnection, GatewayError> {
        let page = PageArguments { first, after, last, before }.resolve(ctx.settings())?;
        WebhookSubscriptionConnection::new(ctx.webhooks().list().await?, page)
    }

    /// The kinds of entities: the built-in ones, then custom ones of which there are entities.
    async fn kinds(&self, ctx: &Context<'_>) -> Vec<KindDefinition> {
        registry::kinds(ctx.snapshot())
    }

    /// The types of relations, each followed by its inverse.
    async fn relation_types(&self, ctx: &Context<'_>) -> Vec<RelationTypeDefinition> {
        registry::relation_types(ctx.snapshot())
    }
}

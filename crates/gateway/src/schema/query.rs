//! What can be asked.
//!
//! Owns the fields of `Query`, but for those that it shares with the past (`reader`). Those about the present read the
//! request's snapshot and nothing else: no waiting, no database. Those about the past read the log, and webhooks, which are
//! not part of a snapshot, are read from where they are kept.

use async_graphql::{Context, ID, MergedObject, Object};

use super::{
    change::ChangeType,
    change_page::EntityChangeConnection,
    context::ContextExt,
    filter::EntityFilter,
    history::EntityRevisionConnection,
    location::{LocationFilter, RegisteredLocationConnection},
    node::AnyNode,
    page::{PageArguments, check_list_length},
    problem::{ProblemConnection, ProblemFilter},
    reader::ReaderFields,
    registry::{self, KindDefinition, RelationTypeDefinition},
    scalars::EntityRefScalar,
    snapshot::{Snapshot, SnapshotInput},
    webhook::WebhookSubscriptionConnection,
};
use crate::error::GatewayError;

/// What can be asked. All fields of one request are answered from the same revision.
#[derive(Default, MergedObject)]
pub(crate) struct Query(ReaderFields, QueryFields, PastFields);

/// What can be asked beside what `CatalogReader` has.
#[derive(Default)]
pub(crate) struct QueryFields;

/// What can be asked about the past.
#[derive(Default)]
pub(crate) struct PastFields;

/// The fields that read the present; this type itself is never shown.
#[Object(name = "QueryFields")]
impl QueryFields {
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

/// The fields that read the log; this type itself is never shown.
#[Object(name = "PastFields")]
impl PastFields {
    /// The catalog as it was: at a revision or at a time.
    async fn snapshot(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "When.")] at: SnapshotInput,
    ) -> Result<Option<Snapshot>, GatewayError> {
        Snapshot::find(ctx, at).await.map(Some)
    }

    /// What changed, in the order of the log; the cursors are those of the subscription of the same name. A page may be
    /// empty because nothing that is wanted was among the changes looked at: go on after `endCursor` while there is a next
    /// page.
    async fn entity_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entities, before or after the change; all when left out.")] filter: Option<
            EntityFilter,
        >,
        #[graphql(desc = "Which changes; all when left out.")] types: Option<Vec<ChangeType>>,
        #[graphql(desc = "How many from the start; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "A cursor of an earlier page or event; from the oldest change kept when left out.")]
        after: Option<String>,
    ) -> Result<EntityChangeConnection, GatewayError> {
        EntityChangeConnection::of_log(ctx, filter, types, first, after).await
    }

    /// The versions of an entity, newest first, whether or not it still exists.
    async fn entity_history(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "ref", desc = "The reference; a component is meant where no kind is named.")]
        reference: EntityRefScalar,
        #[graphql(desc = "How many from the newest; 50 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the oldest.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<EntityRevisionConnection, GatewayError> {
        let page = PageArguments { first, after, last, before };
        EntityRevisionConnection::read(ctx, ctx.snapshot(), reference.parse()?, page).await
    }
}

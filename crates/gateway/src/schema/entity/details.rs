//! The fields that every entity has and that lead to more than a single value.
//!
//! Owns them once, for the interface `Entity` and for its ten types alike. They stand apart from the single values in
//! `fields` because answering them needs much more memory at a time than answering a name does.

use async_graphql::{Context, Object};
use callboard_document::sizes::MAX_CLAIMS;

use super::{
    EntityNode, Owner,
    parts::{EntityClaim, EntityLink, EntityOrigin, KeyValue, Status},
    scan,
};
use crate::{
    error::GatewayError,
    schema::{
        context::ContextExt,
        history::EntityRevisionConnection,
        location::RegisteredLocation,
        page::PageArguments,
        problem,
        relation::{RelationConnection, RelationFilter},
        scalars::UrlScalar,
    },
};

/// An entity, as far as its compound fields go.
pub(crate) struct EntityDetails<'a>(pub(super) &'a EntityNode);

/// The compound fields; this type itself is never shown.
#[Object(name = "EntityDetails")]
impl<'a> EntityDetails<'a> {
    /// Labels, in the order written.
    async fn labels(&self) -> Vec<KeyValue> {
        let labels = self.0.handle().envelope().labels.into_iter();
        labels.map(|(key, value)| KeyValue { key: key.into_owned(), value: value.into_owned() }).collect()
    }

    /// Annotations, in the order written, those about the origin included.
    async fn annotations(&self) -> Vec<KeyValue> {
        let annotations = self.0.handle().envelope().annotations.into_iter();
        annotations.map(|(key, value)| KeyValue { key: key.into_owned(), value: value.into_owned() }).collect()
    }

    /// Links for people, in the order written.
    async fn links(&self) -> Vec<EntityLink> {
        let links = self.0.handle().envelope().links.into_iter();
        let link = |link: callboard_view::Link<'_>| EntityLink {
            url: UrlScalar(link.url.into_owned()),
            title: link.title.map(|title| title.into_owned()),
            icon: link.icon.map(|icon| icon.into_owned()),
            kind: link.kind.map(|kind| kind.into_owned()),
        };
        links.map(link).collect()
    }

    /// Where it comes from.
    async fn origin(&self) -> EntityOrigin {
        let record = self.0.record();
        let location = RegisteredLocation::find(self.0.snapshot(), record.source);
        let view_url = self.0.annotation_json("backstage.io/view-url").and_then(scan::decoded);
        let source_url = view_url.or_else(|| record.location.strip_prefix("url:").map(str::to_owned));
        EntityOrigin {
            is_read_only: location.as_ref().is_some_and(RegisteredLocation::is_from_config),
            location,
            target: record.location.to_string(),
            source_url: source_url.map(UrlScalar),
        }
    }

    /// Whether everything is well with what declares it.
    async fn status(&self) -> Status {
        problem::status_of_entity(self.0)
    }

    /// What other files declare of the same entity: the first keeps it, and the next takes over when the first lets go. At
    /// most 100 of them, the next ones first.
    async fn claims(&self) -> Vec<EntityClaim> {
        let claims = self.0.snapshot().sources.claims_of(self.0.entity_ref()).iter();
        let claim = |claim: &callboard_catalog::Claim| EntityClaim {
            location: RegisteredLocation::find(self.0.snapshot(), claim.source),
            target: claim.location.to_string(),
            since: claim.since,
        };
        claims.take(MAX_CLAIMS).map(claim).collect()
    }

    /// Its owner; null when it has none or the reference leads nowhere.
    async fn owner(&self) -> Option<Owner> {
        self.0.owner()
    }

    /// Its relations, both those that it declares and those that others declare about it, seen from here: a group has
    /// `ownerOf`, a component `ownedBy`. In the order of type and target.
    async fn relations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which relations; all when left out.")] filter: Option<RelationFilter>,
        #[graphql(desc = "How many from the start; 50 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<RelationConnection, GatewayError> {
        let page = PageArguments { first, after, last, before }.resolve(ctx.settings())?;
        RelationConnection::new(self.0, filter.unwrap_or_default(), page)
    }

    /// Its versions, newest first, up to the revision that it was read at. They reach back as far as changes are kept.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the newest; 50 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the oldest.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<EntityRevisionConnection, GatewayError> {
        let page = PageArguments { first, after, last, before };
        EntityRevisionConnection::read(ctx, self.0.snapshot(), self.0.entity_ref().clone(), page).await
    }
}

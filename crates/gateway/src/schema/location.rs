//! Registered locations: where the catalog reads.
//!
//! Owns the GraphQL shapes. Registering and reading are `catalog`'s work. Entities of kind Location are another thing: they
//! stand in `crate::schema::entity`.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use callboard_catalog::{CatalogSnapshot, Source, SourceOrigin};
use callboard_entity_model::Presence;
use callboard_view::Filter;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    connection::EntityConnection,
    context::ContextExt,
    entity::{Status, StatusLevel},
    filter::{EntityFilter, StringFilter},
    global_id::GlobalId,
    order::EntityOrder,
    page::{Page, PageArguments, PageInfo, cut},
    problem::{level_of_source, status_of_source},
    scalars::EntityRefScalar,
};
use crate::error::GatewayError;

/// A location that the catalog reads, and the snapshot that it was found in.
#[derive(Debug, Clone)]
pub(crate) struct RegisteredLocation {
    snapshot: Arc<CatalogSnapshot>,
    source: Arc<Source>,
}

/// What it means when a target is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "LocationPresence", remote = "Presence")]
pub(crate) enum LocationPresence {
    /// It is a problem, and the entities that it declared stay.
    Required,
    /// It declares nothing any more, and its entities go.
    Optional,
}

impl RegisteredLocation {
    /// Takes a source.
    pub(crate) fn new(snapshot: &Arc<CatalogSnapshot>, source: &Arc<Source>) -> Self {
        Self { snapshot: Arc::clone(snapshot), source: Arc::clone(source) }
    }

    /// Finds a source in a snapshot.
    pub(crate) fn find(snapshot: &Arc<CatalogSnapshot>, id: Uuid) -> Option<Self> {
        snapshot.sources.source(id).map(|source| Self::new(snapshot, source))
    }

    /// Returns whether the configuration declares it.
    pub(crate) fn is_from_config(&self) -> bool {
        self.source.origin == SourceOrigin::Config
    }
}

/// A location that the catalog reads again and again, and that owns the entities found there.
#[Object]
impl RegisteredLocation {
    /// Opaque key that stays the same for as long as the location is registered.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Location(self.source.id).encode()
    }

    /// `file` or `url`; `restored` for an entity that was brought back, which is not read from anywhere.
    #[graphql(name = "type")]
    async fn kind(&self) -> &str {
        &self.source.location.kind
    }

    /// The path, glob or folder, or the address; the reference of the entity that was brought back.
    async fn target(&self) -> &str {
        &self.source.location.target
    }

    /// What it means when the target is not there.
    async fn presence(&self) -> LocationPresence {
        self.source.location.presence.into()
    }

    /// Whether it stands in the configuration, so that it can't be unregistered here.
    async fn is_managed_by_config(&self) -> bool {
        self.is_from_config()
    }

    /// Whether everything is well with it.
    async fn status(&self) -> Status {
        status_of_source(&self.snapshot, &self.source)
    }

    /// When it was registered.
    async fn created_at(&self) -> DateTime<Utc> {
        self.source.created_at
    }

    /// Who registered it.
    async fn created_by(&self) -> &str {
        &self.source.created_by
    }

    /// When it was last read without any file failing; null when never.
    async fn last_success_at(&self) -> Option<DateTime<Utc>> {
        self.source.last_success_at
    }

    /// Entities that it no longer declares, but that are kept because so many would go at once: `confirmRemoval` lets them
    /// go.
    async fn held_removals(&self) -> Vec<EntityRefScalar> {
        let held = self.snapshot.sources.held_removals(self.source.id);
        held.iter().map(|removal| (&removal.entity_ref).into()).collect()
    }

    /// The entities that it owns.
    async fn entities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them; all when left out.")] filter: Option<EntityFilter>,
        #[graphql(desc = "In which order; by reference when left out.")] order_by: Option<Vec<EntityOrder>>,
        #[graphql(desc = "How many from the start; 50 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<EntityConnection, GatewayError> {
        let filters = vec![Filter::Source(vec![self.source.id])];
        let page = PageArguments { first, after, last, before };
        EntityConnection::within(&self.snapshot, filters, filter, order_by, page, ctx.settings())
    }
}

/// Which locations. All fields given have to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, InputObject)]
pub(crate) struct LocationFilter {
    /// The type.
    #[graphql(name = "type")]
    pub(crate) kind: Option<StringFilter>,
    /// The target.
    pub(crate) target: Option<StringFilter>,
    /// The worst of its problems is of one of these levels.
    pub(crate) status_level: Option<Vec<StatusLevel>>,
}

/// A location of a page with its cursor.
#[derive(Debug, SimpleObject)]
pub(crate) struct RegisteredLocationEdge {
    /// Marks the place; it stays valid when the catalog changes.
    cursor: String,
    /// The location.
    node: RegisteredLocation,
}

/// A page of locations, in the order of their registration.
#[derive(Debug)]
pub(crate) struct RegisteredLocationConnection {
    items: Vec<(String, RegisteredLocation)>,
    info: PageInfo,
    total_count: usize,
}

impl RegisteredLocationConnection {
    /// Takes the locations that pass the filter.
    pub(crate) fn new(
        snapshot: &Arc<CatalogSnapshot>,
        filter: LocationFilter,
        page: Page,
    ) -> Result<Self, GatewayError> {
        let is_wanted = |source: &&Arc<Source>| {
            filter.kind.as_ref().is_none_or(|kind| kind.matches(&source.location.kind))
                && filter.target.as_ref().is_none_or(|target| target.matches(&source.location.target))
                && filter.status_level.as_ref().is_none_or(|it| it.contains(&level_of_source(snapshot, source)))
        };
        let mut sources: Vec<_> = snapshot.sources.sources().filter(is_wanted).collect();
        sources.sort_by_key(|source| source.id);
        let total_count = sources.len();
        let cut = cut(page, sources, |source| source.id.to_string())?;
        let object = |(cursor, source)| (cursor, RegisteredLocation::new(snapshot, source));
        Ok(Self { items: cut.items.into_iter().map(object).collect(), info: cut.info, total_count })
    }
}

/// A page of locations, in the order of their registration.
#[Object]
impl RegisteredLocationConnection {
    /// The locations of the page with their cursors.
    async fn edges(&self) -> Vec<RegisteredLocationEdge> {
        let items = self.items.iter();
        items.map(|(cursor, node)| RegisteredLocationEdge { cursor: cursor.clone(), node: node.clone() }).collect()
    }

    /// The locations of the page.
    async fn nodes(&self) -> Vec<RegisteredLocation> {
        self.items.iter().map(|(_, location)| location.clone()).collect()
    }

    /// Where the page stands in the whole.
    async fn page_info(&self) -> PageInfo {
        self.info.clone()
    }

    /// How many locations there are, this page and all others.
    async fn total_count(&self) -> usize {
        self.total_count
    }
}

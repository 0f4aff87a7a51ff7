//! The history of one entity: its versions, newest first.
//!
//! Owns the GraphQL shapes. The changes are read from the log by `catalog`, as far back as they are kept.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use callboard_catalog::{Catalog, CatalogSnapshot, ChangeCursor, HistoryPage};
use callboard_entity_model::{EntityRef, Revision};
use chrono::{DateTime, Utc};

use super::{
    change::{ChangeType, EntityChange},
    context::ContextExt,
    entity::AnyEntity,
    page::{Page, PageArguments, PageInfo},
    scalars::RevisionScalar,
};
use crate::error::GatewayError;

/// A version of an entity: what one change made of it.
#[derive(Debug)]
pub(crate) struct EntityRevision(EntityChange);

/// A version of an entity: what one change made of it.
#[Object]
impl EntityRevision {
    /// The revision that the change made.
    async fn revision(&self) -> RevisionScalar {
        self.0.change().revision.into()
    }

    /// When it was committed.
    async fn changed_at(&self) -> DateTime<Utc> {
        self.0.change().committed_at
    }

    /// What happened.
    async fn change_type(&self) -> ChangeType {
        self.0.change().operation.into()
    }

    /// Who made the change.
    async fn actor(&self) -> &str {
        self.0.change().actor.as_str()
    }

    /// What led to the change, for example `watch`, `request` or `restore`.
    async fn cause(&self) -> &str {
        self.0.change().cause.as_str()
    }

    /// The entity as the change left it; null when it was deleted. Its relations lead to other entities as they are at the
    /// revision that the history is read at; for all of them as they were, ask `snapshot` for this revision.
    async fn entity(&self) -> Option<AnyEntity> {
        self.0.entity_after()
    }

    /// The fields that differ from the version before, for example `spec.owner`; empty when it was created or deleted, and
    /// for the oldest version when the one before it is no longer kept.
    async fn changed_paths(&self) -> Vec<String> {
        self.0.differing_paths()
    }
}

/// A page of an entity's versions, newest first.
#[derive(Debug)]
pub(crate) struct EntityRevisionConnection {
    entity_ref: EntityRef,
    until: Revision,
    items: Vec<(String, Arc<EntityRevision>)>,
    info: PageInfo,
}

/// A version of a page with its cursor.
#[derive(Debug, SimpleObject)]
pub(crate) struct EntityRevisionEdge {
    /// Marks the place. It is a cursor of the log too: `entityChanges` goes on after it.
    cursor: String,
    /// The version.
    node: Arc<EntityRevision>,
}

impl EntityRevisionConnection {
    /// Reads the versions of an entity up to the revision of a snapshot.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        snapshot: &Arc<CatalogSnapshot>,
        entity_ref: EntityRef,
        page: PageArguments,
    ) -> Result<Self, GatewayError> {
        let catalog = ctx.catalog();
        let until = snapshot.revision();
        let page = match page.resolve(ctx.settings())? {
            Page::Forward(limit, after) => HistoryPage::Newest { limit, older_than: place(catalog, after)? },
            Page::Backward(limit, before) => HistoryPage::Oldest { limit, newer_than: place(catalog, before)? },
        };
        let history = catalog.history(&entity_ref, until, page).await?;
        let items: Vec<_> = history
            .changes
            .into_iter()
            .map(|change| {
                let cursor = catalog.cursor_at(change.revision);
                let revision = EntityRevision(EntityChange::new(change, Arc::clone(snapshot), cursor));
                (cursor.to_string(), Arc::new(revision))
            })
            .collect();
        let info = PageInfo {
            has_next_page: history.has_older,
            has_previous_page: history.has_newer,
            start_cursor: items.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: items.last().map(|(cursor, _)| cursor.clone()),
        };
        Ok(Self { entity_ref, until, items, info })
    }
}

/// Reads a cursor of this log.
fn place(catalog: &Catalog, cursor: Option<String>) -> Result<Option<Revision>, GatewayError> {
    let Some(cursor) = cursor else { return Ok(None) };
    let cursor: ChangeCursor = cursor.parse().map_err(|_| GatewayError::InvalidCursor)?;
    match cursor == catalog.cursor_at(cursor.revision) {
        true => Ok(Some(cursor.revision)),
        false => Err(GatewayError::InvalidCursor),
    }
}

/// A page of an entity's versions, newest first.
#[Object]
impl EntityRevisionConnection {
    /// The versions of the page with their cursors.
    async fn edges(&self) -> Vec<EntityRevisionEdge> {
        let edge = |(cursor, node): &(String, Arc<EntityRevision>)| EntityRevisionEdge {
            cursor: cursor.clone(),
            node: Arc::clone(node),
        };
        self.items.iter().map(edge).collect()
    }

    /// The versions of the page.
    async fn nodes(&self) -> Vec<Arc<EntityRevision>> {
        self.items.iter().map(|(_, node)| Arc::clone(node)).collect()
    }

    /// Where the page stands in the whole.
    async fn page_info(&self) -> PageInfo {
        self.info.clone()
    }

    /// How many versions are kept, this page and all others.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64, GatewayError> {
        Ok(ctx.catalog().history_count(&self.entity_ref, self.until).await?)
    }
}

//! The catalog as it was.
//!
//! Owns `Snapshot`: what it shares with `Query` stands in `reader`, what only the past has stands here. Making a past
//! snapshot is `catalog`'s work.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use async_graphql::{Context, MergedObject, Object, OneofObject};
use callboard_catalog::{At, CatalogSnapshot, PastSnapshot};
use callboard_entity_model::EntityRef;
use callboard_view::{Filter, QueryError};
use chrono::{DateTime, Utc};

use super::{
    change::EntityChange,
    change_page::EntityChangeConnection,
    context::ContextExt,
    filter::EntityFilter,
    page::{PageArguments, cut},
    reader::ReaderFields,
    scalars::RevisionScalar,
};
use crate::error::GatewayError;

/// A point in the past: exactly one of these.
#[derive(Debug, OneofObject)]
pub(crate) enum SnapshotInput {
    /// The newest revision that was committed at this time or before. A time to come means the newest of all.
    Time(DateTime<Utc>),
    /// This revision.
    Revision(RevisionScalar),
}

impl From<SnapshotInput> for At {
    fn from(input: SnapshotInput) -> Self {
        match input {
            SnapshotInput::Time(time) => Self::Time(time),
            SnapshotInput::Revision(revision) => Self::Revision(revision.0),
        }
    }
}

/// The catalog at one past revision. Entities, their relations and all that is counted over them are as they were; what is
/// known of locations (origin, status, problems, claims) is as it is now, because no history is kept of it.
#[derive(MergedObject)]
#[graphql(name = "Snapshot")]
pub(crate) struct Snapshot(ReaderFields, SnapshotFields);

impl Snapshot {
    /// Finds the snapshot.
    pub(crate) async fn find(ctx: &Context<'_>, at: SnapshotInput) -> Result<Self, GatewayError> {
        let past = ctx.catalog().snapshot_at(at.into()).await?;
        Ok(Self(ReaderFields::of(Arc::clone(&past.snapshot)), SnapshotFields(past)))
    }
}

/// What only a snapshot has.
struct SnapshotFields(PastSnapshot);

/// The fields that only a snapshot has; this type itself is never shown.
#[Object(name = "SnapshotFields")]
impl SnapshotFields {
    /// When the revision was committed; null for revision 0, which is before any change.
    async fn committed_at(&self) -> Option<DateTime<Utc>> {
        self.0.committed_at
    }

    /// What is not the same at another point: one change per entity, from here to there, in the order of the references.
    /// What changed and changed back is left out. Revision, time and author are those of the newest change in between.
    async fn diff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The other point, earlier or later; now when left out.")] to: Option<SnapshotInput>,
        #[graphql(desc = "Which entities, as they are at either point; all when left out.")] filter: Option<
            EntityFilter,
        >,
        #[graphql(desc = "How many from the start; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor, which belongs to this list only.")] after: Option<String>,
    ) -> Result<EntityChangeConnection, GatewayError> {
        let page = PageArguments { first, after, ..PageArguments::default() }.resolve(ctx.settings())?;
        let filter = filter.map(EntityFilter::into_filter).transpose()?;
        let catalog = ctx.catalog();
        let from = &self.0.snapshot;
        let to = match to {
            Some(at) => catalog.snapshot_at(at.into()).await?.snapshot,
            None => Arc::clone(ctx.snapshot()),
        };
        let refs = catalog.diff(from, &to).await?;
        let refs: Vec<EntityRef> = match filter {
            None => refs.to_vec(),
            Some(filter) => {
                let mut wanted = passing(from, &refs, &filter)?;
                wanted.extend(passing(&to, &refs, &filter)?);
                refs.iter().filter(|entity_ref| wanted.contains(*entity_ref)).cloned().collect()
            }
        };
        let cut = cut(page, refs, EntityRef::to_string)?;
        let shown: Vec<EntityRef> = cut.items.iter().map(|(_, entity_ref)| entity_ref.clone()).collect();
        let changes = catalog.diff_changes(from, &to, &shown).await?;
        let mut changes: HashMap<EntityRef, _> =
            changes.into_iter().map(|change| (change.entity_ref.clone(), change)).collect();
        let items = cut.items.into_iter().filter_map(|(cursor, entity_ref)| {
            let change = changes.remove(&entity_ref)?;
            let place = catalog.cursor_at(change.revision);
            Some((cursor, Arc::new(EntityChange::between(change, Arc::clone(from), Arc::clone(&to), place))))
        });
        Ok(EntityChangeConnection::new(items.collect(), cut.info))
    }
}

/// Returns which of these entities pass a filter in a snapshot.
fn passing(snapshot: &CatalogSnapshot, refs: &[EntityRef], filter: &Filter) -> Result<HashSet<EntityRef>, QueryError> {
    let filter = Filter::And(vec![Filter::Ref(refs.to_vec()), filter.clone()]);
    let selection = snapshot.index.select(Some(&filter))?;
    Ok(snapshot.index.handles(&selection).map(|handle| handle.entity_ref().clone()).collect())
}

//! Changes as subscribers see them.
//!
//! Owns the GraphQL shapes of events. Changes themselves, and the cursors that resume after them, are `catalog`'s.

use std::sync::{Arc, OnceLock};

use async_graphql::{Enum, Object, SimpleObject, Union};
use callboard_catalog::{CatalogSnapshot, Change, ChangeCursor, LogReset, Operation};
use callboard_entity_model::{EntityRef, Relation, changed_paths, relations_of};
use callboard_view::{EntityRecord, ViewChange};
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    entity::{AnyEntity, EntityNode},
    scalars::{EntityRefScalar, RevisionScalar},
};

/// What a subscriber receives.
#[derive(Debug, Union)]
pub(crate) enum EntityChangeEvent {
    /// Something changed.
    Change(EntityChange),
    /// Nothing that was asked for changed.
    Checkpoint(ChangeCheckpoint),
    /// The cursor is of no use.
    Reset(ChangeReset),
}

impl EntityChangeEvent {
    /// Returns the cursor to go on after.
    pub(crate) fn cursor(&self) -> String {
        match self {
            Self::Change(change) => change.place.to_string(),
            Self::Checkpoint(checkpoint) => checkpoint.cursor.clone(),
            Self::Reset(reset) => reset.cursor.clone(),
        }
    }
}

/// What happened to an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Operation")]
pub(crate) enum ChangeType {
    /// It was not there before.
    Created,
    /// Its form, its file or its location changed.
    Updated,
    /// It is not there any more.
    Deleted,
}

/// Where a subscription stands: store it and pass it as `after` to go on from there. Sent at the start and whenever nothing
/// that was asked for has changed for a while.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ChangeCheckpoint {
    /// Everything up to here has been sent.
    pub(crate) cursor: String,
    /// The revision of that place.
    pub(crate) revision: RevisionScalar,
    /// When this was sent.
    pub(crate) at: DateTime<Utc>,
}

/// The cursor given is of no use: changes after it are no longer kept, or it does not belong to this catalog's log, for
/// example because the database was restored. Read `entities`, then go on after this cursor. What was sent before may have
/// been undone.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ChangeReset {
    /// Where to go on.
    pub(crate) cursor: String,
    /// The revision of that place.
    pub(crate) revision: RevisionScalar,
    /// The first revision from which on every change is still there.
    pub(crate) oldest_revision: RevisionScalar,
}

impl From<LogReset> for ChangeReset {
    fn from(reset: LogReset) -> Self {
        Self {
            cursor: reset.cursor.to_string(),
            revision: reset.cursor.revision.into(),
            oldest_revision: reset.oldest.into(),
        }
    }
}

/// One committed change to one entity.
#[derive(Debug)]
pub(crate) struct EntityChange {
    change: Arc<Change>,
    place: ChangeCursor,
    /// What the entity is shown among as it was before.
    earlier: Arc<CatalogSnapshot>,
    /// What the entity is shown among as it is after.
    later: Arc<CatalogSnapshot>,
    documents: OnceLock<(Value, Value)>,
}

/// A relation that a change brought or took away.
#[derive(Debug, SimpleObject)]
pub(crate) struct ChangedRelation {
    /// The type as seen from the entity that changed, for example `dependsOn`.
    #[graphql(name = "type")]
    kind: &'static str,
    /// The other entity.
    target_ref: EntityRefScalar,
}

impl EntityChange {
    /// Takes a change, the snapshot whose other entities it is shown among, and its place in the log.
    pub(crate) fn new(change: Arc<Change>, snapshot: Arc<CatalogSnapshot>, place: ChangeCursor) -> Self {
        Self::between(change, Arc::clone(&snapshot), snapshot, place)
    }

    /// Takes a change that leads from one snapshot to another.
    pub(crate) fn between(
        change: Arc<Change>,
        earlier: Arc<CatalogSnapshot>,
        later: Arc<CatalogSnapshot>,
        place: ChangeCursor,
    ) -> Self {
        Self { change, place, earlier, later, documents: OnceLock::new() }
    }

    /// Returns the change.
    pub(crate) fn change(&self) -> &Change {
        &self.change
    }

    /// Returns the entity after the change.
    pub(crate) fn entity_after(&self) -> Option<AnyEntity> {
        as_of(&self.later, self.change.after.as_ref()?)
    }

    /// Returns the fields that differ; none when the entity was not there before or is not there after.
    pub(crate) fn differing_paths(&self) -> Vec<String> {
        let (before, after) = self.documents();
        match before.is_object() && after.is_object() {
            true => changed_paths(before, after),
            false => Vec::new(),
        }
    }

    /// Returns the documents before and after; null where there is none.
    fn documents(&self) -> &(Value, Value) {
        let parse = |record: &Option<Arc<EntityRecord>>| {
            let document = record.as_ref().map(|record| serde_json::from_str(&record.document));
            document.and_then(Result::ok).unwrap_or(Value::Null)
        };
        self.documents.get_or_init(|| (parse(&self.change.before), parse(&self.change.after)))
    }

    fn relations(&self) -> (Vec<Relation>, Vec<Relation>) {
        let (before, after) = self.documents();
        (declared(&self.change.entity_ref, before), declared(&self.change.entity_ref, after))
    }
}

/// Returns the entity of a record, among all others of a snapshot.
fn as_of(snapshot: &Arc<CatalogSnapshot>, record: &Arc<EntityRecord>) -> Option<AnyEntity> {
    let index = &snapshot.index;
    if index.record(&record.entity_ref).is_some_and(|present| present == record) {
        return EntityNode::find(snapshot, &record.entity_ref).map(AnyEntity);
    }
    let index = Arc::new(index.apply(index.revision(), vec![ViewChange::Upsert(Arc::clone(record))]));
    let snapshot = Arc::new(CatalogSnapshot::new(index, Arc::clone(&snapshot.sources)));
    EntityNode::find(&snapshot, &record.entity_ref).map(AnyEntity)
}

fn declared(entity_ref: &EntityRef, document: &Value) -> Vec<Relation> {
    match document.is_object() {
        true => relations_of(entity_ref, document.get("spec")).unwrap_or_default(),
        false => Vec::new(),
    }
}

fn without(relations: Vec<Relation>, others: &[Relation]) -> Vec<ChangedRelation> {
    let missing = relations.into_iter().filter(|relation| !others.contains(relation));
    missing.map(|it| ChangedRelation { kind: it.kind.as_str(), target_ref: (&it.target).into() }).collect()
}

/// One committed change to one entity.
#[Object]
impl EntityChange {
    /// Marks the place: store it and pass it as `after` to go on from there.
    async fn cursor(&self) -> String {
        self.place.to_string()
    }

    /// The revision that the change made.
    async fn revision(&self) -> RevisionScalar {
        self.change.revision.into()
    }

    /// What happened.
    #[graphql(name = "type")]
    async fn kind(&self) -> ChangeType {
        self.change.operation.into()
    }

    /// The reference of the entity.
    #[graphql(name = "ref")]
    async fn reference(&self) -> EntityRefScalar {
        (&self.change.entity_ref).into()
    }

    /// When it was committed.
    async fn occurred_at(&self) -> DateTime<Utc> {
        self.change.committed_at
    }

    /// Who made it.
    async fn actor(&self) -> &str {
        self.change.actor.as_str()
    }

    /// What led to it: `watch`, `schedule`, `request`, `register`, `unregister`, `configuration`, `import`, `confirmation`,
    /// `restore`.
    async fn cause(&self) -> &str {
        self.change.cause.as_str()
    }

    /// The entity after the change; null when it was deleted. Its relations lead to other entities as they are when this is
    /// sent.
    async fn entity(&self) -> Option<AnyEntity> {
        self.entity_after()
    }

    /// The entity before the change; null when it was created.
    async fn previous(&self) -> Option<AnyEntity> {
        as_of(&self.earlier, self.change.before.as_ref()?)
    }

    /// The fields that differ, for example `spec.owner`; empty when it was created or deleted.
    async fn changed_paths(&self) -> Vec<String> {
        self.differing_paths()
    }

    /// Relations that the entity declares since this change.
    async fn relations_added(&self) -> Vec<ChangedRelation> {
        let (before, after) = self.relations();
        without(after, &before)
    }

    /// Relations that the entity declared until this change.
    async fn relations_removed(&self) -> Vec<ChangedRelation> {
        let (before, after) = self.relations();
        without(before, &after)
    }
}

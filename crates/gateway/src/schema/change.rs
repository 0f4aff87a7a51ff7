//! Changes as subscribers see them.
//!
//! Owns the GraphQL shapes of events and the cursors that resume a subscription. Changes themselves are `catalog`'s.

use std::sync::{Arc, OnceLock};

use async_graphql::{Enum, Object, SimpleObject, Union};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use callboard_catalog::{CatalogSnapshot, Change, Operation};
use callboard_entity_model::{EntityRef, Relation, Revision, changed_paths, relations_of};
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
            Self::Change(change) => encode_cursor(change.change.revision),
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

/// The cursor given does not belong to this catalog's log, for example because the database was restored: read `entities`,
/// then go on after this cursor. What was sent before may have been undone.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ChangeReset {
    /// Where to go on.
    pub(crate) cursor: String,
    /// The revision of that place.
    pub(crate) revision: RevisionScalar,
}

/// Writes the cursor of a place in the log.
pub(crate) fn encode_cursor(revision: Revision) -> String {
    URL_SAFE_NO_PAD.encode(format!("revision:{revision}"))
}

/// Reads such a cursor; nothing when it is none.
pub(crate) fn decode_cursor(cursor: &str) -> Option<Revision> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("revision:")?.parse().ok().map(Revision)
}

/// One committed change to one entity.
#[derive(Debug)]
pub(crate) struct EntityChange {
    change: Arc<Change>,
    snapshot: Arc<CatalogSnapshot>,
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
    /// Takes a change and the snapshot whose other entities it is shown among.
    pub(crate) fn new(change: Arc<Change>, snapshot: Arc<CatalogSnapshot>) -> Self {
        Self { change, snapshot, documents: OnceLock::new() }
    }

    /// Returns the entity as it was in this change, among all others as they are now.
    fn as_of(&self, record: &Option<Arc<EntityRecord>>) -> Option<AnyEntity> {
        let record = record.as_ref()?;
        let index = &self.snapshot.index;
        let snapshot = match index.record(&record.entity_ref) {
            Some(present) if present == record => Arc::clone(&self.snapshot),
            _ => {
                let changes = vec![ViewChange::Upsert(Arc::clone(record))];
                let index = Arc::new(index.apply(index.revision(), changes));
                Arc::new(CatalogSnapshot::new(index, Arc::clone(&self.snapshot.sources)))
            }
        };
        EntityNode::find(&snapshot, &record.entity_ref).map(AnyEntity)
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
        encode_cursor(self.change.revision)
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

    /// What led to it: `watch`, `schedule`, `request`, `register`, `unregister`, `configuration`, `import`, `confirmation`.
    async fn cause(&self) -> &str {
        self.change.cause.as_str()
    }

    /// The entity after the change; null when it was deleted. Its relations lead to other entities as they are when this is
    /// sent.
    async fn entity(&self) -> Option<AnyEntity> {
        self.as_of(&self.change.after)
    }

    /// The entity before the change; null when it was created.
    async fn previous(&self) -> Option<AnyEntity> {
        self.as_of(&self.change.before)
    }

    /// The fields that differ, for example `spec.owner`; empty when it was created or deleted.
    async fn changed_paths(&self) -> Vec<String> {
        let (before, after) = self.documents();
        match before.is_object() && after.is_object() {
            true => changed_paths(before, after),
            false => Vec::new(),
        }
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

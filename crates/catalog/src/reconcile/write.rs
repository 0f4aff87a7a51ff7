//! Carrying a plan out, inside the transaction that holds the log lock.
//!
//! Owns the order of the statements and the giving out of revisions. What to write was decided before.

use std::sync::Arc;

use callboard_db::WriteTransaction;
use callboard_entity_model::{EntityRef, Revision};
use callboard_view::EntityRecord;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Plan;
use crate::{
    Actor, CatalogError, Cause, Operation,
    store::{
        changes::{self, NewChange},
        claims, entities, held_removals, problems, source_files,
    },
};

/// Who did it, what led to it, and when.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) actor: Actor,
    pub(crate) cause: Cause,
    pub(crate) at: DateTime<Utc>,
}

/// A change that was written but not yet committed.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) revision: Revision,
    pub(crate) operation: Operation,
    pub(crate) entity_ref: EntityRef,
    /// The state after; absent when deleted.
    pub(crate) after: Option<Arc<EntityRecord>>,
    pub(crate) previous: Option<Revision>,
    pub(crate) source: Uuid,
}

/// Writes a plan and returns the changes in the order of their revisions. Consumes the documents, not the rest.
pub(crate) async fn write(
    transaction: &mut WriteTransaction,
    source: Uuid,
    plan: &mut Plan,
    origin: &Origin,
) -> Result<Vec<Written>, CatalogError> {
    let mut written = Vec::with_capacity(plan.writes.len() + plan.deletes.len());
    // Creations come last and so have revisions without a gap, which lets the database copy them into the log.
    plan.writes.sort_by_key(|entity| entity.operation == Operation::Created);
    for entity in std::mem::take(&mut plan.writes) {
        let revision = next(transaction);
        let record = EntityRecord {
            entity_ref: entity.entity_ref.clone(),
            document: entity.document,
            hash: entity.hash,
            revision,
            created_at: entity.created_at,
            updated_at: origin.at,
            source: entity.source,
            location: entity.location,
        };
        written.push(Written {
            revision,
            operation: entity.operation,
            entity_ref: entity.entity_ref,
            after: Some(Arc::new(record)),
            previous: entity.previous,
            source: entity.source,
        });
    }
    let upserted = written.len();
    let mut tombstones = Vec::with_capacity(plan.deletes.len());
    for entity in &plan.deletes {
        let revision = next(transaction);
        tombstones.push(EntityRecord {
            entity_ref: entity.entity_ref.clone(),
            document: Box::default(),
            hash: entity.hash,
            revision,
            created_at: entity.created_at,
            updated_at: origin.at,
            source: entity.source,
            location: Arc::clone(&entity.location),
        });
        written.push(Written {
            revision,
            operation: Operation::Deleted,
            entity_ref: entity.entity_ref.clone(),
            after: None,
            previous: Some(entity.revision),
            source: entity.source,
        });
    }
    let connection = transaction.connection();
    entities::delete(connection, plan.deletes.iter().map(|entity| &entity.entity_ref)).await?;
    entities::upsert(connection, written[..upserted].iter().filter_map(|change| change.after.as_deref())).await?;
    let at = origin.at.timestamp_micros();
    let is_created = |change: &&Written| change.operation == Operation::Created;
    let created: Vec<Revision> = written.iter().filter(is_created).map(|change| change.revision).collect();
    if let (Some(first), Some(last)) = (created.first(), created.last()) {
        changes::append_created(connection, *first, *last, &origin.actor, origin.cause, at).await?;
    }
    let states = written[..upserted].iter().filter_map(|change| change.after.as_deref()).chain(&tombstones);
    let rows = written.iter().zip(states).filter(|(change, _)| !is_created(change)).map(|(change, state)| NewChange {
        revision: change.revision,
        operation: change.operation,
        state,
        previous: change.previous,
        actor: &origin.actor,
        cause: origin.cause,
        committed_at: at,
    });
    changes::append(connection, rows).await?;
    claims::delete(connection, plan.claim_deletes.iter().cloned()).await?;
    claims::upsert(connection, &plan.claim_upserts).await?;
    held_removals::delete(connection, source, plan.hold_deletes.iter()).await?;
    held_removals::insert(connection, &plan.hold_inserts).await?;
    source_files::delete(connection, source, plan.file_deletes.iter()).await?;
    let files = plan.file_upserts.iter().map(|(location, file)| (location, file));
    source_files::upsert(connection, source, at, files).await?;
    problems::delete(connection, plan.problem_deletes.iter().copied()).await?;
    problems::upsert(connection, &plan.problem_upserts).await?;
    Ok(written)
}

fn next(transaction: &mut WriteTransaction) -> Revision {
    entities::revision(transaction.take_revision())
}

//! Committing a plan and making it visible.
//!
//! Owns the step that all operations share: write, commit, show. When it returns, the local view has the revision, so
//! whoever asked can read what was written.

use std::sync::Arc;

use callboard_db::compact_after_bulk_write;
use callboard_entity_model::{EntityRef, Revision};
use callboard_view::{CatalogIndex, EntityRecord};

use crate::{
    Catalog, CatalogError, Change, Operation, Source,
    catalog::Writing,
    follow,
    reconcile::{Origin, Plan, Written, write},
    store::{entities, problems, source_files, sources},
};

/// After so many changes the database gives back the space that the transaction took.
const BULK: usize = 10_000;

/// What becomes of the source itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is new.
    Insert,
    /// It stays; something about it may have changed.
    Keep,
    /// It goes, with everything that is remembered of it.
    Delete,
}

/// What was committed.
#[derive(Debug, Default)]
pub(crate) struct Committed {
    pub(crate) revision: Revision,
    pub(crate) added: Vec<EntityRef>,
    pub(crate) changed: Vec<EntityRef>,
    pub(crate) removed: Vec<EntityRef>,
    pub(crate) records: Vec<Arc<EntityRecord>>,
}

impl Catalog {
    /// Writes a plan and what becomes of its source, commits, and shows it. The version of `source` goes up by one.
    pub(crate) async fn commit(
        &self,
        writing: Writing<'_>,
        mut source: Source,
        fate: Fate,
        mut plan: Plan,
        origin: &Origin,
    ) -> Result<Committed, CatalogError> {
        let inner = self.inner();
        let Writing { mut transaction, alone } = writing;
        // Taken under the lock, so that times follow revisions: what was asked for by time stays what it was.
        let origin = &Origin { at: inner.commit_time(), ..origin.clone() };
        let (id, version) = (source.id, source.version);
        let written = write(&mut transaction, id, &mut plan, origin).await?;
        let shows_sources = fate != Fate::Keep || plan.changes_view_of_sources();
        if shows_sources {
            transaction.touch_sources();
        }
        source.version += 1;
        let connection = transaction.connection();
        match fate {
            Fate::Insert => sources::insert(connection, &source).await?,
            Fate::Keep => sources::update(connection, &source).await?,
            Fate::Delete => {
                source_files::delete_of_source(connection, id).await?;
                problems::delete_of_source(connection, id).await?;
                sources::delete(connection, id).await?;
            }
        }
        let superseded = std::mem::take(&mut plan.superseded);
        for id in &superseded {
            sources::delete(connection, *id).await?;
        }
        // From here on it is unknown whether the database has it, until the commit returns.
        if let Err(error) = transaction.commit().await {
            inner.known.forget(id);
            return Err(error.into());
        }
        self.remember(&source, version, fate, &mut plan);
        superseded.iter().for_each(|id| inner.known.forget(*id));
        let committed = self.show(written, shows_sources, &source, origin).await?;
        drop(alone);
        let count = committed.added.len() + committed.changed.len() + committed.removed.len();
        if count > 0 {
            tracing::info!(
                source.id = %id,
                source.location = %source.location.reference(),
                revision = %committed.revision,
                added = committed.added.len(),
                changed = committed.changed.len(),
                removed = committed.removed.len(),
                cause = origin.cause.as_str(),
                "the catalog changed"
            );
        }
        if count >= BULK {
            // The work is done; only space is at stake, and the next checkpoint gets it back too.
            if let Err(error) = compact_after_bulk_write(&inner.db).await {
                tracing::debug!(error = CatalogError::from(error).with_causes(), "could not give back space yet");
            }
        }
        Ok(committed)
    }

    /// Brings what is remembered of the source's files in line with what was committed.
    fn remember(&self, source: &Source, version: u64, fate: Fate, plan: &mut Plan) {
        let known = &self.inner().known;
        if fate == Fate::Delete {
            known.forget(source.id);
            self.forget_times(source.id);
            return;
        }
        known.update(source.id, version, source.version, |known| {
            for location in &plan.file_deletes {
                known.remove(location);
            }
            for (location, file) in plan.file_upserts.drain(..) {
                known.set(location, file);
            }
            if let Some(problems) = plan.source_problems.take() {
                known.problems = problems;
            }
        });
    }

    /// Takes what was committed into the local view.
    async fn show(
        &self,
        written: Vec<Written>,
        shows_sources: bool,
        source: &Source,
        origin: &Origin,
    ) -> Result<Committed, CatalogError> {
        let inner = self.inner();
        let mut committed = Committed::default();
        for change in &written {
            let refs = match change.operation {
                Operation::Created => &mut committed.added,
                Operation::Updated => &mut committed.changed,
                Operation::Deleted => &mut committed.removed,
            };
            refs.push(change.entity_ref.clone());
            committed.records.extend(change.after.clone());
        }
        let sources = match shows_sources {
            true => Some(self.with_read_times(follow::load_sources(&inner.db).await?)),
            false => None,
        };
        let turn = inner.view.turn().await;
        let current = turn.snapshot();
        let at = current.revision();
        // The tailer may have been here first; then there is nothing left to do for entities, or for sources.
        let sources = sources.filter(|sources| sources.version() > current.sources.version());
        let sources = sources.or_else(|| {
            let mut sources = (*current.sources).clone();
            sources.update_source(source.id, |shown| shown.version = source.version);
            Some(sources)
        });
        let (first, last) = (written.first().map(|change| change.revision), written.last().map(|c| c.revision));
        match (first, last) {
            (Some(first), _) if first == at.next() => {
                let changes = changes(written, &current.index, origin);
                turn.apply(changes, sources).await?;
            }
            (_, Some(last)) if last > at => {
                // Another replica was in between: what it wrote comes from the log, and ours with it.
                drop(turn);
                self.catch_up().await?;
            }
            _ => {
                if let Some(sources) = sources {
                    turn.replace_sources(sources);
                }
            }
        }
        committed.revision = last.unwrap_or_else(|| self.snapshot().revision());
        Ok(committed)
    }
}

/// Makes changes of what was written; the states before are those of the index that the changes follow on.
fn changes(written: Vec<Written>, before: &CatalogIndex, origin: &Origin) -> Vec<Arc<Change>> {
    written
        .into_iter()
        .map(|change| {
            Arc::new(Change {
                revision: change.revision,
                operation: change.operation,
                before: change.previous.and_then(|_| before.record(&change.entity_ref)).cloned(),
                entity_ref: change.entity_ref,
                after: change.after,
                source: change.source,
                actor: origin.actor.clone(),
                cause: origin.cause,
                committed_at: origin.at,
            })
        })
        .collect()
}

/// Makes records of what would be written, for a dry run: their revision is 0.
pub(super) fn planned_records(plan: &Plan, origin: &Origin) -> Vec<Arc<EntityRecord>> {
    plan.writes
        .iter()
        .map(|entity| {
            Arc::new(EntityRecord {
                entity_ref: entity.entity_ref.clone(),
                document: entity.document.clone(),
                hash: entity.hash,
                revision: entities::revision(0),
                created_at: entity.created_at,
                updated_at: origin.at,
                source: entity.source,
                location: Arc::clone(&entity.location),
            })
        })
        .collect()
}

/// Returns the references that a plan would add, change and remove.
pub(super) fn planned_refs(plan: &Plan) -> (Vec<EntityRef>, Vec<EntityRef>, Vec<EntityRef>) {
    let of = |operation: Operation| {
        plan.writes
            .iter()
            .filter(|entity| entity.operation == operation)
            .map(|entity| entity.entity_ref.clone())
            .collect()
    };
    let removed = plan.deletes.iter().map(|entity| entity.entity_ref.clone()).collect();
    (of(Operation::Created), of(Operation::Updated), removed)
}

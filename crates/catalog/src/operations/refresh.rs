//! Reading a source again.
//!
//! Owns the loop of read, plan and commit. The reading happens outside any transaction; should another replica commit
//! a reading of the same source in the meantime, ours is stale and is made again.

use callboard_entity_model::{EntityRef, Reading};
use tokio::sync::oneshot;
use uuid::Uuid;

use super::{Committed, Fate};
use crate::{
    Actor, Catalog, CatalogError, Cause, ImportProgress, ReadMode, RefreshOutcome, Source, SourceOrigin,
    known_files::KnownSource,
    reconcile::{Origin, plan_reading},
    store::sources,
};

/// How often a reading that others overtake is made again.
const ATTEMPTS: u32 = 5;

/// What became of a reading.
enum Reconciled {
    Done { committed: Committed, held: Vec<EntityRef> },
    Stale,
}

impl Catalog {
    /// Reads a source and takes in what changed; visible when it returns.
    ///
    /// # Errors
    /// When there is no such source, when others change it again and again, or when the database fails. What is wrong
    /// with the source itself is no error but stands in the outcome.
    pub async fn refresh_source(
        &self,
        id: Uuid,
        mode: ReadMode,
        cause: Cause,
        actor: &Actor,
    ) -> Result<RefreshOutcome, CatalogError> {
        self.refresh_with_progress(id, mode, cause, actor, &|_| {}).await
    }

    /// Reads a source on schedule, and commits what changed only when `before` is done.
    pub(crate) async fn refresh_after(
        &self,
        id: Uuid,
        before: Option<oneshot::Receiver<()>>,
    ) -> Result<RefreshOutcome, CatalogError> {
        let actor = Actor::system();
        self.refresh(id, ReadMode::Conditional, Cause::Schedule, &actor, &|_| {}, before).await
    }

    /// Reads the source that holds an entity, looking at every byte, and those that claim it.
    ///
    /// # Errors
    /// When there is no such entity, and as [`Catalog::refresh_source`].
    pub async fn refresh_entity(&self, entity_ref: &EntityRef, actor: &Actor) -> Result<RefreshOutcome, CatalogError> {
        let snapshot = self.snapshot();
        let record = snapshot.index.record(entity_ref);
        let holder = record.map(|record| record.source);
        let holder = holder.ok_or_else(|| CatalogError::EntityNotFound { entity_ref: entity_ref.clone() })?;
        let mut claimants: Vec<Uuid> =
            snapshot.sources.claims_of(entity_ref).iter().map(|claim| claim.source).collect();
        claimants.retain(|id| *id != holder);
        claimants.dedup();
        for id in claimants {
            self.refresh_source(id, ReadMode::Full, Cause::Request, actor).await?;
        }
        self.refresh_source(holder, ReadMode::Full, Cause::Request, actor).await
    }

    pub(super) async fn refresh_with_progress(
        &self,
        id: Uuid,
        mode: ReadMode,
        cause: Cause,
        actor: &Actor,
        progress: &(dyn Fn(ImportProgress) + Send + Sync),
    ) -> Result<RefreshOutcome, CatalogError> {
        self.refresh(id, mode, cause, actor, progress, None).await
    }

    async fn refresh(
        &self,
        id: Uuid,
        mode: ReadMode,
        cause: Cause,
        actor: &Actor,
        progress: &(dyn Fn(ImportProgress) + Send + Sync),
        mut before: Option<oneshot::Receiver<()>>,
    ) -> Result<RefreshOutcome, CatalogError> {
        let inner = self.inner();
        let _turn = self.use_source(id).await;
        for _ in 0..ATTEMPTS {
            let source = sources::find(&inner.db, id).await?.ok_or(CatalogError::SourceNotFound { id })?;
            if source.origin == SourceOrigin::Restored {
                // There is nothing to read; it holds what it holds.
                let committed = Committed { revision: self.snapshot().revision(), ..Committed::default() };
                return Ok(self.refresh_outcome(id, committed, Vec::new(), 0));
            }
            let known = inner.known.get(&inner.db, id, source.version).await?;
            progress(ImportProgress::Reading);
            let reading = inner.reader.read(&source, &known.files, mode).await;
            progress(reading_progress(&reading));
            let has_failed =
                reading.files.iter().any(|file| matches!(file.outcome, callboard_entity_model::FileOutcome::Failed));
            let file_count = reading.files.len();
            if let Some(before) = before.take() {
                // That the sender is gone is the sign that it is done.
                _ = before.await;
            }
            let origin = Origin { actor: actor.clone(), cause, at: inner.clock.now() };
            let reconciled = if known.is_repeated_by(&reading) {
                let revision = self.snapshot().revision();
                Reconciled::Done { committed: Committed { revision, ..Committed::default() }, held: Vec::new() }
            } else {
                self.reconcile(source, &known, reading, &origin, progress).await?
            };
            let Reconciled::Done { committed, held } = reconciled else { continue };
            self.note_read(id, Some(!has_failed));
            self.show_times(id).await;
            progress(ImportProgress::Done);
            return Ok(self.refresh_outcome(id, committed, held, file_count));
        }
        Err(CatalogError::SourceBusy { id, attempts: ATTEMPTS })
    }

    /// Plans and commits a reading that was made against `known`.
    async fn reconcile(
        &self,
        mut source: Source,
        known: &KnownSource,
        reading: Reading,
        origin: &Origin,
        progress: &(dyn Fn(ImportProgress) + Send + Sync),
    ) -> Result<Reconciled, CatalogError> {
        let guard = self.inner().settings.removal_guard;
        let writing = self.begin_write().await?;
        let connection = writing.transaction.connection();
        let current = sources::find(connection, source.id).await?;
        let current = current.ok_or(CatalogError::SourceNotFound { id: source.id })?;
        if current.version != known.version {
            writing.transaction.rollback().await?;
            return Ok(Reconciled::Stale);
        }
        let plan = plan_reading(connection, source.id, known, reading, guard, origin.at).await?;
        let held = plan.holding.clone();
        if plan.is_empty() {
            writing.transaction.rollback().await?;
            let revision = self.snapshot().revision();
            return Ok(Reconciled::Done { committed: Committed { revision, ..Committed::default() }, held });
        }
        progress(ImportProgress::Writing { changes: plan.writes.len() + plan.deletes.len() });
        source.version = current.version;
        source.last_read_at = Some(origin.at);
        if !plan.has_failures {
            source.last_success_at = Some(origin.at);
        }
        let committed = self.commit(writing, source, Fate::Keep, plan, origin).await?;
        Ok(Reconciled::Done { committed, held })
    }

    /// Shows readers when a source was read, without touching the database.
    pub(super) async fn show_times(&self, id: Uuid) {
        let turn = self.inner().view.turn().await;
        let mut sources = (*turn.snapshot().sources).clone();
        let times = {
            let times = self.inner().read_times.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            times.get(&id).copied()
        };
        if let Some(times) = times {
            sources.update_source(id, |source| times.show_in(source));
            turn.replace_sources(sources);
        }
    }

    pub(super) fn refresh_outcome(
        &self,
        source: Uuid,
        committed: Committed,
        held: Vec<EntityRef>,
        file_count: usize,
    ) -> RefreshOutcome {
        let problems = self.snapshot().sources.problems_of_source(source).map(|p| p.problem.clone()).collect();
        RefreshOutcome {
            source,
            added: committed.added,
            changed: committed.changed,
            removed: committed.removed,
            held,
            problems,
            file_count,
            revision: committed.revision,
        }
    }
}

/// Says how large a reading is.
pub(super) fn reading_progress(reading: &Reading) -> ImportProgress {
    let entities = reading
        .files
        .iter()
        .map(|file| match &file.outcome {
            callboard_entity_model::FileOutcome::Read { entities, .. } => entities.len(),
            _ => 0,
        })
        .sum();
    ImportProgress::Read { files: reading.files.len(), entities }
}

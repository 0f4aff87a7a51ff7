//! Registering a location.
//!
//! Owns what may be registered, and that a location from which nothing can be read is not. The source and everything
//! that it declares appear in one transaction, or, on a dry run, not at all.

use std::sync::Arc;

use callboard_entity_model::{FileOutcome, KnownFiles, LocationSpec, Problem, Reading};
use callboard_foundation::new_id;

use super::{
    Fate,
    commit::{planned_records, planned_refs},
    refresh::reading_progress,
};
use crate::{
    Actor, Catalog, CatalogError, Cause, ImportProgress, ReadMode, RegisterOutcome, Source, SourceOrigin,
    known_files::KnownSource,
    reconcile::{Origin, plan_reading},
    store::sources,
};

/// What is registered, and how.
pub(super) struct Registration<'a> {
    pub(super) location: LocationSpec,
    pub(super) origin: SourceOrigin,
    pub(super) cause: Cause,
    pub(super) actor: &'a Actor,
    pub(super) dry_run: bool,
    pub(super) progress: &'a (dyn Fn(ImportProgress) + Send + Sync),
}

impl Catalog {
    /// Registers a location: reads it, and commits the source with everything that it declares. A dry run says what
    /// would happen and writes nothing.
    ///
    /// # Errors
    /// When the catalog is read-only, the location is a source already, is of a type that only the configuration may
    /// name, cannot be read at all, or when the database fails.
    pub async fn register_location(
        &self,
        location: LocationSpec,
        dry_run: bool,
        actor: &Actor,
    ) -> Result<RegisterOutcome, CatalogError> {
        if self.inner().settings.is_readonly && !dry_run {
            return Err(CatalogError::CatalogIsReadOnly);
        }
        if !self.inner().settings.registrable_types.contains(&location.kind) {
            return Err(CatalogError::LocationTypeNotAllowed { kind: location.kind });
        }
        self.register(Registration {
            location,
            origin: SourceOrigin::Registered,
            cause: Cause::Register,
            actor,
            dry_run,
            progress: &|_| {},
        })
        .await
    }

    pub(super) async fn register(&self, registration: Registration<'_>) -> Result<RegisterOutcome, CatalogError> {
        let Registration { location, origin: source_origin, cause, actor, dry_run, progress } = registration;
        let inner = self.inner();
        if let Some(existing) = sources::find_at(&inner.db, &location).await? {
            return Err(CatalogError::LocationExists { location, source_id: existing.id });
        }
        let now = inner.clock.now();
        let mut source = Source {
            id: new_id(),
            location,
            origin: source_origin,
            rules: None,
            created_at: now,
            created_by: actor.as_str().to_owned(),
            last_read_at: Some(now),
            last_success_at: None,
            next_read_at: None,
            removed_at: None,
            version: 0,
        };
        progress(ImportProgress::Reading);
        let reading = inner.reader.read(&source, &KnownFiles::new(), ReadMode::Full).await;
        progress(reading_progress(&reading));
        let mut problems = all_problems(&reading);
        if is_unreadable(&reading) {
            return Err(CatalogError::LocationUnreadable { location: source.location, problems });
        }
        let origin = Origin { actor: actor.clone(), cause, at: inner.clock.now() };
        let writing = self.begin_write().await?;
        let connection = writing.transaction.connection();
        // Somebody may have registered it while it was read.
        if let Some(existing) = sources::find_at(connection, &source.location).await? {
            let location = source.location;
            return Err(CatalogError::LocationExists { location, source_id: existing.id });
        }
        let known = KnownSource::default();
        let guard = inner.settings.removal_guard;
        let plan = plan_reading(connection, source.id, &known, reading, guard, origin.at).await?;
        problems.extend(plan.conflicts.iter().cloned());
        if !plan.has_failures {
            source.last_success_at = Some(origin.at);
        }
        let succeeded = !plan.has_failures;
        if dry_run {
            let revision = crate::store::entities::revision(writing.transaction.revision());
            writing.transaction.rollback().await?;
            let (added, changed, removed) = planned_refs(&plan);
            let entities = planned_records(&plan, &origin);
            return Ok(RegisterOutcome { source: None, added, changed, removed, entities, problems, revision });
        }
        progress(ImportProgress::Writing { changes: plan.writes.len() });
        let id = source.id;
        self.note_read(id, Some(succeeded));
        let committed = match self.commit(writing, source.clone(), Fate::Insert, plan, &origin).await {
            Ok(committed) => committed,
            Err(error) => {
                self.forget_times(id);
                return Err(error);
            }
        };
        progress(ImportProgress::Done);
        let shown = self.snapshot().sources.source(id).cloned();
        Ok(RegisterOutcome {
            source: Some(shown.unwrap_or_else(|| Arc::new(source))),
            added: committed.added,
            changed: committed.changed,
            removed: committed.removed,
            entities: committed.records,
            problems,
            revision: committed.revision,
        })
    }
}

/// Returns whether not even the first file could be read, and nothing else either.
fn is_unreadable(reading: &Reading) -> bool {
    let was_read = |outcome: &FileOutcome| matches!(outcome, FileOutcome::Read { .. } | FileOutcome::Gone);
    let may_be_empty = reading.files.is_empty() && reading.problems.is_empty();
    !may_be_empty && !reading.files.iter().any(|file| was_read(&file.outcome))
}

fn all_problems(reading: &Reading) -> Vec<Problem> {
    reading.problems.iter().chain(reading.files.iter().flat_map(|file| &file.problems)).cloned().collect()
}

//! Importing a location from the command line.
//!
//! Owns the choice between registering it and reading it again; both are elsewhere.

use callboard_entity_model::LocationSpec;

use super::register::Registration;
use crate::{
    Actor, Catalog, CatalogError, Cause, ImportProgress, ReadMode, RefreshOutcome, SourceOrigin, store::sources,
};

impl Catalog {
    /// Reads a location that the operator names, whether or not it is a source already, and takes in what it declares.
    /// It stays a source afterwards. `progress` is told how far it is.
    ///
    /// # Errors
    /// When nothing can be read from a location that is new, or the database fails.
    pub async fn import(
        &self,
        location: LocationSpec,
        actor: &Actor,
        progress: &(dyn Fn(ImportProgress) + Send + Sync),
    ) -> Result<RefreshOutcome, CatalogError> {
        if let Some(source) = sources::find_at(&self.inner().db, &location).await? {
            return self.refresh_with_progress(source.id, ReadMode::Conditional, Cause::Import, actor, progress).await;
        }
        let registration = Registration {
            location,
            origin: SourceOrigin::Imported,
            cause: Cause::Import,
            actor,
            dry_run: false,
            progress,
        };
        let outcome = self.register(registration).await?;
        let source = outcome.source.map_or_else(Default::default, |source| source.id);
        let known = self.inner().known.get(&self.inner().db, source, 1).await?;
        Ok(RefreshOutcome {
            source,
            added: outcome.added,
            changed: outcome.changed,
            removed: outcome.removed,
            held: Vec::new(),
            problems: outcome.problems,
            file_count: known.locations().count(),
            revision: outcome.revision,
        })
    }
}

//! Unregistering a location.
//!
//! Owns that a location of the configuration cannot be unregistered. What the source held goes, or passes to whoever
//! claims it; the removal guard does not apply, because somebody asked for it.

use uuid::Uuid;

use super::{Fate, commit::planned_refs};
use crate::{
    Actor, Catalog, CatalogError, Cause, SourceOrigin, UnregisterOutcome,
    reconcile::{Origin, plan_release},
    store::{entities, sources},
};

impl Catalog {
    /// Unregisters a location and removes what only it declares. A dry run says what would happen and writes nothing.
    ///
    /// # Errors
    /// When the catalog is read-only, there is no such source, it is declared in the configuration, or the database
    /// fails.
    pub async fn unregister_location(
        &self,
        id: Uuid,
        dry_run: bool,
        actor: &Actor,
    ) -> Result<UnregisterOutcome, CatalogError> {
        if self.inner().settings.is_readonly && !dry_run {
            return Err(CatalogError::CatalogIsReadOnly);
        }
        let _turn = self.use_source(id).await;
        let origin = Origin { actor: actor.clone(), cause: Cause::Unregister, at: self.inner().clock.now() };
        let writing = self.begin_write().await?;
        let connection = writing.transaction.connection();
        let source = sources::find(connection, id).await?.ok_or(CatalogError::SourceNotFound { id })?;
        if source.origin == SourceOrigin::Config {
            return Err(CatalogError::SourceIsReadOnly { location: source.location });
        }
        let plan = plan_release(connection, id, None, None, origin.at).await?;
        if dry_run {
            let revision = entities::revision(writing.transaction.revision());
            writing.transaction.rollback().await?;
            let (_, taken_over, removed) = planned_refs(&plan);
            return Ok(UnregisterOutcome { removed, taken_over, revision });
        }
        let committed = self.commit(writing, source, Fate::Delete, plan, &origin).await?;
        Ok(UnregisterOutcome {
            removed: committed.removed,
            taken_over: committed.changed,
            revision: committed.revision,
        })
    }
}

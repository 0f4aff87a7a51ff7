//! Confirming a removal that was held.
//!
//! Owns the end of the waiting: everything that waits goes, or passes to whoever claims it, and a source that the
//! configuration no longer names goes with it.

use callboard_entity_model::EntityRef;
use uuid::Uuid;

use super::Fate;
use crate::{
    Actor, Catalog, CatalogError, Cause, RefreshOutcome,
    reconcile::{Origin, plan_release},
    store::{
        held_removals,
        source_files::{self, FileState},
        sources,
    },
};

impl Catalog {
    /// Removes every entity of a source whose removal waits.
    ///
    /// # Errors
    /// When there is no such source, nothing waits, or the database fails.
    pub async fn confirm_removal(&self, id: Uuid, actor: &Actor) -> Result<RefreshOutcome, CatalogError> {
        let _turn = self.use_source(id).await;
        let origin = Origin { actor: actor.clone(), cause: Cause::Confirmation, at: self.inner().clock.now() };
        let writing = self.begin_write().await?;
        let connection = writing.transaction.connection();
        let source = sources::find(connection, id).await?.ok_or(CatalogError::SourceNotFound { id })?;
        let waiting = held_removals::load(connection, Some(id)).await?;
        if waiting.is_empty() {
            return Err(CatalogError::NothingHeld { id });
        }
        let refs: Vec<EntityRef> = waiting.into_iter().map(|removal| removal.entity_ref).collect();
        let only = source.removed_at.is_none().then_some(&refs[..]);
        let mut plan = plan_release(connection, id, only, None, origin.at).await?;
        let files = source_files::load(connection, id).await?;
        let file_count = files.len();
        plan.file_deletes =
            files.into_iter().filter(|(_, file)| file.state == FileState::Held).map(|(location, _)| location).collect();
        let file_count = file_count - plan.file_deletes.len();
        let fate = if source.removed_at.is_some() { Fate::Delete } else { Fate::Keep };
        let committed = self.commit(writing, source, fate, plan, &origin).await?;
        Ok(self.refresh_outcome(id, committed, Vec::new(), file_count))
    }
}

//! Bringing a deleted entity back.
//!
//! Owns what that means: nothing declares the entity any more, so it gets a source of its own, which is not read, holds
//! nothing else, and can be unregistered like any other. No reading of another source takes the entity away again. When
//! a source declares it, that source takes it over and this one goes (`crate::reconcile`).

use std::sync::Arc;

use callboard_entity_model::{EntityRef, LocationSpec, Presence, Revision};
use callboard_foundation::new_id;
use callboard_view::EntityRecord;
use sea_orm::ConnectionTrait;

use super::Fate;
use crate::{
    Actor, Catalog, CatalogError, Cause, Operation, RestoreOutcome, Source, SourceOrigin,
    reconcile::{EntityWrite, Origin, Plan},
    store::{
        entities,
        history::{self, Span},
        log_head, sources,
    },
};

/// The type of the locations that stand for entities that were brought back.
const LOCATION_TYPE: &str = "restored";

impl Catalog {
    /// Brings a deleted entity back: as it was last, or as it was at a revision.
    ///
    /// # Errors
    /// When the catalog is read-only, the entity is there, never was or is no longer kept, or when the database fails.
    pub async fn restore_entity(
        &self,
        entity_ref: &EntityRef,
        revision: Option<Revision>,
        actor: &Actor,
    ) -> Result<RestoreOutcome, CatalogError> {
        let inner = self.inner();
        if inner.settings.is_readonly {
            return Err(CatalogError::CatalogIsReadOnly);
        }
        let origin = Origin { actor: actor.clone(), cause: Cause::Restore, at: inner.clock.now() };
        let writing = self.begin_write().await?;
        let connection = writing.transaction.connection();
        let holders = entities::load_holders(connection, std::slice::from_ref(entity_ref)).await?;
        if !holders.is_empty() {
            return Err(CatalogError::EntityExists { entity_ref: entity_ref.clone() });
        }
        let state = find_state(connection, entity_ref, revision).await?;
        let location = LocationSpec {
            kind: LOCATION_TYPE.to_owned(),
            target: entity_ref.to_string(),
            presence: Presence::Required,
        };
        let (source, fate) = match sources::find_at(connection, &location).await? {
            Some(source) => (source, Fate::Keep),
            None => (new_source(location, &origin), Fate::Insert),
        };
        let write = EntityWrite {
            operation: Operation::Created,
            entity_ref: entity_ref.clone(),
            source: source.id,
            location: source.location.reference().into(),
            document: state.document.clone(),
            hash: state.hash,
            created_at: origin.at,
            previous: None,
        };
        let plan = Plan { writes: vec![write], ..Plan::default() };
        let committed = self.commit(writing, source.clone(), fate, plan, &origin).await?;
        let shown = self.snapshot().sources.source(source.id).cloned();
        Ok(RestoreOutcome {
            source: shown.unwrap_or_else(|| Arc::new(source)),
            entity_ref: entity_ref.clone(),
            revision: committed.revision,
        })
    }
}

/// Finds what an entity that is gone was: at a revision, or at last.
async fn find_state(
    connection: &impl ConnectionTrait,
    entity_ref: &EntityRef,
    revision: Option<Revision>,
) -> Result<Arc<EntityRecord>, CatalogError> {
    let head = log_head::read(connection).await?;
    if let Some(revision) = revision.filter(|revision| *revision > head.revision) {
        return Err(CatalogError::RevisionNotReached { revision, newest: head.revision });
    }
    let before = revision.unwrap_or(head.revision).next();
    let span = Span { after: Revision(0), before, limit: 1, is_oldest_first: false };
    let change = history::of_entity(connection, entity_ref, span).await?.pop();
    let entity_ref = entity_ref.clone();
    match revision {
        // The newest change of an entity that is gone deleted it; what it was stands before that.
        None => {
            let state = change.and_then(|change| change.after.clone().or_else(|| change.before.clone()));
            state.ok_or(CatalogError::EntityNotFound { entity_ref })
        }
        Some(revision) if change.is_none() && revision < head.oldest && head.oldest > Revision(1) => {
            Err(CatalogError::HistoryExpired { oldest: head.oldest })
        }
        Some(revision) => {
            let state = change.and_then(|change| change.after.clone());
            state.ok_or(CatalogError::NoSuchState { entity_ref, revision })
        }
    }
}

fn new_source(location: LocationSpec, origin: &Origin) -> Source {
    Source {
        id: new_id(),
        location,
        origin: SourceOrigin::Restored,
        rules: None,
        created_at: origin.at,
        created_by: origin.actor.as_str().to_owned(),
        last_read_at: None,
        last_success_at: None,
        next_read_at: None,
        removed_at: None,
        version: 0,
    }
}

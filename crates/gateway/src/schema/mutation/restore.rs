//! Bringing deleted entities back.
//!
//! Owns input and payload; what it means that an entity is back is `catalog`'s matter.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::actor;
use crate::{
    error::GatewayError,
    schema::{
        context::ContextExt,
        entity::{AnyEntity, EntityNode},
        location::RegisteredLocation,
        scalars::{EntityRefScalar, RevisionScalar},
        user_error::UserError,
    },
};

/// The mutations that bring back.
#[derive(Default)]
pub(crate) struct RestoreMutations;

/// What to bring back.
#[derive(Debug, InputObject)]
pub(crate) struct RestoreEntityInput {
    /// The entity; a component is meant where no kind is named.
    #[graphql(name = "ref")]
    reference: EntityRefScalar,
    /// As it was at this revision; as it was last when left out.
    revision: Option<RevisionScalar>,
}

/// What bringing back did.
#[derive(Debug, SimpleObject)]
pub(crate) struct RestoreEntityPayload {
    /// The entity; null when it was not brought back.
    entity: Option<AnyEntity>,
    /// The location that holds it now and nothing else; unregister it to let the entity go again. Null when it was not
    /// brought back.
    location: Option<RegisteredLocation>,
    /// The revision at which it can be seen.
    revision: RevisionScalar,
    /// Why it was not done.
    user_errors: Vec<UserError>,
}

#[Object]
impl RestoreMutations {
    /// Brings back an entity that was deleted. It stays until it is unregistered, or until a location declares it again,
    /// which takes it over.
    async fn restore_entity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to bring back.")] input: RestoreEntityInput,
    ) -> Result<RestoreEntityPayload, GatewayError> {
        let catalog = ctx.catalog();
        let entity_ref = input.reference.parse()?;
        let revision = input.revision.map(|revision| revision.0);
        let outcome = catalog.restore_entity(&entity_ref, revision, &actor()).await;
        let snapshot = catalog.snapshot();
        Ok(match outcome {
            Ok(outcome) => RestoreEntityPayload {
                entity: EntityNode::find(&snapshot, &entity_ref).map(AnyEntity),
                location: Some(RegisteredLocation::new(&snapshot, &outcome.source)),
                revision: outcome.revision.into(),
                user_errors: Vec::new(),
            },
            Err(error) => RestoreEntityPayload {
                entity: None,
                location: None,
                revision: snapshot.revision().into(),
                user_errors: vec![UserError::from_catalog(error, &snapshot)?],
            },
        })
    }
}

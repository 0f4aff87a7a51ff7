//! Reading again what declares an entity.
//!
//! Owns input and payload; reading is the catalog's work.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::actor;
use crate::{
    error::GatewayError,
    schema::{
        context::ContextExt,
        entity::{AnyEntity, EntityNode},
        problem::ProblemObject,
        scalars::{EntityRefScalar, RevisionScalar},
        user_error::UserError,
    },
};

/// The mutations that read again.
#[derive(Default)]
pub(crate) struct RefreshMutations;

/// What to read again.
#[derive(Debug, InputObject)]
pub(crate) struct RefreshEntityInput {
    /// The entity; a component is meant where no kind is named.
    #[graphql(name = "ref")]
    reference: EntityRefScalar,
}

/// What reading again brought.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct RefreshEntityPayload {
    /// The entity as it is now; null when it is gone or never was.
    entity: Option<AnyEntity>,
    /// Entities that appeared: the whole location of the entity is read, not only its file.
    added_refs: Vec<EntityRefScalar>,
    /// Entities that changed.
    changed_refs: Vec<EntityRefScalar>,
    /// Entities that went.
    removed_refs: Vec<EntityRefScalar>,
    /// What is wrong with the location now; at most 100 problems.
    problems: Vec<ProblemObject>,
    /// The revision at which it can be seen.
    revision: RevisionScalar,
    /// Why it was not done.
    user_errors: Vec<UserError>,
}

#[Object]
impl RefreshMutations {
    /// Reads the location that declares an entity again, now, and answers when the result can be seen.
    async fn refresh_entity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to read again.")] input: RefreshEntityInput,
    ) -> Result<RefreshEntityPayload, GatewayError> {
        let catalog = ctx.catalog();
        let entity_ref = input.reference.parse()?;
        let outcome = match catalog.refresh_entity(&entity_ref, &actor()).await {
            Ok(outcome) => outcome,
            Err(error) => {
                let snapshot = catalog.snapshot();
                let user_errors = vec![UserError::from_catalog(error, &snapshot)?];
                let revision = snapshot.revision().into();
                return Ok(RefreshEntityPayload { revision, user_errors, ..Default::default() });
            }
        };
        Ok(RefreshEntityPayload {
            entity: EntityNode::find(&catalog.snapshot(), &entity_ref).map(AnyEntity),
            added_refs: outcome.added.iter().map(Into::into).collect(),
            changed_refs: outcome.changed.iter().map(Into::into).collect(),
            removed_refs: outcome.removed.iter().map(Into::into).collect(),
            problems: ProblemObject::reported(outcome.problems),
            revision: outcome.revision.into(),
            user_errors: Vec::new(),
        })
    }
}

//! Registering locations, unregistering them, and confirming held removals.
//!
//! Owns inputs and payloads; the rules are `catalog`'s.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use callboard_catalog::{CatalogError, CatalogSnapshot};
use callboard_document::sizes::MAX_PAYLOAD_ENTITIES;
use callboard_entity_model::{EntityRef, LocationSpec, Presence, Problem};
use callboard_view::{EntityRecord, ViewChange};
use url::Url;
use uuid::Uuid;

use super::actor;
use crate::{
    error::GatewayError,
    schema::{
        context::ContextExt,
        entity::{AnyEntity, EntityNode},
        global_id::GlobalId,
        location::{LocationPresence, RegisteredLocation},
        problem::ProblemObject,
        scalars::{EntityRefScalar, RevisionScalar},
        user_error::{UserError, UserErrorCode},
    },
};

/// The mutations of locations.
#[derive(Default)]
pub(crate) struct LocationMutations;

/// What to register.
#[derive(Debug, InputObject)]
pub(crate) struct RegisterLocationInput {
    /// The type of the location; `file` is refused here and belongs into the configuration.
    #[graphql(name = "type", default_with = "\"url\".to_owned()")]
    kind: String,
    /// The address of a catalog file.
    target: String,
    /// What it means when the target is not there.
    #[graphql(default_with = "LocationPresence::Required")]
    presence: LocationPresence,
    /// Only say what would happen.
    #[graphql(default)]
    dry_run: bool,
}

/// What registering did, or would do.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct RegisterLocationPayload {
    /// The new location; null for a dry run or when it was not registered.
    location: Option<RegisteredLocation>,
    /// Entities that appear.
    added_refs: Vec<EntityRefScalar>,
    /// Entities that change.
    changed_refs: Vec<EntityRefScalar>,
    /// Entities that go.
    removed_refs: Vec<EntityRefScalar>,
    /// The entities that appear or change, as they are then; at most 500 of them, while the references are complete.
    entities: Vec<AnyEntity>,
    /// What is wrong with what was read there; at most 100 problems.
    problems: Vec<ProblemObject>,
    /// The revision at which it can be seen; for a dry run the one that it was compared with.
    revision: RevisionScalar,
    /// Why it was not done.
    user_errors: Vec<UserError>,
}

/// What to unregister.
#[derive(Debug, InputObject)]
pub(crate) struct UnregisterLocationInput {
    /// The id of the registered location.
    id: ID,
    /// Only say what would happen.
    #[graphql(default)]
    dry_run: bool,
}

/// What unregistering did, or would do.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct UnregisterLocationPayload {
    /// The id of the location that is gone; null for a dry run or when it was not unregistered.
    unregistered_id: Option<ID>,
    /// Entities that go.
    removed_refs: Vec<EntityRefScalar>,
    /// Entities that stay because another location declares them too.
    taken_over_refs: Vec<EntityRefScalar>,
    /// The revision at which it can be seen; for a dry run the one that it was compared with.
    revision: RevisionScalar,
    /// Why it was not done.
    user_errors: Vec<UserError>,
}

/// Which held removal to let through.
#[derive(Debug, InputObject)]
pub(crate) struct ConfirmRemovalInput {
    /// The id of the registered location whose removed entities are held.
    id: ID,
}

/// What confirming did.
#[derive(Debug, Default, SimpleObject)]
pub(crate) struct ConfirmRemovalPayload {
    /// The location; null when nothing was confirmed, or when it was only kept for its held entities.
    location: Option<RegisteredLocation>,
    /// Entities that went.
    removed_refs: Vec<EntityRefScalar>,
    /// The revision at which it can be seen.
    revision: RevisionScalar,
    /// Why it was not done.
    user_errors: Vec<UserError>,
}

#[Object]
impl LocationMutations {
    /// Registers a location: reads it, takes its entities into the catalog, and reads it again from time to time. With
    /// `dryRun`, says what would be added, changed and removed.
    async fn register_location(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to register.")] input: RegisterLocationInput,
    ) -> Result<RegisterLocationPayload, GatewayError> {
        let catalog = ctx.catalog();
        let presence: Presence = input.presence.into();
        let target = canonical_target(&input.kind, input.target);
        let spec = LocationSpec { kind: input.kind, target, presence };
        let outcome = match catalog.register_location(spec, input.dry_run, &actor()).await {
            Ok(outcome) => outcome,
            Err(error) => return not_registered(error, &catalog.snapshot()),
        };
        let snapshot = catalog.snapshot();
        Ok(RegisterLocationPayload {
            location: outcome.source.map(|source| RegisteredLocation::new(&snapshot, &source)),
            added_refs: scalars(&outcome.added),
            changed_refs: scalars(&outcome.changed),
            removed_refs: scalars(&outcome.removed),
            entities: entities_as_of(&snapshot, outcome.entities),
            problems: ProblemObject::reported(outcome.problems),
            revision: outcome.revision.into(),
            user_errors: Vec::new(),
        })
    }

    /// Unregisters a location: its entities go, unless another location declares them too. With `dryRun`, says which.
    async fn unregister_location(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to unregister.")] input: UnregisterLocationInput,
    ) -> Result<UnregisterLocationPayload, GatewayError> {
        let catalog = ctx.catalog();
        let failed = |error| UnregisterLocationPayload {
            revision: catalog.snapshot().revision().into(),
            user_errors: vec![error],
            ..Default::default()
        };
        let id = match location_id(&input.id) {
            Ok(id) => id,
            Err(error) => return Ok(failed(error)),
        };
        let outcome = match catalog.unregister_location(id, input.dry_run, &actor()).await {
            Ok(outcome) => outcome,
            Err(error) => return UserError::from_catalog(error, &catalog.snapshot()).map(failed),
        };
        Ok(UnregisterLocationPayload {
            unregistered_id: (!input.dry_run).then_some(input.id),
            removed_refs: scalars(&outcome.removed),
            taken_over_refs: scalars(&outcome.taken_over),
            revision: outcome.revision.into(),
            user_errors: Vec::new(),
        })
    }

    /// Lets the entities go that a location no longer declares but that were held because they are so many.
    async fn confirm_removal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which held removal to let through.")] input: ConfirmRemovalInput,
    ) -> Result<ConfirmRemovalPayload, GatewayError> {
        let catalog = ctx.catalog();
        let failed = |error| ConfirmRemovalPayload {
            revision: catalog.snapshot().revision().into(),
            user_errors: vec![error],
            ..Default::default()
        };
        let id = match location_id(&input.id) {
            Ok(id) => id,
            Err(error) => return Ok(failed(error)),
        };
        let outcome = match catalog.confirm_removal(id, &actor()).await {
            Ok(outcome) => outcome,
            Err(error) => return UserError::from_catalog(error, &catalog.snapshot()).map(failed),
        };
        Ok(ConfirmRemovalPayload {
            location: RegisteredLocation::find(&catalog.snapshot(), id),
            removed_refs: scalars(&outcome.removed),
            revision: outcome.revision.into(),
            user_errors: Vec::new(),
        })
    }
}

/// Writes an address in one way only (host in lower case, no dot segments, no fragment), so that one file is not registered
/// twice. What is no address is left to be refused as it was written.
fn canonical_target(kind: &str, target: String) -> String {
    match (kind, Url::parse(&target)) {
        ("url", Ok(mut url)) => {
            url.set_fragment(None);
            url.into()
        }
        _ => target,
    }
}

/// Says why nothing was registered; what was wrong with what was read stays part of the answer.
fn not_registered(
    error: CatalogError,
    snapshot: &Arc<CatalogSnapshot>,
) -> Result<RegisterLocationPayload, GatewayError> {
    let problems: Vec<Problem> = match &error {
        CatalogError::LocationUnreadable { problems, .. } => problems.clone(),
        _ => Vec::new(),
    };
    let problems = ProblemObject::reported(problems);
    let user_errors = vec![UserError::from_catalog(error, snapshot)?];
    let revision = snapshot.revision().into();
    Ok(RegisterLocationPayload { problems, revision, user_errors, ..Default::default() })
}

/// Returns entities as an outcome describes them, among all others as they are now. For a dry run they are not in the
/// catalog, so they are put into a copy of the index, which shares with it all that is the same.
fn entities_as_of(snapshot: &Arc<CatalogSnapshot>, records: Vec<Arc<EntityRecord>>) -> Vec<AnyEntity> {
    let refs: Vec<EntityRef> = records.iter().map(|record| record.entity_ref.clone()).collect();
    let is_there =
        |record: &Arc<EntityRecord>| snapshot.index.record(&record.entity_ref).is_some_and(|it| it == record);
    let snapshot = match records.iter().all(is_there) {
        true => Arc::clone(snapshot),
        false => {
            let changes = records.into_iter().map(ViewChange::Upsert).collect();
            let index = Arc::new(snapshot.index.apply(snapshot.index.revision(), changes));
            Arc::new(CatalogSnapshot::new(index, Arc::clone(&snapshot.sources)))
        }
    };
    let told = refs.iter().take(MAX_PAYLOAD_ENTITIES);
    told.filter_map(|entity_ref| EntityNode::find(&snapshot, entity_ref).map(AnyEntity)).collect()
}

fn location_id(id: &ID) -> Result<Uuid, UserError> {
    match GlobalId::decode(id) {
        Some(GlobalId::Location(id)) => Ok(id),
        _ => Err(UserError::input(UserErrorCode::NotFound, "id", format!("there is no location with id `{}`", id.0))),
    }
}

fn scalars(refs: &[EntityRef]) -> Vec<EntityRefScalar> {
    refs.iter().map(Into::into).collect()
}

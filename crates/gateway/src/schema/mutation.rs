//! What can be changed.
//!
//! Owns the fields of `Mutation`: one file per area. Each calls one function of the catalog, or of what is kept beside it,
//! and answers from a state that has its effect.

mod locations;
mod refresh;
mod restore;
mod validation;
mod webhooks;

use async_graphql::MergedObject;
use callboard_catalog::Actor;

/// What can be changed. An answer is sent only after the change can be seen by every later question to this server.
#[derive(Default, MergedObject)]
pub(crate) struct Mutation(
    locations::LocationMutations,
    refresh::RefreshMutations,
    restore::RestoreMutations,
    validation::ValidationMutations,
    webhooks::WebhookMutations,
);

/// Who changes something: nobody can sign in yet.
fn actor() -> Actor {
    Actor::named("anonymous")
}

//! What can be changed.
//!
//! Owns the fields of `Mutation`: one file per area. Each calls one function of the catalog and answers from a snapshot
//! that has its effect.

mod locations;
mod refresh;
mod validation;

use async_graphql::MergedObject;
use callboard_catalog::Actor;

/// What can be changed. An answer is sent only after the change can be seen by every later question to this server.
#[derive(Default, MergedObject)]
pub(crate) struct Mutation(locations::LocationMutations, refresh::RefreshMutations, validation::ValidationMutations);

/// Who changes something: nobody can sign in yet.
fn actor() -> Actor {
    Actor::named("anonymous")
}

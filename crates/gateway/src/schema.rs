//! The GraphQL schema.
//!
//! Owns every GraphQL type. Resolvers read the snapshot of their request ([`context`]) and call `catalog` for what changes
//! something; there is no SQL and no waiting in a read. No extension is registered here: any of them slows every field
//! down. Start reading at [`query`].

#![allow(clippy::too_many_arguments, reason = "a resolver has the arguments of its field, and a page alone has four")]

pub(crate) mod change;
mod changed_paths;
mod connection;
pub(crate) mod context;
mod entity;
pub(crate) mod filter;
mod global_id;
mod location;
mod mutation;
mod node;
mod order;
mod page;
mod problem;
mod query;
mod registry;
mod relation;
mod scalars;
mod subscription;
mod user_error;

use std::sync::Arc;

use async_graphql::{EmptyMutation, EmptySubscription, SDLExportOptions, Schema, SchemaBuilder, ValidationMode};
use callboard_catalog::Catalog;
use callboard_foundation::Clock;

pub(crate) use self::scalars::check_scalar;
use self::{mutation::Mutation, query::Query, subscription::Subscription};
use crate::GatewaySettings;

/// The schema with its three roots.
pub(crate) type CallboardSchema = Schema<Query, Mutation, Subscription>;

/// Makes the schema over a catalog.
pub(crate) fn build_schema(catalog: Catalog, settings: Arc<GatewaySettings>, clock: Clock) -> CallboardSchema {
    builder().data(catalog).data(settings).data(clock).finish()
}

/// The schema that events of subscriptions are executed over: what can be followed is its root, and each field answers
/// with the event at hand.
pub(crate) type EventSchema = Schema<Subscription, EmptyMutation, EmptySubscription>;

/// Makes the schema of events over a catalog.
pub(crate) fn build_event_schema(catalog: Catalog, settings: Arc<GatewaySettings>, clock: Clock) -> EventSchema {
    let builder = Schema::build(Subscription, EmptyMutation, EmptySubscription).validation_mode(ValidationMode::Fast);
    builder.limit_recursive_depth(usize::MAX).data(catalog).data(settings).data(clock).finish()
}

/// Returns the schema as text, with every description.
#[must_use]
pub fn schema_sdl() -> String {
    let options = SDLExportOptions::new().include_specified_by().prefer_single_line_descriptions().use_space_ident();
    let mut sdl = builder().finish().sdl_with_options(options);
    sdl.truncate(sdl.trim_end().len());
    sdl.push('\n');
    sdl
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    // Documents are validated, and depth and cost checked, before they come here.
    Schema::build(Query, Mutation::default(), Subscription)
        .disable_suggestions()
        .validation_mode(ValidationMode::Fast)
        .limit_recursive_depth(usize::MAX)
}

#[cfg(test)]
mod tests;

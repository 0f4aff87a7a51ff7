//! The GraphQL schema.
//!
//! Owns every GraphQL type. Resolvers read the snapshot of their request ([`context`]) and call `catalog` for what changes
//! something; there is no SQL and no waiting in a read. No extension is registered here: any of them slows every field
//! down. Start reading at [`query`].

#![allow(clippy::too_many_arguments, reason = "a resolver has the arguments of its field, and a page alone has four")]

pub(crate) mod change;
mod change_page;
mod connection;
pub(crate) mod context;
mod entity;
mod federation;
pub(crate) mod filter;
mod global_id;
mod graph;
mod history;
mod json_text;
mod location;
mod mutation;
mod node;
mod order;
mod page;
mod problem;
mod query;
mod reader;
mod registry;
mod relation;
mod scalars;
mod selection;
mod snapshot;
mod subscription;
mod user_error;
mod webhook;
mod writer;

use std::sync::Arc;

use async_graphql::{EmptyMutation, EmptySubscription, SDLExportOptions, Schema, SchemaBuilder, ValidationMode};
use callboard_catalog::Catalog;
use callboard_foundation::Clock;
use callboard_webhooks::Webhooks;
use chrono::{DateTime, Utc};

pub use self::webhook::webhook_dialect;
use self::{
    federation::{FederatedQuery, FederationFields, QueryRoot, subgraph_sdl},
    mutation::Mutation,
    reader::CatalogReader,
    subscription::Subscription,
};
pub(crate) use self::{json_text::JsonText, scalars::check_scalar};
use crate::GatewaySettings;

/// The schema with its three roots.
pub(crate) type CallboardSchema = Schema<QueryRoot, Mutation, Subscription>;

/// Instants are async-graphql's scalar, whose own description is for Rust programmers.
const DATE_TIME: &str = "An instant, as text of RFC 3339 with its offset, for example `2026-03-01T09:30:00Z`; answers \
                          are in UTC.";

/// Makes the schema over a catalog.
pub(crate) fn build_schema(
    catalog: Catalog,
    webhooks: Webhooks,
    settings: Arc<GatewaySettings>,
    clock: Clock,
) -> CallboardSchema {
    builder_for(&settings).data(catalog).data(webhooks).data(settings).data(clock).finish()
}

/// The schema that events of subscriptions are executed over: what can be followed is its root, and each field answers
/// with the event at hand.
pub(crate) type EventSchema = Schema<Subscription, EmptyMutation, EmptySubscription>;

/// Makes the schema of events over a catalog.
pub(crate) fn build_event_schema(catalog: Catalog, settings: Arc<GatewaySettings>, clock: Clock) -> EventSchema {
    let builder = Schema::build(Subscription, EmptyMutation, EmptySubscription).validation_mode(ValidationMode::Fast);
    builder.limit_recursive_depth(usize::MAX).data(catalog).data(settings).data(clock).finish()
}

/// Returns the schema as text, with every description, as it is without any settings.
#[must_use]
pub fn schema_sdl() -> String {
    printed(builder(None))
}

/// Returns the schema as text, as these settings make it: what documents are validated against.
pub(crate) fn schema_sdl_for(settings: &GatewaySettings) -> String {
    printed(builder_for(settings))
}

fn printed(builder: SchemaBuilder<QueryRoot, Mutation, Subscription>) -> String {
    let options = SDLExportOptions::new().include_specified_by().prefer_single_line_descriptions().use_space_ident();
    let mut sdl = with_lint_exception(&builder.finish().sdl_with_options(options));
    sdl.truncate(sdl.trim_end().len());
    sdl.push('\n');
    sdl
}

/// Says to linters why a field begins like its type: `apiVersion` is a field of every kind, and one kind is called `API`.
fn with_lint_exception(sdl: &str) -> String {
    let field = "  apiVersion: String!\n";
    let Some((before, api)) = sdl.split_once("\ntype API ") else { return sdl.to_owned() };
    let excused = format!("  # eslint-disable-next-line @graphql-eslint/no-typename-prefix\n{field}");
    format!("{before}\ntype API {}", api.replacen(field, &excused, 1))
}

fn builder_for(settings: &GatewaySettings) -> SchemaBuilder<QueryRoot, Mutation, Subscription> {
    match settings.federation {
        true => builder(Some(FederationFields::new(subgraph_sdl()))).register_output_type::<FederatedQuery<'_>>(),
        false => builder(None),
    }
}

fn builder(federation: Option<FederationFields>) -> SchemaBuilder<QueryRoot, Mutation, Subscription> {
    // Documents are validated, and depth and cost checked, before they come here.
    Schema::build(QueryRoot::new(federation), Mutation::default(), Subscription)
        .register_output_type::<CatalogReader>()
        .disable_suggestions()
        .validation_mode(ValidationMode::Fast)
        .limit_recursive_depth(usize::MAX)
        .override_output_type_description::<DateTime<Utc>>(DATE_TIME)
}

#[cfg(test)]
mod tests;

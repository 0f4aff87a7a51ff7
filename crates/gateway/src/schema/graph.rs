//! Questions about relations: neighbourhood, impact, paths and cycles.
//!
//! Owns their GraphQL shapes, their limits and their root fields as plain functions over a snapshot, so that whatever
//! has a snapshot can offer them. Walking is `view`'s work. Start reading at [`neighborhood`].

mod cycles;
mod impact;
mod neighborhood;
mod paths;

use std::sync::Arc;

use async_graphql::{Enum, SimpleObject};
use callboard_catalog::CatalogSnapshot;
use callboard_entity_model::RelationType;
use callboard_view::EntityHandle;

pub(crate) use cycles::{CycleConnection, cycles};
pub(crate) use impact::{Impact, ImpactDirection, impact};
pub(crate) use neighborhood::{EntityGraph, GraphInput, neighborhood};
pub(crate) use paths::{PathResult, PathsInput, paths};

use super::{
    entity::{AnyEntity, EntityNode},
    filter::parse_relation_type,
    scalars::EntityRefScalar,
};
use crate::error::GatewayError;

/// The furthest that a walk may be asked to go.
const MAX_DEPTH: usize = 100;
/// The most nodes of one graph.
const MAX_NODES: usize = 5_000;
/// The most edges of one graph.
const MAX_EDGES: usize = 25_000;

/// Which way relations are followed. With `relationTypes`, OUTGOING goes from an entity to the targets of "entity TYPE
/// target", INCOMING to each x of "x TYPE entity". Without, the types `ownedBy`, `providesApi`, `consumesApi`, `dependsOn`,
/// `childOf`, `memberOf` and `partOf` are meant. Who wrote the relation down does not matter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "callboard_view::GraphDirection")]
pub(crate) enum GraphDirection {
    /// To what an entity depends on, is owned by, is part of, ….
    Outgoing,
    /// To what depends on it, what it owns, its parts, ….
    Incoming,
    /// Both ways at each entity.
    #[default]
    Both,
}

/// A relation between two nodes: source `type` target.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct GraphEdge {
    /// The reference of the node where it starts.
    source: EntityRefScalar,
    /// The reference of the node where it leads.
    target: EntityRefScalar,
    /// The type, for example `dependsOn`.
    #[graphql(name = "type")]
    kind: &'static str,
    /// The type of the same relation as seen from the target, for example `dependencyOf`; null when that is an edge of its
    /// own.
    inverse_type: Option<&'static str>,
}

impl From<callboard_view::GraphEdge> for GraphEdge {
    fn from(edge: callboard_view::GraphEdge) -> Self {
        Self {
            source: (&edge.source).into(),
            target: (&edge.target).into(),
            kind: edge.kind.as_str(),
            inverse_type: edge.inverse.map(RelationType::as_str),
        }
    }
}

/// Why an answer is not whole, and how much is missing.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct Truncation {
    /// Which limit was met.
    reason: TruncationReason,
    /// That limit.
    limit: u64,
    /// How many nodes are missing; 0 for paths, of which it can't be told.
    omitted_node_count: u64,
    /// How many edges between the nodes that are there are missing.
    omitted_edge_count: u64,
    /// Whether more may be missing than was counted.
    is_lower_bound: bool,
}

/// A limit that cuts answers.
#[allow(clippy::enum_variant_names, reason = "each names the argument or bound that was met")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "callboard_view::TruncationReason")]
pub(crate) enum TruncationReason {
    /// There are more nodes than were asked for.
    MaxNodes,
    /// There are more edges than were asked for.
    MaxEdges,
    /// It goes on beyond the distance or length asked for.
    MaxDepth,
    /// Finding out more would have taken too long. Steps are counted and not time, so that the same question has the same
    /// answer everywhere.
    #[graphql(name = "DEADLINE")]
    MaxSteps,
}

impl From<callboard_view::Truncation> for Truncation {
    fn from(truncation: callboard_view::Truncation) -> Self {
        Self {
            reason: truncation.reason.into(),
            limit: truncation.limit,
            omitted_node_count: truncation.omitted_nodes,
            omitted_edge_count: truncation.omitted_edges,
            is_lower_bound: truncation.is_lower_bound,
        }
    }
}

/// Checks a number of things asked for against the most that may be.
fn checked_number(argument: &'static str, number: i32, max: usize) -> Result<usize, GatewayError> {
    match usize::try_from(number) {
        Ok(number) if number <= max => Ok(number),
        Ok(requested) => Err(GatewayError::PageSizeExceeded { argument, requested, max }),
        Err(_) => Err(GatewayError::bad_argument(argument, format!("is {number}, but must not be negative"))),
    }
}

fn relation_types(
    argument: &'static str,
    names: Option<Vec<String>>,
) -> Result<Option<Vec<RelationType>>, GatewayError> {
    let parse = |names: Vec<String>| names.iter().map(|name| parse_relation_type(argument, name)).collect();
    names.map(parse).transpose()
}

fn any_entity(snapshot: &Arc<CatalogSnapshot>, handle: EntityHandle) -> AnyEntity {
    AnyEntity(EntityNode::new(handle, Arc::clone(snapshot)))
}

//! The neighbourhood of entities, as nodes and edges to be drawn.
//!
//! Owns `GraphInput` and `EntityGraph`.

use std::sync::Arc;

use async_graphql::{InputObject, SimpleObject};
use callboard_catalog::CatalogSnapshot;
use callboard_view::{GraphQuery, MAX_STEPS};

use super::{
    GraphDirection, GraphEdge, MAX_DEPTH, MAX_EDGES, MAX_NODES, Truncation, any_entity, checked_number, relation_types,
};
use crate::{
    GatewaySettings,
    error::GatewayError,
    schema::{
        entity::AnyEntity,
        filter::EntityFilter,
        page::check_list_length,
        scalars::{EntityRefScalar, RevisionScalar},
    },
};

/// Which neighbourhood.
#[derive(Debug, Clone, PartialEq, InputObject)]
pub(crate) struct GraphInput {
    /// Where to start, at most 500 references; a component is meant where no kind is named. Roots that nothing is known of are
    /// left out of the answer.
    roots: Vec<EntityRefScalar>,
    /// Which way relations are followed.
    #[graphql(default)]
    direction: GraphDirection,
    /// How many relations away from the nearest root, at most 100.
    #[graphql(default = 1)]
    depth: i32,
    /// Only relations of these types, for example `dependsOn`; the seven of `GraphDirection` when left out.
    relation_types: Option<Vec<String>>,
    /// Only these entities are kept and walked through; what this hides is counted in `hiddenNeighborCount`. The roots are
    /// always kept. References that lead nowhere pass no filter.
    filter: Option<EntityFilter>,
    /// The most nodes, from 1 to 5000: the nearest are kept, and of those at the same distance the first by reference.
    #[graphql(default = 500)]
    max_nodes: i32,
    /// The most edges, up to 25000: those nearest to the roots are kept.
    #[graphql(default = 5_000)]
    max_edges: i32,
    /// Whether a relation and its inverse are one edge, and not one each.
    #[graphql(default = true)]
    merge_inverse: bool,
}

/// What is around some entities.
#[derive(Debug, SimpleObject)]
pub(crate) struct EntityGraph {
    /// The revision that this answer is of.
    revision: RevisionScalar,
    /// The nodes, each once, by distance, then by reference.
    nodes: Vec<GraphNode>,
    /// The relations of the asked types between these nodes, whether or not the walk went along them; by source, type and
    /// target.
    edges: Vec<GraphEdge>,
    /// Whether this is everything within the depth asked for. That there is more further away is no limit that was met: see
    /// `hiddenNeighborCount`.
    is_complete: bool,
    /// Which limit cut the answer; null when it is complete.
    truncation: Option<Truncation>,
}

/// A node of a graph.
#[derive(Debug, SimpleObject)]
pub(crate) struct GraphNode {
    /// The reference.
    #[graphql(name = "ref")]
    reference: EntityRefScalar,
    /// The entity; null when there is none of that reference.
    entity: Option<AnyEntity>,
    /// Whether the walk started here.
    is_root: bool,
    /// How many relations it is away from the nearest root.
    distance: usize,
    /// Whether the walk went on from here and everything next to it that passes the filter is in the answer.
    is_expanded: bool,
    /// How many nodes next to it, in the direction and types asked for, are not in the answer.
    hidden_neighbor_count: u64,
}

/// Answers what is around some entities.
pub(crate) fn neighborhood(
    snapshot: &Arc<CatalogSnapshot>,
    settings: &GatewaySettings,
    input: GraphInput,
) -> Result<EntityGraph, GatewayError> {
    check_list_length("input.roots", input.roots.len(), settings)?;
    let max_nodes = checked_number("input.maxNodes", input.max_nodes, MAX_NODES)?;
    if max_nodes == 0 {
        return Err(GatewayError::bad_argument("input.maxNodes", "must be at least 1"));
    }
    let query = GraphQuery {
        roots: input.roots.iter().map(EntityRefScalar::parse).collect::<Result<_, _>>()?,
        direction: input.direction.into(),
        depth: checked_number("input.depth", input.depth, MAX_DEPTH)?,
        types: relation_types("input.relationTypes", input.relation_types)?,
        filter: input.filter.map(EntityFilter::into_filter).transpose()?,
        max_nodes,
        max_edges: checked_number("input.maxEdges", input.max_edges, MAX_EDGES)?,
        merge_inverse: input.merge_inverse,
        max_steps: MAX_STEPS,
    };
    let graph = snapshot.index.graph(&query)?;
    let node = |node: callboard_view::GraphNode| GraphNode {
        reference: (&node.entity_ref).into(),
        entity: node.entity.map(|entity| any_entity(snapshot, entity)),
        is_root: node.is_root,
        distance: node.distance,
        is_expanded: node.is_expanded,
        hidden_neighbor_count: node.hidden_neighbors,
    };
    Ok(EntityGraph {
        revision: snapshot.revision().into(),
        nodes: graph.nodes.into_iter().map(node).collect(),
        edges: graph.edges.into_iter().map(Into::into).collect(),
        is_complete: graph.truncation.is_none(),
        truncation: graph.truncation.map(Into::into),
    })
}

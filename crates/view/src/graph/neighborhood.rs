//! Neighbourhoods: what is around some entities, as nodes and edges to be drawn.
//!
//! Owns what is in such an answer. The nodes are those that a walk from the roots reaches within the depth, nearest
//! first; the edges are all relations of the asked types between them, whichever of them the walk went along.

use std::{collections::HashMap, sync::Arc};

use callboard_entity_model::{EntityRef, RelationType};
use foldhash::fast::RandomState;

use super::{
    COUNTING_STEPS, GraphDirection, GraphEdge, MAX_STEPS, RelationSet, Truncation, TruncationReason,
    bits::BitSet,
    levels::{Advanced, Levels},
};
use crate::{CatalogIndex, EntityHandle, Filter, QueryError};

/// What of a neighbourhood is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphQuery {
    /// Where the walk starts. References that the catalog does not know at all are passed over.
    pub roots: Vec<EntityRef>,
    /// Which way it goes.
    pub direction: GraphDirection,
    /// How many relations away from the roots.
    pub depth: usize,
    /// Which types of relations; see [`GraphDirection`] for what happens without.
    pub types: Option<Vec<RelationType>>,
    /// Which entities are kept and walked through; the roots always are. With a filter, references that lead nowhere are
    /// not kept, because there is nothing that could pass.
    pub filter: Option<Filter>,
    /// How many nodes at most, the nearest first, then by reference.
    pub max_nodes: usize,
    /// How many edges at most, those nearest to the roots first.
    pub max_edges: usize,
    /// Whether a relation is shown once, and not once from each end.
    pub merge_inverse: bool,
    /// How many relations the walk may follow.
    pub max_steps: u64,
}

impl GraphQuery {
    /// Returns the query for everything directly around these entities.
    #[must_use]
    pub fn around(roots: Vec<EntityRef>) -> Self {
        Self {
            roots,
            direction: GraphDirection::Both,
            depth: 1,
            types: None,
            filter: None,
            max_nodes: 500,
            max_edges: 5_000,
            merge_inverse: true,
            max_steps: MAX_STEPS,
        }
    }
}

/// A neighbourhood.
#[derive(Debug, Clone, PartialEq)]
pub struct EntityGraph {
    /// The nodes, by distance, then by reference.
    pub nodes: Vec<GraphNode>,
    /// The relations between them, by source, type and target.
    pub edges: Vec<GraphEdge>,
    /// Why it is not whole; `None` when it is. That the walk ends at the depth asked for is no limit that was met.
    pub truncation: Option<Truncation>,
}

/// A node of a neighbourhood.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphNode {
    /// Its reference.
    pub entity_ref: EntityRef,
    /// The entity; `None` when there is none of that reference.
    pub entity: Option<EntityHandle>,
    /// Whether the walk started here.
    pub is_root: bool,
    /// How many relations away from the nearest root.
    pub distance: usize,
    /// Whether the walk went on from here, and everything next to it that passes the filter is in the answer.
    pub is_expanded: bool,
    /// How many different nodes are next to it, in the direction and types asked for, that are not in the answer.
    pub hidden_neighbors: u64,
}

/// The nodes of the answer, before they are looked at.
struct Kept {
    /// Numbers and distances, by distance, then by reference.
    nodes: Vec<(u32, usize)>,
    truncation: Option<Truncation>,
}

impl CatalogIndex {
    /// Returns what is around some entities.
    ///
    /// # Errors
    /// When the filter is nested too deeply.
    pub fn graph(self: &Arc<Self>, query: &GraphQuery) -> Result<EntityGraph, QueryError> {
        let passing = query.filter.as_ref().map(|filter| self.select(Some(filter))).transpose()?;
        let admits = |id: u32| passing.as_ref().is_none_or(|passing| passing.ids.contains(id));
        let types = RelationSet::of(query.types.as_deref());
        let follow = types.towards(query.direction);
        let kept = self.walk(query, follow, &admits);
        let shown = if query.merge_inverse { types.one_per_pair() } else { types.with_inverse() };

        let mut in_answer = BitSet::with_room_for(self.nodes.len());
        kept.nodes.iter().for_each(|(id, _)| {
            in_answer.insert(*id);
        });
        let mut hidden = BitSet::with_room_for(self.nodes.len());
        let mut hidden_ids = Vec::new();
        let mut edges = Vec::new();
        let mut nodes = Vec::with_capacity(kept.nodes.len());
        for (id, distance) in &kept.nodes {
            let Some(node) = self.node(*id) else { continue };
            let mut is_expanded = *distance < query.depth;
            node.visit(follow.union(shown), |kind, other| {
                if in_answer.contains(other) {
                    if shown.contains(kind) {
                        edges.push((*id, kind, other));
                    }
                } else if follow.contains(kind) && hidden.insert(other) {
                    hidden_ids.push(other);
                    is_expanded &= !admits(other);
                }
            });
            nodes.push(GraphNode {
                entity_ref: node.entity_ref.clone(),
                entity: self.handle(*id),
                is_root: *distance == 0,
                distance: *distance,
                is_expanded,
                hidden_neighbors: hidden_ids.len() as u64,
            });
            hidden_ids.drain(..).for_each(|id| hidden.remove(id));
        }
        let (edges, omitted) = self.edges(&kept.nodes, edges, query);
        let truncation = kept.truncation.map(|it| Truncation { omitted_edges: omitted, ..it });
        let of_edges = (omitted > 0).then_some(Truncation {
            reason: TruncationReason::MaxEdges,
            limit: query.max_edges as u64,
            omitted_nodes: 0,
            omitted_edges: omitted,
            is_lower_bound: false,
        });
        Ok(EntityGraph { nodes, edges, truncation: truncation.or(of_edges) })
    }

    /// Walks outwards until the depth, the most nodes or the most steps are reached.
    fn walk(&self, query: &GraphQuery, follow: RelationSet, admits: &impl Fn(u32) -> bool) -> Kept {
        let roots: Vec<u32> = query.roots.iter().filter_map(|root| Some(self.known_node(root)?.0)).collect();
        let mut kept = Kept { nodes: Vec::new(), truncation: None };
        if roots.is_empty() {
            return kept;
        }
        let (mut omitted, mut is_out_of_steps) = (0, false);
        let mut levels = Levels::new(self, follow, &roots, query.max_steps);
        loop {
            let (level, distance) = (levels.last(), levels.distance());
            let room = query.max_nodes - kept.nodes.len();
            kept.nodes.extend(self.first_by_ref(level, room).into_iter().map(|id| (id, distance)));
            if level.len() > room {
                omitted += level.len() - room;
                levels.limit_steps(COUNTING_STEPS);
            }
            if distance >= query.depth {
                break;
            }
            match levels.advance(admits) {
                Advanced::Further => {}
                Advanced::Finished => break,
                Advanced::OutOfSteps => {
                    is_out_of_steps = true;
                    break;
                }
            }
        }
        let (reason, limit) = match omitted {
            0 => (TruncationReason::MaxSteps, query.max_steps),
            _ => (TruncationReason::MaxNodes, query.max_nodes as u64),
        };
        kept.truncation = (omitted > 0 || is_out_of_steps).then_some(Truncation {
            reason,
            limit,
            omitted_nodes: omitted as u64,
            omitted_edges: 0,
            is_lower_bound: is_out_of_steps,
        });
        kept
    }

    /// Orders the edges, leaves those out that are too many, and returns how many these are.
    fn edges(
        &self,
        nodes: &[(u32, usize)],
        mut edges: Vec<(u32, RelationType, u32)>,
        query: &GraphQuery,
    ) -> (Vec<GraphEdge>, u64) {
        let ids: Vec<u32> = nodes.iter().map(|(id, _)| *id).collect();
        let sorted = self.sorted_by_ref(&ids);
        // Comparing ranks is quicker than comparing references, and there are more edges than nodes.
        let mut ranks: HashMap<u32, (usize, usize), RandomState> = HashMap::default();
        ranks.extend(sorted.iter().enumerate().map(|(rank, id)| (*id, (rank, 0))));
        for (id, distance) in nodes {
            if let Some((_, known)) = ranks.get_mut(id) {
                *known = *distance;
            }
        }
        edges.sort_unstable();
        edges.dedup();
        let mut ranked: Vec<_> = edges
            .into_iter()
            .filter_map(|(source, kind, target)| {
                let ((source, near), (target, far)) = (ranks.get(&source)?, ranks.get(&target)?);
                Some((*source, kind, *target, (*near).max(*far)))
            })
            .collect();
        let omitted = ranked.len().saturating_sub(query.max_edges);
        if omitted > 0 {
            ranked
                .sort_unstable_by_key(|(source, kind, target, distance)| (*distance, *source, kind.as_str(), *target));
            ranked.truncate(query.max_edges);
        }
        ranked.sort_unstable_by_key(|(source, kind, target, _)| (*source, kind.as_str(), *target));
        let entity_ref = |rank: usize| self.node(sorted[rank]).map(|node| node.entity_ref.clone());
        let edge = |(source, kind, target, _): (usize, RelationType, usize, usize)| {
            let inverse = query.merge_inverse.then(|| kind.inverse());
            Some(GraphEdge { source: entity_ref(source)?, kind, target: entity_ref(target)?, inverse })
        };
        (ranked.into_iter().filter_map(edge).collect(), omitted as u64)
    }
}

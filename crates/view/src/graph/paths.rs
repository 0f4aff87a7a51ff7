//! Paths: how one entity leads to another.
//!
//! Owns what is answered, and the search for the shortest distance. Going along the paths themselves is
//! `simple_paths`' work. Two paths are different when they pass other nodes; where two relations join the same two
//! nodes, a path names the first by name.

use std::sync::Arc;

use callboard_entity_model::{EntityRef, RelationType};

use super::{
    GraphDirection, MAX_STEPS, RelationSet, Truncation, TruncationReason,
    levels::Advanced,
    simple_paths::{Ending, Search},
};
use crate::{CatalogIndex, EntityHandle};

/// Which paths are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathQuery {
    /// Where they start.
    pub from: EntityRef,
    /// Where they end.
    pub to: EntityRef,
    /// Which way they go.
    pub direction: GraphDirection,
    /// Along which types of relations; see [`GraphDirection`] for what happens without.
    pub types: Option<Vec<RelationType>>,
    /// Which of the paths.
    pub mode: PathMode,
    /// How many relations a path has at most.
    pub max_length: usize,
    /// How many paths at most.
    pub first: usize,
    /// How many relations the search may follow.
    pub max_steps: u64,
}

/// Which paths are looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum PathMode {
    /// One of the shortest.
    #[default]
    Shortest,
    /// All that are as short as the shortest.
    AllShortest,
    /// All that pass no node twice, shortest first.
    AllSimple,
}

/// The paths that were found, shortest first, then by the references that they pass.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundPaths {
    /// The paths.
    pub paths: Vec<EntityPath>,
    /// How long the shortest is; `None` when none was found.
    pub length: Option<usize>,
    /// Whether these are all that there are of the kind that was looked for: of the shortest, or of all.
    pub is_exhaustive: bool,
    /// The limit that was met; `None` when none was but the number of paths asked for.
    pub truncation: Option<Truncation>,
}

/// A way from one entity to another.
#[derive(Debug, Clone, PartialEq)]
pub struct EntityPath {
    /// Every node that it passes, the ends included: one more than there are steps.
    pub refs: Vec<EntityRef>,
    /// Its relations in order.
    pub steps: Vec<PathStep>,
}

/// A relation of a path, read "source KIND target".
#[derive(Debug, Clone, PartialEq)]
pub struct PathStep {
    /// Where it starts.
    pub source: EntityRef,
    /// The type, as seen from the source.
    pub kind: RelationType,
    /// Where it leads.
    pub target: EntityRef,
    /// The target's entity; `None` when there is none of that reference.
    pub entity: Option<EntityHandle>,
}

impl PathQuery {
    /// Returns the query for a shortest path between two entities.
    #[must_use]
    pub fn between(from: EntityRef, to: EntityRef) -> Self {
        Self {
            from,
            to,
            direction: GraphDirection::Outgoing,
            types: None,
            mode: PathMode::Shortest,
            max_length: 10,
            first: 5,
            max_steps: MAX_STEPS,
        }
    }
}

impl CatalogIndex {
    /// Looks for paths from one entity to another. From an entity to itself there is one, without any step.
    #[must_use]
    pub fn paths(self: &Arc<Self>, query: &PathQuery) -> FoundPaths {
        let none = FoundPaths { paths: Vec::new(), length: None, is_exhaustive: true, truncation: None };
        let (Some((from, start)), Some((to, end))) = (self.known_node(&query.from), self.known_node(&query.to)) else {
            return none;
        };
        let follow = RelationSet::of(query.types.as_deref()).towards(query.direction);
        // Without a way out or a way in there is nothing to search.
        if from != to && !(start.has_any(follow) && end.has_any(follow.inverse())) {
            return none;
        }
        let mut search = Search::new(self, follow, from, to, query.max_steps);
        let shortest = loop {
            match (search.distance_from_start(), search.advance()) {
                (Some(distance), _) => break distance,
                (None, Advanced::Further) => {}
                (None, Advanced::Finished) => return none,
                (None, Advanced::OutOfSteps) => {
                    return FoundPaths {
                        is_exhaustive: false,
                        truncation: cut(TruncationReason::MaxSteps, query.max_steps),
                        ..none
                    };
                }
            }
        };
        if shortest > query.max_length {
            let truncation = cut(TruncationReason::MaxDepth, query.max_length as u64);
            return FoundPaths { is_exhaustive: false, truncation, ..none };
        }
        let (longest, wanted) = match query.mode {
            PathMode::Shortest => (shortest, query.first.min(1)),
            PathMode::AllShortest => (shortest, query.first),
            PathMode::AllSimple => (query.max_length, query.first),
        };
        let (found, ending) = search.run(shortest..=longest, wanted, query.mode == PathMode::AllSimple);
        let truncation = match ending {
            Ending::All | Ending::Enough => None,
            Ending::Longer => cut(TruncationReason::MaxDepth, query.max_length as u64),
            Ending::OutOfSteps => cut(TruncationReason::MaxSteps, query.max_steps),
        };
        let paths: Vec<_> = found.iter().map(|steps| EntityPath::new(self, from, steps)).collect();
        let length = paths.first().map(EntityPath::len);
        FoundPaths { paths, length, is_exhaustive: ending == Ending::All, truncation }
    }
}

fn cut(reason: TruncationReason, limit: u64) -> Option<Truncation> {
    // How many nodes the missing paths would pass can't be told without going along them.
    Some(Truncation { reason, limit, omitted_nodes: 0, omitted_edges: 0, is_lower_bound: true })
}

impl EntityPath {
    /// Makes a path from numbers.
    pub(super) fn new(index: &Arc<CatalogIndex>, start: u32, steps: &[(RelationType, u32)]) -> Self {
        let entity_ref = |id: u32| index.node(id).map(|node| node.entity_ref.clone());
        let mut path = Self { refs: Vec::with_capacity(steps.len() + 1), steps: Vec::with_capacity(steps.len()) };
        path.refs.extend(entity_ref(start));
        for (kind, id) in steps {
            if let (Some(source), Some(target)) = (path.refs.last().cloned(), entity_ref(*id)) {
                path.refs.push(target.clone());
                path.steps.push(PathStep { source, kind: *kind, target, entity: index.handle(*id) });
            }
        }
        path
    }

    /// Returns how many relations it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Returns whether it starts where it ends.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

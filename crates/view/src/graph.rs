//! Walks along the relations: neighbourhoods, impact, paths and cycles.
//!
//! Owns what the four questions share: which relations a walk follows ([`GraphDirection`]), and how an answer says that
//! it is not whole ([`Truncation`]). Everything works on dense numbers; references are read only to order what is
//! answered, so that every replica answers the same. Start reading at [`CatalogIndex::graph`](crate::CatalogIndex::graph).

mod bits;
mod cursor;
mod cycles;
mod follow;
mod impact;
mod levels;
mod neighborhood;
mod paths;
mod simple_paths;
mod tarjan;

use callboard_entity_model::{EntityRef, RelationType};

pub(crate) use cycles::KnownCycles;
pub use cycles::{Cycle, CyclePage, CycleQuery};
pub(crate) use follow::RelationSet;
pub use impact::{Affected, AffectedPage, Impact, ImpactDirection, ImpactQuery};
pub use neighborhood::{EntityGraph, GraphNode, GraphQuery};
pub use paths::{EntityPath, FoundPaths, PathMode, PathQuery, PathStep};

use crate::{CatalogIndex, node::Node};

/// Which way a walk goes.
///
/// A walk has types. `Outgoing` goes from an entity to the targets of "entity TYPE target", `Incoming` to the `x` of
/// "x TYPE entity", for each of the types, whoever declared the relation. Without types, the seven that Backstage's
/// files declare on the dependent side are meant: `ownedBy`, `providesApi`, `consumesApi`, `dependsOn`, `childOf`,
/// `memberOf`, `partOf`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum GraphDirection {
    /// To what an entity depends on, is owned by, is part of, …
    Outgoing,
    /// To what depends on it, what it owns, its parts, …
    Incoming,
    /// Both ways at each entity.
    #[default]
    Both,
}

/// A relation between two nodes, read "source KIND target".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphEdge {
    /// Where it starts.
    pub source: EntityRef,
    /// The type.
    pub kind: RelationType,
    /// Where it leads.
    pub target: EntityRef,
    /// The type read from the other end, when this one edge stands for both.
    pub inverse: Option<RelationType>,
}

/// Why an answer is not whole, and how much is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truncation {
    /// Which limit was met.
    pub reason: TruncationReason,
    /// That limit.
    pub limit: u64,
    /// How many nodes are missing.
    pub omitted_nodes: u64,
    /// How many edges between the nodes of the answer are missing.
    pub omitted_edges: u64,
    /// Whether even more may be missing than was counted.
    pub is_lower_bound: bool,
}

/// A limit that cuts answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TruncationReason {
    /// There are more nodes than were asked for.
    MaxNodes,
    /// There are more edges than were asked for.
    MaxEdges,
    /// It goes on beyond the distance asked for.
    MaxDepth,
    /// The walk would have taken more steps than it may.
    MaxSteps,
}

/// How many relations one question may follow, unless it says otherwise: a tenth of a second's work at most. Steps are
/// counted and not time, so that a question has the same answer on every machine.
pub const MAX_STEPS: u64 = 4_000_000;

/// How many relations are followed at most just to count what is left out.
const COUNTING_STEPS: u64 = 100_000;

impl CatalogIndex {
    /// Returns the number and the node of a reference, if the catalog knows it.
    fn known_node(&self, entity_ref: &EntityRef) -> Option<(u32, &Node)> {
        let id = *self.refs.get(entity_ref)?;
        Some((id, self.node(id)?))
    }
}

#[cfg(test)]
mod tests;

//! Which relations a walk follows.
//!
//! Owns the turn from a direction and types to a set of types as seen from the node that the walk leaves, and the walk
//! over one node's relations.

use callboard_entity_model::RelationType;

use super::GraphDirection;
use crate::node::Node;

/// A set of relation types, one bit per type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RelationSet(u16);

/// Of each pair, the type that points from the dependent to what it needs.
const FORWARD: [RelationType; 7] = [
    RelationType::OwnedBy,
    RelationType::ProvidesApi,
    RelationType::ConsumesApi,
    RelationType::DependsOn,
    RelationType::ChildOf,
    RelationType::MemberOf,
    RelationType::PartOf,
];

impl RelationSet {
    /// Returns the set of these types; of the seven forward ones when none are given.
    pub(crate) fn of(types: Option<&[RelationType]>) -> Self {
        Self(types.unwrap_or(&FORWARD).iter().fold(0, |set, kind| set | 1 << *kind as u16))
    }

    /// Returns the types that a walk of these types follows, as seen from the nodes that it leaves.
    pub(crate) fn towards(self, direction: GraphDirection) -> Self {
        match direction {
            GraphDirection::Outgoing => self,
            GraphDirection::Incoming => self.inverse(),
            GraphDirection::Both => self.with_inverse(),
        }
    }

    /// Returns the same relations seen from their other ends.
    pub(crate) fn inverse(self) -> Self {
        // A type and its inverse stand side by side.
        Self((self.0 & 0x5555) << 1 | (self.0 & 0xAAAA) >> 1)
    }

    /// Returns the same relations seen from both ends.
    pub(crate) fn with_inverse(self) -> Self {
        self.union(self.inverse())
    }

    /// Returns the set without the inverse of a type that is in it too: of such a pair, the forward type stays.
    pub(crate) fn one_per_pair(self) -> Self {
        let both = self.0 & self.inverse().0;
        Self(self.0 & !both | both & Self::of(None).0)
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn contains(self, kind: RelationType) -> bool {
        self.0 >> kind as u16 & 1 == 1
    }

    /// Returns the types in the set.
    pub(crate) fn types(self) -> impl Iterator<Item = RelationType> {
        RelationType::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }
}

impl Node {
    /// Visits the relations of these types as seen from the node, and the node at their other end. A relation that both
    /// ends declare is visited twice.
    pub(crate) fn visit(&self, types: RelationSet, mut visit: impl FnMut(RelationType, u32)) {
        for edge in &self.outgoing {
            if types.contains(edge.kind) {
                visit(edge.kind, edge.target);
            }
        }
        for (declared, sources) in &self.incoming {
            let kind = declared.inverse();
            if types.contains(kind) {
                sources.for_each(|source| visit(kind, source));
            }
        }
    }

    /// Returns whether the node has any relation of these types.
    pub(crate) fn has_any(&self, types: RelationSet) -> bool {
        self.outgoing.iter().any(|edge| types.contains(edge.kind))
            || self.incoming.iter().any(|(declared, _)| types.contains(declared.inverse()))
    }
}

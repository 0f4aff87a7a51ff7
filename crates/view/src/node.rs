//! Nodes: one per reference that the catalog knows, with the relations that touch it.
//!
//! Owns the edges as stored: each declared relation once at the entity that declares it, and once, turned round, at
//! its target. Showing them as Backstage's pairs is `crate::handle`'s work.

use std::sync::Arc;

use callboard_entity_model::{EntityRef, RelationType};

use crate::{EntityRecord, postings::Postings};

/// A reference that is an entity, or that an entity names.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) entity_ref: EntityRef,
    /// `None` when nothing of that reference exists.
    pub(crate) record: Option<Arc<EntityRecord>>,
    /// What the entity declares, sorted, each once.
    pub(crate) outgoing: Box<[Edge]>,
    /// Who declares a relation of a type to this node, sorted by type.
    pub(crate) incoming: Vec<(RelationType, Postings)>,
}

/// A declared relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edge {
    pub(crate) kind: RelationType,
    pub(crate) target: u32,
}

impl Node {
    pub(crate) fn new(entity_ref: EntityRef) -> Self {
        Self { entity_ref, record: None, outgoing: Box::default(), incoming: Vec::new() }
    }

    pub(crate) fn declares(&self, kind: RelationType, target: u32) -> bool {
        self.outgoing.binary_search(&Edge { kind, target }).is_ok()
    }

    /// Returns the targets of the relations of this type that the node declares.
    pub(crate) fn targets(&self, kind: RelationType) -> impl Iterator<Item = u32> + '_ {
        let start = self.outgoing.partition_point(|edge| edge.kind < kind);
        self.outgoing[start..].iter().take_while(move |edge| edge.kind == kind).map(|edge| edge.target)
    }

    /// Returns who declares a relation of this type to the node.
    pub(crate) fn sources(&self, kind: RelationType) -> Option<&Postings> {
        self.incoming.iter().find(|(other, _)| *other == kind).map(|(_, sources)| sources)
    }

    pub(crate) fn add_source(&mut self, kind: RelationType, source: u32) {
        match self.incoming.binary_search_by_key(&kind, |(other, _)| *other) {
            Ok(at) => self.incoming[at].1.insert(source),
            Err(at) => {
                self.incoming.reserve_exact(1);
                self.incoming.insert(at, (kind, Postings::One(source)));
            }
        }
    }

    pub(crate) fn remove_source(&mut self, kind: RelationType, source: u32) {
        if let Ok(at) = self.incoming.binary_search_by_key(&kind, |(other, _)| *other)
            && self.incoming[at].1.remove(source)
        {
            self.incoming.remove(at);
        }
    }

    /// Returns whether nothing keeps the node: it is no entity and no entity names it.
    pub(crate) fn is_dead(&self) -> bool {
        self.record.is_none() && self.incoming.is_empty()
    }
}

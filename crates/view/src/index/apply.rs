//! Applying changes: the next index from an older one, sharing what did not change.
//!
//! Owns keeping every part right when an entity comes, changes or goes. The cost is that of what changed: a few
//! copied tree nodes per value and per relation that differ.

use std::{collections::BTreeSet, sync::Arc};

use callboard_entity_model::{EntityRef, RelationType, Revision};

use super::CatalogIndex;
use crate::{
    EntityRecord, ViewChange,
    extract::Extracted,
    graph::KnownCycles,
    node::{Edge, Node},
};

impl CatalogIndex {
    /// Returns the index after these changes, in their order, at `revision`. This one stays as it is.
    ///
    /// Removing what is not there changes nothing.
    #[must_use]
    pub fn apply(&self, revision: Revision, changes: Vec<ViewChange>) -> Self {
        let mut next = Self {
            revision,
            nodes: self.nodes.clone(),
            free: self.free.clone(),
            refs: self.refs.clone(),
            ordered: self.ordered.clone(),
            live: Arc::clone(&self.live),
            fields: self.fields.clone(),
            declaring: self.declaring.clone(),
            targeted: self.targeted.clone(),
            lazy: self.lazy.after(changes.len()),
            relation_counts: std::sync::OnceLock::new(),
            known_cycles: KnownCycles::default(),
        };
        for change in changes {
            match change {
                ViewChange::Upsert(record) => {
                    let id = next.number_of(&record.entity_ref);
                    next.set_record(id, Some(record));
                }
                ViewChange::Remove(entity_ref) => {
                    if let Some(id) = next.refs.get(&entity_ref).copied() {
                        next.set_record(id, None);
                        next.free_if_dead(id);
                    }
                }
            }
        }
        next
    }

    /// Returns the number of a reference, a new one if it has none yet.
    fn number_of(&mut self, entity_ref: &EntityRef) -> u32 {
        if let Some(id) = self.refs.get(entity_ref) {
            return *id;
        }
        let node = Some(Arc::new(Node::new(entity_ref.clone())));
        let id = match self.free.pop_back() {
            Some(id) => {
                self.ordered.reuse(id);
                self.nodes.set(id as usize, node);
                id
            }
            None => {
                self.nodes.push_back(node);
                (self.nodes.len() - 1) as u32
            }
        };
        self.refs.insert(entity_ref.clone(), id);
        id
    }

    fn free_if_dead(&mut self, id: u32) {
        let dead = self.node(id).filter(|node| node.is_dead()).map(|node| node.entity_ref.clone());
        if let Some(entity_ref) = dead {
            self.refs.remove(&entity_ref);
            self.nodes.set(id as usize, None);
            self.free.push_back(id);
        }
    }

    fn set_record(&mut self, id: u32, record: Option<Arc<EntityRecord>>) {
        let before = self.node(id).and_then(|node| node.record.clone());
        let old = before.as_deref().map(Extracted::read).unwrap_or_default();
        let new = record.as_deref().map(Extracted::read).unwrap_or_default();
        for (index, (old, new)) in self.fields.iter_mut().zip(old.values.iter().zip(&new.values)) {
            index.replace(id, old, new);
        }
        if before.is_some() != record.is_some() {
            let live = Arc::make_mut(&mut self.live);
            if record.is_some() {
                live.insert(id)
            } else {
                live.remove(id)
            };
        }
        let outgoing: BTreeSet<Edge> = new
            .relations
            .iter()
            .map(|relation| Edge { kind: relation.kind, target: self.number_of(&relation.target) })
            .collect();
        let mut old_outgoing = Vec::new();
        if let Some(Some(node)) = self.nodes.get_mut(id as usize) {
            let node = Arc::make_mut(node);
            node.record = record;
            old_outgoing = std::mem::take(&mut node.outgoing).into_vec();
            node.outgoing = outgoing.iter().copied().collect();
        }
        for edge in outgoing.iter().filter(|edge| old_outgoing.binary_search(edge).is_err()) {
            self.change_target(edge.target, |target| target.add_source(edge.kind, id));
            Arc::make_mut(&mut self.targeted[edge.kind as usize]).insert(edge.target);
        }
        for edge in old_outgoing.iter().filter(|edge| !outgoing.contains(edge)) {
            self.change_target(edge.target, |target| target.remove_source(edge.kind, id));
            if self.node(edge.target).is_none_or(|target| target.sources(edge.kind).is_none()) {
                Arc::make_mut(&mut self.targeted[edge.kind as usize]).remove(edge.target);
            }
            if edge.target != id {
                self.free_if_dead(edge.target);
            }
        }
        self.set_declaring(id, &old_outgoing, &outgoing);
    }

    fn change_target(&mut self, target: u32, change: impl FnOnce(&mut Node)) {
        if let Some(Some(node)) = self.nodes.get_mut(target as usize) {
            change(Arc::make_mut(node));
        }
    }

    fn set_declaring(&mut self, id: u32, old: &[Edge], new: &BTreeSet<Edge>) {
        for kind in RelationType::ALL {
            let was = old.iter().any(|edge| edge.kind == kind);
            let is = new.iter().any(|edge| edge.kind == kind);
            if was != is {
                let declaring = Arc::make_mut(&mut self.declaring[kind as usize]);
                if is {
                    declaring.insert(id)
                } else {
                    declaring.remove(id)
                };
            }
        }
    }
}

//! The index: everything that is known about the catalog at one revision.
//!
//! Owns the parts and simple look-ups. Making one from records is `build`'s work, from an older one `apply`'s;
//! filters, pages and facets stand in `crate::select`, `crate::page` and `crate::facet`.
//!
//! Every reference has a dense number, its place in `nodes`. All parts are persistent: a copy shares what did not
//! change, so that a snapshot per revision costs what changed and not what there is.

mod apply;
mod build;
mod ordered;

use std::sync::{Arc, OnceLock};

use callboard_entity_model::{EntityRef, RelationType, Revision};
use imbl::{OrdMap, Vector};
use roaring::RoaringBitmap;

pub(crate) use ordered::OrderedNumbers;

use crate::{
    EntityHandle, EntityRecord, Filter, QueryError, Selection, ViewChange,
    extract::{ALWAYS_INDEXED, always_indexed},
    field::Field,
    field_index::FieldIndex,
    graph::KnownCycles,
    lazy::LazyFields,
    node::Node,
};

/// The catalog at one revision.
///
/// Cheap to share as `Arc`; holding one keeps its entities in memory, so hold it for a request, not for ever.
#[derive(Debug)]
pub struct CatalogIndex {
    pub(crate) revision: Revision,
    /// By dense number; `None` where a node was and nothing needs it any more.
    pub(crate) nodes: Vector<Option<Arc<Node>>>,
    /// Dense numbers that are free again.
    free: Vector<u32>,
    /// Every node by its reference.
    pub(crate) refs: OrdMap<EntityRef, u32>,
    /// Which numbers are in the order of their references.
    pub(crate) ordered: OrderedNumbers,
    /// The nodes that are entities.
    pub(crate) live: Arc<RoaringBitmap>,
    /// See [`always_indexed`].
    fields: [FieldIndex; ALWAYS_INDEXED],
    /// By relation type: who declares such a relation.
    pub(crate) declaring: [Arc<RoaringBitmap>; 14],
    /// By relation type: to whom such a relation is declared.
    pub(crate) targeted: [Arc<RoaringBitmap>; 14],
    lazy: LazyFields,
    relation_counts: OnceLock<[u64; 14]>,
    pub(crate) known_cycles: KnownCycles,
}

impl CatalogIndex {
    /// Returns the index of an empty catalog, at revision 0.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            revision: Revision(0),
            nodes: Vector::new(),
            free: Vector::new(),
            refs: OrdMap::new(),
            ordered: OrderedNumbers::default(),
            live: Arc::default(),
            fields: Default::default(),
            declaring: Default::default(),
            targeted: Default::default(),
            lazy: LazyFields::default(),
            relation_counts: OnceLock::new(),
            known_cycles: KnownCycles::default(),
        }
    }

    /// Returns the revision that it shows.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// Returns how many entities there are.
    #[must_use]
    pub fn len(&self) -> usize {
        // The number of nodes is bounded by `u32`, so this loses nothing.
        self.live.len() as usize
    }

    /// Returns whether there is no entity.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.live.is_empty()
    }

    /// Finds an entity.
    #[must_use]
    pub fn entity(self: &Arc<Self>, entity_ref: &EntityRef) -> Option<EntityHandle> {
        self.handle(*self.refs.get(entity_ref)?)
    }

    /// Finds an entity's record.
    #[must_use]
    pub fn record(&self, entity_ref: &EntityRef) -> Option<&Arc<EntityRecord>> {
        self.node(*self.refs.get(entity_ref)?)?.record.as_ref()
    }

    /// Returns the entities of a selection of this snapshot, in no order that means anything.
    pub fn handles<'i>(self: &'i Arc<Self>, selection: &'i Selection) -> impl Iterator<Item = EntityHandle> + 'i {
        selection.ids.iter().filter_map(|id| self.handle(id))
    }

    /// Returns every record, in no order that means anything.
    pub fn records(&self) -> impl Iterator<Item = &Arc<EntityRecord>> {
        self.nodes.iter().flatten().filter_map(|node| node.record.as_ref())
    }

    /// Returns how many entities there are of each kind, as written, sorted by kind.
    #[must_use]
    pub fn kind_counts(&self) -> Vec<(String, u64)> {
        let kinds = &self.fields[0];
        kinds.values().map(|(kind, ids)| (kind.written().to_owned(), ids.len())).collect()
    }

    /// Returns how many relations of each type the entities have, as seen from them, whoever declared them.
    ///
    /// Walks all relations at the first call on a snapshot.
    #[must_use]
    pub fn relation_counts(&self) -> Vec<(RelationType, u64)> {
        let counts = self.relation_counts.get_or_init(|| self.count_relations());
        RelationType::ALL.into_iter().map(|kind| (kind, counts[kind as usize])).collect()
    }

    fn count_relations(&self) -> [u64; 14] {
        let mut counts = [0; 14];
        for (source, node) in self.nodes.iter().enumerate() {
            for edge in node.iter().flat_map(|node| &node.outgoing) {
                counts[edge.kind as usize] += 1;
                // The target sees it too, unless it is no entity, or declares the same relation itself.
                let seen_by_target = self.node(edge.target).is_some_and(|target| {
                    target.record.is_some() && !target.declares(edge.kind.inverse(), source as u32)
                });
                counts[edge.kind.inverse() as usize] += u64::from(seen_by_target);
            }
        }
        counts
    }

    /// Returns whether an entity with this record would pass a filter in this snapshot, whatever record the snapshot
    /// itself has of it.
    ///
    /// # Errors
    /// As [`CatalogIndex::select`].
    pub fn matches(&self, filter: &Filter, record: &Arc<EntityRecord>) -> Result<bool, QueryError> {
        let is_own = self.record(&record.entity_ref).is_some_and(|own| Arc::ptr_eq(own, record));
        let changed;
        let index = if is_own {
            self
        } else {
            changed = self.apply(self.revision, vec![ViewChange::Upsert(Arc::clone(record))]);
            &changed
        };
        let selection = index.select(Some(filter))?;
        Ok(index.refs.get(&record.entity_ref).is_some_and(|id| selection.ids.contains(*id)))
    }

    pub(crate) fn node(&self, id: u32) -> Option<&Arc<Node>> {
        self.nodes.get(id as usize)?.as_ref()
    }

    pub(crate) fn handle(self: &Arc<Self>, id: u32) -> Option<EntityHandle> {
        let record = Arc::clone(self.node(id)?.record.as_ref()?);
        Some(EntityHandle { index: Arc::clone(self), id, record })
    }

    /// Returns the index of a field, made now if nobody has asked for it before.
    pub(crate) fn field_index(&self, field: &Field) -> FieldIndex {
        match always_indexed(field) {
            Some(place) => self.fields[place].clone(),
            None => self.lazy.get(field, self.revision, &self.nodes),
        }
    }
}

#[cfg(test)]
mod tests;

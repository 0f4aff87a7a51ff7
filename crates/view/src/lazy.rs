//! Indexes of fields that somebody asked for: made at the first use, kept for later snapshots.
//!
//! Owns when such an index is made, brought up to date and forgotten. All snapshots that come from one another share
//! one store, so a field is read from all documents once, and later only from those that changed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use callboard_entity_model::Revision;
use imbl::Vector;

use crate::{
    EntityRecord,
    extract::{FieldValues, values_of},
    field::Field,
    field_index::{FieldIndex, FieldIndexBuilder},
    node::Node,
};

/// At most this many fields are kept; the one used longest ago makes room.
const MAX_FIELDS: usize = 64;

/// An index that nobody uses while this many changes go by is forgotten, since it holds on to old records.
const MAX_UNUSED_CHANGES: u64 = 10_000;

type Nodes = Vector<Option<Arc<Node>>>;

/// The store that related snapshots share.
#[derive(Debug, Clone, Default)]
pub(crate) struct LazyFields(Arc<Mutex<Store>>);

#[derive(Debug, Default)]
struct Store {
    fields: HashMap<Field, Slot>,
    /// Counts changes and uses: "long ago" is measured in it.
    changes: u64,
    uses: u64,
}

#[derive(Debug)]
struct Slot {
    /// Locked while the index is being made, so that it is made once.
    built: Arc<Mutex<Option<Built>>>,
    changes_at_use: u64,
    last_use: u64,
}

/// An index, and the nodes that it was made from.
#[derive(Debug)]
struct Built {
    revision: Revision,
    nodes: Nodes,
    index: FieldIndex,
}

impl LazyFields {
    /// Returns the store for the snapshot after this many changes.
    pub(crate) fn after(&self, changes: usize) -> Self {
        let mut store = lock(&self.0);
        store.changes += changes as u64;
        let now = store.changes;
        store.fields.retain(|_, slot| now - slot.changes_at_use <= MAX_UNUSED_CHANGES);
        drop(store);
        self.clone()
    }

    /// Returns the index of a field over these nodes.
    pub(crate) fn get(&self, field: &Field, revision: Revision, nodes: &Nodes) -> FieldIndex {
        let built = self.slot(field);
        let mut built = lock(&built);
        let (index, is_newer) = match &*built {
            Some(built) if built.nodes.ptr_eq(nodes) => return built.index.clone(),
            Some(built) => (catch_up(field, built, nodes), revision >= built.revision),
            None => (scan(field, nodes), true),
        };
        // A request that still reads an older snapshot does not turn the shared index back.
        if is_newer {
            *built = Some(Built { revision, nodes: nodes.clone(), index: index.clone() });
        }
        index
    }

    fn slot(&self, field: &Field) -> Arc<Mutex<Option<Built>>> {
        let mut store = lock(&self.0);
        store.uses += 1;
        let (uses, changes) = (store.uses, store.changes);
        if !store.fields.contains_key(field) && store.fields.len() >= MAX_FIELDS {
            let oldest = store.fields.iter().min_by_key(|(_, slot)| slot.last_use).map(|(field, _)| field.clone());
            if let Some(oldest) = oldest {
                store.fields.remove(&oldest);
            }
        }
        let slot = store.fields.entry(field.clone()).or_insert_with(|| Slot {
            built: Arc::default(),
            changes_at_use: changes,
            last_use: uses,
        });
        slot.changes_at_use = changes;
        slot.last_use = uses;
        Arc::clone(&slot.built)
    }
}

/// Nothing is left half-done by a thread that panics while it holds the lock: what is stored is stored whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn scan(field: &Field, nodes: &Nodes) -> FieldIndex {
    let mut builder = FieldIndexBuilder::default();
    for (node, id) in nodes.iter().zip(0u32..) {
        if let Some(record) = record_of(node) {
            builder.add(id, &values_of(record, field));
        }
    }
    builder.finish()
}

/// Brings an index from the nodes that it was made from to these ones. Pieces that both share are not looked at.
fn catch_up(field: &Field, built: &Built, nodes: &Nodes) -> FieldIndex {
    let mut index = built.index.clone();
    let mut old_pieces = pieces(&built.nodes).peekable();
    for (start, piece) in pieces(nodes) {
        while old_pieces.next_if(|(old_start, _)| *old_start < start).is_some() {}
        let is_shared =
            old_pieces.peek().is_some_and(|(old_start, old)| *old_start == start && std::ptr::eq::<[_]>(*old, piece));
        if !is_shared {
            for (new, id) in piece.iter().zip(start..) {
                replace(field, &mut index, id, built.nodes.get(id).and_then(record_of), record_of(new));
            }
        }
    }
    for id in nodes.len()..built.nodes.len() {
        replace(field, &mut index, id, built.nodes.get(id).and_then(record_of), None);
    }
    index
}

/// Returns the pieces that a vector is stored in, each with the place of its first element.
fn pieces(nodes: &Nodes) -> impl Iterator<Item = (usize, &[Option<Arc<Node>>])> {
    nodes.leaves().scan(0, |next, piece| {
        let start = *next;
        *next += piece.len();
        Some((start, piece))
    })
}

fn record_of(node: &Option<Arc<Node>>) -> Option<&Arc<EntityRecord>> {
    node.as_ref()?.record.as_ref()
}

fn replace(
    field: &Field,
    index: &mut FieldIndex,
    id: usize,
    old: Option<&Arc<EntityRecord>>,
    new: Option<&Arc<EntityRecord>>,
) {
    let is_same = match (old, new) {
        (Some(old), Some(new)) => Arc::ptr_eq(old, new),
        (None, None) => true,
        _ => false,
    };
    if !is_same {
        let read =
            |record: Option<&Arc<EntityRecord>>| record.map_or_else(FieldValues::default, |it| values_of(it, field));
        index.replace(id as u32, &read(old), &read(new));
    }
}

//! Building an index from all records at once, when a replica starts or has fallen far behind.
//!
//! Owns the bulk path only. It answers every query as if the records had been applied one by one.

use std::{
    collections::HashMap,
    sync::{Arc, mpsc},
    thread,
};

use callboard_entity_model::{EntityRef, RelationType, Revision};
use foldhash::fast::RandomState;
use roaring::RoaringBitmap;

use super::{CatalogIndex, OrderedNumbers};
use crate::{
    EntityRecord,
    extract::{ALWAYS_INDEXED, Extracted},
    field_index::FieldIndexBuilder,
    node::{Edge, Node},
    postings::Postings,
};

impl CatalogIndex {
    /// Builds the index of these records. Of two with one reference, the later counts.
    ///
    /// Fastest when they come sorted by reference.
    #[must_use]
    pub fn build(revision: Revision, records: impl IntoIterator<Item = Arc<EntityRecord>>) -> Self {
        let mut records: Vec<_> = records.into_iter().collect();
        records.sort_by(|left, right| left.entity_ref.cmp(&right.entity_ref));
        records.reverse();
        records.dedup_by(|later, earlier| later.entity_ref == earlier.entity_ref);
        records.reverse();

        let mut numbers = Numbers::new(&records);
        let mut builders: [FieldIndexBuilder; ALWAYS_INDEXED] = Default::default();
        let mut edges: Vec<Box<[Edge]>> = Vec::with_capacity(records.len());
        read_all(&records, |extracted| {
            let id = edges.len() as u32;
            for (builder, values) in builders.iter_mut().zip(&extracted.values) {
                builder.add(id, values);
            }
            let mut outgoing: Vec<Edge> = extracted
                .relations
                .into_iter()
                .map(|relation| Edge { kind: relation.kind, target: numbers.of(relation.target) })
                .collect();
            outgoing.sort_unstable();
            outgoing.dedup();
            edges.push(outgoing.into());
        });

        let count = records.len();
        let incoming = turn_round(&edges, numbers.refs.len());
        let mut index = Self { revision, ..Self::empty() };
        let mut records = records.into_iter();
        let mut edges = edges.into_iter();
        for (entity_ref, incoming) in numbers.refs.iter().zip(incoming) {
            let record = records.next();
            let outgoing = edges.next().unwrap_or_default();
            index.nodes.push_back(Some(Arc::new(Node { entity_ref: entity_ref.clone(), record, outgoing, incoming })));
        }
        let mut declaring: [RoaringBitmap; 14] = Default::default();
        let mut targeted: [RoaringBitmap; 14] = Default::default();
        for (node, id) in index.nodes.iter().zip(0u32..) {
            let outgoing = node.iter().flat_map(|node| &node.outgoing);
            outgoing.for_each(|edge| {
                declaring[edge.kind as usize].insert(id);
            });
            let incoming = node.iter().flat_map(|node| &node.incoming);
            incoming.for_each(|(kind, _)| {
                targeted[*kind as usize].insert(id);
            });
        }
        index.declaring = declaring.map(Arc::new);
        index.targeted = targeted.map(Arc::new);
        let mut sorted: Vec<(EntityRef, u32)> = numbers.refs.into_iter().zip(0..).collect();
        // Two sorted runs, the entities and the rest, are merged in one pass once the rest is sorted.
        sorted[count..].sort_unstable();
        sorted.sort();
        index.refs = sorted.into_iter().collect();
        let mut live = RoaringBitmap::new();
        live.insert_range(0..count as u32);
        index.live = Arc::new(live);
        index.ordered = OrderedNumbers::below(count as u32);
        index.fields = builders.map(FieldIndexBuilder::finish);
        index
    }
}

/// Gives each reference a dense number: first the entities in order, then what they name.
struct Numbers {
    numbers: HashMap<EntityRef, u32, RandomState>,
    refs: Vec<EntityRef>,
}

impl Numbers {
    fn new(records: &[Arc<EntityRecord>]) -> Self {
        let refs: Vec<EntityRef> = records.iter().map(|record| record.entity_ref.clone()).collect();
        let numbers = refs.iter().cloned().zip(0..).collect();
        Self { numbers, refs }
    }

    fn of(&mut self, entity_ref: EntityRef) -> u32 {
        if let Some(number) = self.numbers.get(&entity_ref) {
            return *number;
        }
        let number = self.refs.len() as u32;
        self.refs.push(entity_ref.clone());
        self.numbers.insert(entity_ref, number);
        number
    }
}

/// Turns all edges round: for each node, by type, who declares a relation to it.
fn turn_round(edges: &[Box<[Edge]>], nodes: usize) -> Vec<Vec<(RelationType, Postings)>> {
    let mut turned: Vec<(u32, RelationType, u32)> = edges
        .iter()
        .zip(0..)
        .flat_map(|(outgoing, source)| outgoing.iter().map(move |edge| (edge.target, edge.kind, source)))
        .collect();
    turned.sort_unstable();
    let mut incoming = vec![Vec::new(); nodes];
    for group in turned.chunk_by(|left, right| (left.0, left.1) == (right.0, right.1)) {
        let (target, kind, _) = group[0];
        if let Some(sources) = Postings::from_sorted(group.iter().map(|(_, _, source)| *source).collect()) {
            incoming[target as usize].reserve_exact(1);
            incoming[target as usize].push((kind, sources));
        }
    }
    incoming
}

/// How many documents the reading thread hands over at once.
const BATCH: usize = 256;

/// Reads all documents on a thread of their own and visits what they say in their order: reading them is half the
/// work, and the other half needs them one after the other.
fn read_all(records: &[Arc<EntityRecord>], mut visit: impl FnMut(Extracted)) {
    if records.len() <= BATCH {
        records.iter().for_each(|record| visit(Extracted::read(record)));
        return;
    }
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel::<Vec<Extracted>>(64);
        scope.spawn(move || {
            for batch in records.chunks(BATCH) {
                let batch = batch.iter().map(|record| Extracted::read(record)).collect();
                // Nobody receives any more only when the visiting side panics, which then is the story to tell.
                if sender.send(batch).is_err() {
                    return;
                }
            }
        });
        receiver.into_iter().flatten().for_each(&mut visit);
    });
}

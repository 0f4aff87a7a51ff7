//! Cycles: entities that lead to each other, so that each depends on itself in the end.
//!
//! Owns what counts as a cycle: a set of more than one entity in which each leads to each, as large as it can be
//! (a strongly connected component). An entity that only names itself is none, and references that lead nowhere are in
//! none. Finding the sets is `tarjan`'s work; it is done once per snapshot and set of types.

use std::sync::{Arc, Mutex, PoisonError};

use callboard_entity_model::{EntityRef, RelationType};
use roaring::RoaringBitmap;

use super::{GraphEdge, RelationSet, bits::BitSet, cursor::GraphCursor, tarjan};
use crate::{CatalogIndex, EntityHandle, Filter, QueryError};

/// The sign of the cursors of cycles.
const LIST: char = 'c';

/// Which cycles are wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct CycleQuery {
    /// Along which types of relations. Of a type and its inverse only one is followed, or any two related entities would
    /// be a cycle.
    pub types: Vec<RelationType>,
    /// At least one member has to pass this.
    pub filter: Option<Filter>,
    /// How many at most.
    pub first: usize,
    /// The cursor that the page follows.
    pub after: Option<String>,
}

/// A part of the cycles, by their smallest members' references.
#[derive(Debug, Clone)]
pub struct CyclePage {
    /// The cycles in order.
    pub cycles: Vec<Cycle>,
    /// Whether the list goes on after this page.
    pub has_next: bool,
    /// Whether the list has something before this page.
    pub has_previous: bool,
    /// How many cycles the whole list has.
    pub total: usize,
}

/// Entities that lead to each other.
#[derive(Debug, Clone)]
pub struct Cycle {
    index: Arc<CatalogIndex>,
    types: RelationSet,
    members: Arc<[u32]>,
}

/// The cycles along some types: the members of each sorted by reference, and the cycles by their first members.
type Cycles = Arc<[Arc<[u32]>]>;

/// The cycles that have been asked for, the latest last.
#[derive(Debug, Default)]
pub(crate) struct KnownCycles(Mutex<Vec<(RelationSet, Cycles)>>);

/// So many sets of types are remembered.
const REMEMBERED: usize = 4;

impl CatalogIndex {
    /// Returns a page of the cycles.
    ///
    /// # Errors
    /// When the filter is nested too deeply or the cursor is damaged.
    pub fn cycles(self: &Arc<Self>, query: &CycleQuery) -> Result<CyclePage, QueryError> {
        let after = query.after.as_deref().map(|cursor| GraphCursor::read(cursor, LIST)).transpose()?;
        let passing = query.filter.as_ref().map(|filter| self.select(Some(filter))).transpose()?;
        let types = RelationSet::of(Some(&query.types)).one_per_pair();
        let all = self.all_cycles(types);
        let is_wanted = |members: &&Arc<[u32]>| {
            passing.as_ref().is_none_or(|passing| members.iter().any(|id| passing.ids.contains(*id)))
        };
        let wanted: Vec<&Arc<[u32]>> = all.iter().filter(is_wanted).collect();
        let start = match &after {
            Some(after) => wanted.partition_point(|members| self.first_ref(members) <= Some(&after.entity_ref)),
            None => 0,
        };
        let end = wanted.len().min(start.saturating_add(query.first));
        let cycle = |members: &&Arc<[u32]>| Cycle { index: Arc::clone(self), types, members: Arc::clone(members) };
        Ok(CyclePage {
            cycles: wanted[start..end].iter().map(cycle).collect(),
            has_next: end < wanted.len(),
            has_previous: start > 0,
            total: wanted.len(),
        })
    }

    fn all_cycles(&self, types: RelationSet) -> Cycles {
        let known = || self.known_cycles.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, cycles)) = known().iter().find(|(other, _)| *other == types) {
            return Arc::clone(cycles);
        }
        let components = tarjan::components(self, types, self.possible_members(types).into_iter());
        let mut cycles: Vec<Arc<[u32]>> = components.iter().map(|ids| self.sorted_by_ref(ids).into()).collect();
        cycles.sort_unstable_by_key(|members| self.first_ref(members));
        let cycles: Cycles = cycles.into();
        let mut known = known();
        if known.len() == REMEMBERED {
            known.remove(0);
        }
        known.push((types, Arc::clone(&cycles)));
        cycles
    }

    fn first_ref(&self, members: &[u32]) -> Option<&EntityRef> {
        self.node(*members.first()?).map(|node| &node.entity_ref)
    }

    /// Returns the entities that such a relation leaves and such a relation reaches.
    fn possible_members(&self, types: RelationSet) -> RoaringBitmap {
        let (mut leaving, mut reached) = (RoaringBitmap::new(), RoaringBitmap::new());
        for kind in types.types() {
            let inverse = kind.inverse() as usize;
            leaving |= &*self.declaring[kind as usize];
            leaving |= &*self.targeted[inverse];
            reached |= &*self.targeted[kind as usize];
            reached |= &*self.declaring[inverse];
        }
        leaving & reached & &*self.live
    }
}

impl Cycle {
    /// Returns how many members it has.
    #[must_use]
    pub fn member_count(&self) -> usize {
        self.members.len()
    }

    /// Returns the members, by reference.
    pub fn members(&self) -> impl Iterator<Item = EntityHandle> {
        self.members.iter().filter_map(|id| self.index.handle(*id))
    }

    /// Returns the relations between the members, by source, type and target. A member's relation to itself is among
    /// them.
    #[must_use]
    pub fn edges(&self) -> Vec<GraphEdge> {
        let mut is_member = BitSet::with_room_for(self.index.nodes.len());
        self.members.iter().for_each(|id| {
            is_member.insert(*id);
        });
        let mut edges = Vec::new();
        for node in self.members.iter().filter_map(|id| self.index.node(*id)) {
            let mut targets = Vec::new();
            node.visit(self.types, |kind, target| {
                if is_member.contains(target)
                    && let Some(target) = self.index.node(target)
                {
                    targets.push((kind, &target.entity_ref));
                }
            });
            targets.sort_unstable_by_key(|(kind, target)| (kind.as_str(), *target));
            targets.dedup();
            edges.extend(targets.into_iter().map(|(kind, target)| GraphEdge {
                source: node.entity_ref.clone(),
                kind,
                target: target.clone(),
                inverse: Some(kind.inverse()),
            }));
        }
        edges
    }

    /// Returns the cursor that stands at this cycle; it is made at each call.
    #[must_use]
    pub fn cursor(&self) -> String {
        let first = self.index.first_ref(&self.members);
        let cursor = first.map(|first| GraphCursor { list: LIST, distance: 0, entity_ref: first.clone() });
        cursor.map(|cursor| cursor.write()).unwrap_or_default()
    }
}

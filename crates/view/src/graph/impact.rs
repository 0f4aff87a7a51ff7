//! Impact: everything that is affected when an entity changes or fails.
//!
//! Owns the walk over dependencies and what can be asked of its result. Nothing but numbers is kept of the affected
//! entities, so counting ten thousand costs little; entities are looked up for the page that is shown.

use std::sync::{Arc, OnceLock};

use callboard_entity_model::{EntityRef, RelationType};
use roaring::RoaringBitmap;

use super::{
    COUNTING_STEPS, EntityPath, GraphDirection, MAX_STEPS, RelationSet, Truncation, TruncationReason,
    cursor::GraphCursor,
    levels::{Advanced, Levels},
};
use crate::{CatalogIndex, EntityHandle, Filter, QueryError, Selection};

/// The relations that failure spreads along, unless a question says otherwise: each reads "dependent TYPE dependency".
const DEPENDENCIES: [RelationType; 3] =
    [RelationType::DependsOn, RelationType::ConsumesApi, RelationType::ApiProvidedBy];

/// The sign of the cursors of affected entities.
const LIST: char = 'i';

/// Which impact is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImpactQuery {
    /// What changes or fails.
    pub root: EntityRef,
    /// Which side is looked at.
    pub direction: ImpactDirection,
    /// The types of relations, each read "dependent TYPE dependency"; without, `dependsOn`, `consumesApi` and
    /// `apiProvidedBy`: an API depends on the component that provides it.
    pub types: Option<Vec<RelationType>>,
    /// How many relations away from the root.
    pub max_depth: usize,
    /// How many relations the walk may follow.
    pub max_steps: u64,
}

/// Which side of an entity is looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ImpactDirection {
    /// What needs it, and so suffers with it.
    #[default]
    Dependents,
    /// What it needs.
    Dependencies,
}

/// The entities that are affected. The root never is among them, and neither are references that lead nowhere: the walk
/// goes through these, but there is nothing that could suffer.
#[derive(Debug, Clone)]
pub struct Impact {
    root: EntityHandle,
    /// As seen from the node that is left.
    follow: RelationSet,
    /// Numbers by distance, with those that are no entities.
    levels: Vec<Vec<u32>>,
    /// The same, each level sorted; made when a path is asked for.
    sorted: OnceLock<Vec<Vec<u32>>>,
    affected: Selection,
    truncation: Option<Truncation>,
}

/// An affected entity.
#[derive(Debug, Clone)]
pub struct Affected {
    /// The entity.
    pub entity: EntityHandle,
    /// How many relations away from the root.
    pub distance: usize,
}

/// A part of the affected entities, by distance, then by reference.
#[derive(Debug, Clone)]
pub struct AffectedPage {
    /// The entities in order.
    pub affected: Vec<Affected>,
    /// Whether the list goes on after this page.
    pub has_next: bool,
    /// Whether the list has something before this page.
    pub has_previous: bool,
    /// How many entities the whole list has.
    pub total: u64,
}

impl CatalogIndex {
    /// Returns what is affected by an entity; `None` when there is no such entity.
    #[must_use]
    pub fn impact(self: &Arc<Self>, query: &ImpactQuery) -> Option<Impact> {
        let root = self.entity(&query.root)?;
        let types = RelationSet::of(Some(query.types.as_deref().unwrap_or(&DEPENDENCIES)));
        let follow = types.towards(match query.direction {
            ImpactDirection::Dependents => GraphDirection::Incoming,
            ImpactDirection::Dependencies => GraphDirection::Outgoing,
        });
        let mut levels = Levels::new(self, follow, &[root.id], query.max_steps);
        let mut end = Advanced::Further;
        while end == Advanced::Further && levels.distance() < query.max_depth {
            end = levels.advance(|_| true);
        }
        let within = levels.distance();
        let reason = match end {
            Advanced::OutOfSteps => Some((TruncationReason::MaxSteps, query.max_steps)),
            Advanced::Finished => None,
            Advanced::Further => {
                levels.limit_steps(COUNTING_STEPS);
                while end == Advanced::Further {
                    end = levels.advance(|_| true);
                }
                Some((TruncationReason::MaxDepth, query.max_depth as u64))
            }
        };
        let (mut levels, seen) = levels.into_levels();
        let beyond = levels.split_off(within + 1);
        let omitted = beyond.iter().flatten().filter(|id| self.live.contains(**id)).count() as u64;
        let is_lower_bound = end == Advanced::OutOfSteps;
        let is_cut = is_lower_bound || omitted > 0;
        let truncation = reason.filter(|_| is_cut).map(|(reason, limit)| Truncation {
            reason,
            limit,
            omitted_nodes: omitted,
            omitted_edges: 0,
            is_lower_bound,
        });
        let mut affected: RoaringBitmap = match reason {
            None => RoaringBitmap::from_lsb0_bytes(0, &seen.to_bytes()),
            Some(_) => levels.iter().flatten().copied().collect(),
        };
        affected.remove(root.id);
        let affected = Selection::new(Arc::new(affected & &*self.live));
        Some(Impact { root, follow, levels, sorted: OnceLock::new(), affected, truncation })
    }
}

impl ImpactQuery {
    /// Returns the query for what needs this entity.
    #[must_use]
    pub fn dependents_of(root: EntityRef) -> Self {
        Self { root, direction: ImpactDirection::Dependents, types: None, max_depth: 10, max_steps: MAX_STEPS }
    }
}

impl Impact {
    /// Returns what changes or fails.
    #[must_use]
    pub fn root(&self) -> &EntityHandle {
        &self.root
    }

    /// Returns the affected entities, to count them or their facets.
    #[must_use]
    pub fn affected(&self) -> &Selection {
        &self.affected
    }

    /// Returns why not all are there; `None` when all are.
    #[must_use]
    pub fn truncation(&self) -> Option<Truncation> {
        self.truncation
    }

    /// Returns how many entities are affected at each distance, nearest first; distances without any are left out.
    #[must_use]
    pub fn by_distance(&self) -> Vec<(usize, u64)> {
        let count = |level: &Vec<u32>| level.iter().filter(|id| self.affected.ids.contains(**id)).count() as u64;
        let counts = self.levels.iter().enumerate().skip(1).map(|(distance, level)| (distance, count(level)));
        counts.filter(|(_, count)| *count > 0).collect()
    }

    /// Returns a page of the affected entities that pass a filter.
    ///
    /// # Errors
    /// When the filter is nested too deeply or the cursor is damaged.
    pub fn page(&self, filter: Option<&Filter>, first: usize, after: Option<&str>) -> Result<AffectedPage, QueryError> {
        let index = &self.root.index;
        let wanted = match filter {
            Some(filter) => Arc::new(&*self.affected.ids & &*index.select(Some(filter))?.ids),
            None => Arc::clone(&self.affected.ids),
        };
        let after = after.map(|cursor| GraphCursor::read(cursor, LIST)).transpose()?;
        let start = after.as_ref().map(|after| (after.distance, after.entity_ref.as_str()));
        let mut page = AffectedPage { affected: Vec::new(), has_next: false, has_previous: false, total: wanted.len() };
        for (distance, level) in self.levels.iter().enumerate().skip(1) {
            let here = level.iter().copied().filter(|id| wanted.contains(*id));
            if start.is_some_and(|start| distance < start.0) {
                page.has_previous |= here.count() > 0;
                continue;
            }
            let mut ids: Vec<u32> = here.collect();
            if start.is_some_and(|start| distance == start.0) {
                let all = ids.len();
                ids.retain(|id| index.node(*id).map(|node| node.entity_ref.as_str()) > start.map(|start| start.1));
                page.has_previous |= ids.len() < all;
            }
            let room = first - page.affected.len();
            page.has_next = ids.len() > room;
            let ids = index.first_by_ref(&ids, room);
            page.affected
                .extend(ids.into_iter().filter_map(|id| Some(Affected { entity: index.handle(id)?, distance })));
            if page.has_next {
                break;
            }
        }
        Ok(page)
    }

    /// Returns one of the shortest ways from the root to an affected entity. Of several, the one whose last node but one
    /// has the smallest reference, and so on towards the root.
    #[must_use]
    pub fn path_to(&self, affected: &Affected) -> EntityPath {
        let index = &self.root.index;
        let mut steps = Vec::with_capacity(affected.distance);
        let mut at = affected.entity.id;
        let sorted = self.sorted.get_or_init(|| {
            let mut sorted = self.levels.clone();
            sorted.iter_mut().for_each(|level| level.sort_unstable());
            sorted
        });
        for level in sorted.iter().take(affected.distance).rev() {
            let mut nearer: Vec<(u32, RelationType)> = Vec::new();
            if let Some(node) = index.node(at) {
                node.visit(self.follow.inverse(), |kind, other| {
                    if level.binary_search(&other).is_ok() {
                        nearer.push((other, kind.inverse()));
                    }
                });
            }
            let name = |id: u32| index.node(id).map(|node| &node.entity_ref);
            let nearest = nearer.into_iter().min_by_key(|(id, kind)| (name(*id), kind.as_str()));
            let Some((nearer, kind)) = nearest else { break };
            steps.push((kind, at));
            at = nearer;
        }
        steps.reverse();
        EntityPath::new(index, at, &steps)
    }
}

impl Affected {
    /// Returns the cursor that stands at this entity; it is made at each call.
    #[must_use]
    pub fn cursor(&self) -> String {
        let entity_ref = self.entity.entity_ref().clone();
        GraphCursor { list: LIST, distance: self.distance, entity_ref }.write()
    }
}

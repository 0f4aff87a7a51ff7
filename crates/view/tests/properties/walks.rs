//! The four questions about relations, answered by trying everything.

use std::collections::{BTreeMap, BTreeSet};

use callboard_entity_model::{EntityRef, RelationType};
use callboard_view::{Filter, GraphDirection};

use crate::model::Model;

/// All relations of a catalog, as both ends see them.
#[derive(Debug)]
pub(crate) struct Relations {
    seen: BTreeMap<EntityRef, BTreeSet<(&'static str, EntityRef)>>,
}

/// A path: the first node, then each step's type and target.
pub(crate) type Way = Vec<(&'static str, EntityRef)>;

const FORWARD: [&str; 7] = ["ownedBy", "providesApi", "consumesApi", "dependsOn", "childOf", "memberOf", "partOf"];

pub(crate) fn inverse(kind: &str) -> &'static str {
    RelationType::from_name(kind).expect("the type is known").inverse().as_str()
}

/// The types meant by a question, and whether a relation seen from a node is followed.
pub(crate) struct Rule {
    pub(crate) types: BTreeSet<&'static str>,
    direction: GraphDirection,
}

impl Rule {
    pub(crate) fn new(types: Option<&Vec<RelationType>>, direction: GraphDirection) -> Self {
        let types = match types {
            Some(types) => types.iter().map(|kind| kind.as_str()).collect(),
            None => FORWARD.into_iter().collect(),
        };
        Self { types, direction }
    }

    fn follows(&self, kind: &str) -> bool {
        let (out, back) = (self.types.contains(kind), self.types.contains(inverse(kind)));
        match self.direction {
            GraphDirection::Outgoing => out,
            GraphDirection::Incoming => back,
            GraphDirection::Both => out || back,
        }
    }

    /// The types that edges are shown as when each relation is shown once.
    pub(crate) fn merged(&self) -> BTreeSet<&'static str> {
        let is_kept = |kind: &&&str| !self.types.contains(inverse(kind)) || FORWARD.contains(*kind);
        self.types.iter().filter(is_kept).copied().collect()
    }
}

impl Relations {
    pub(crate) fn of(model: &Model) -> Self {
        let mut refs: BTreeSet<EntityRef> = model.records().iter().map(|record| record.entity_ref.clone()).collect();
        let named: Vec<EntityRef> =
            refs.iter().flat_map(|it| model.relations(it)).map(|(_, _, target)| target).collect();
        refs.extend(named);
        let seen = |it: EntityRef| {
            let relations = model.relations(&it).into_iter().map(|(kind, _, target)| (kind.as_str(), target)).collect();
            (it, relations)
        };
        Self { seen: refs.into_iter().map(seen).collect() }
    }

    pub(crate) fn knows(&self, entity_ref: &EntityRef) -> bool {
        self.seen.contains_key(entity_ref)
    }

    pub(crate) fn seen_from(&self, entity_ref: &EntityRef) -> BTreeSet<(&'static str, EntityRef)> {
        self.seen.get(entity_ref).cloned().unwrap_or_default()
    }

    pub(crate) fn neighbors(&self, of: &EntityRef, rule: &Rule) -> BTreeSet<EntityRef> {
        self.seen_from(of).into_iter().filter(|(kind, _)| rule.follows(kind)).map(|(_, target)| target).collect()
    }

    /// The distance of everything from the nearest root: each relation shortens distances until none does any more.
    pub(crate) fn distances(
        &self,
        roots: &[EntityRef],
        rule: &Rule,
        admits: &dyn Fn(&EntityRef) -> bool,
    ) -> BTreeMap<EntityRef, usize> {
        let mut distances: BTreeMap<EntityRef, usize> =
            roots.iter().filter(|root| self.knows(root)).map(|root| (root.clone(), 0)).collect();
        loop {
            let before = distances.clone();
            for (from, distance) in &before {
                for target in self.neighbors(from, rule).into_iter().filter(|target| admits(target)) {
                    let known = distances.entry(target).or_insert(usize::MAX);
                    *known = (*known).min(distance + 1);
                }
            }
            if distances == before {
                return distances;
            }
        }
    }

    /// Every path that passes no node twice, shortest first, then by the references.
    pub(crate) fn simple_paths(&self, from: &EntityRef, to: &EntityRef, rule: &Rule) -> Vec<Way> {
        let mut found = Vec::new();
        if self.knows(from) && self.knows(to) {
            self.go_on(&mut vec![("", from.clone())], to, rule, &mut found);
        }
        found.sort_by_key(|way: &Way| (way.len(), way.iter().map(|(_, it)| it.clone()).collect::<Vec<_>>()));
        found
    }

    fn go_on(&self, way: &mut Way, to: &EntityRef, rule: &Rule, found: &mut Vec<Way>) {
        let at = way.last().expect("there is a start").1.clone();
        if at == *to {
            found.push(way.clone());
            return;
        }
        for next in self.neighbors(&at, rule) {
            if way.iter().all(|(_, passed)| *passed != next) {
                let steps = self.seen_from(&at).into_iter();
                let mut kinds = steps.filter(|(kind, target)| *target == next && rule.follows(kind));
                way.push((kinds.next().expect("it is next to it").0, next));
                self.go_on(way, to, rule, found);
                way.pop();
            }
        }
    }

    /// The cycles that a member passing the filter is in, by their first members.
    pub(crate) fn cycles(&self, model: &Model, rule: &Rule, filter: Option<&Filter>) -> Vec<Vec<EntityRef>> {
        let entities: Vec<EntityRef> = model.records().iter().map(|record| record.entity_ref.clone()).collect();
        let types: BTreeSet<_> = rule.merged();
        let once = Rule { types, direction: GraphDirection::Outgoing };
        let reach: BTreeMap<&EntityRef, BTreeMap<EntityRef, usize>> = entities
            .iter()
            .map(|it| (it, self.distances(std::slice::from_ref(it), &once, &|other| model.has(other))))
            .collect();
        let cycles: BTreeSet<Vec<EntityRef>> = entities
            .iter()
            .map(|it| {
                let returns = |other: &&EntityRef| reach[it].contains_key(*other) && reach[*other].contains_key(it);
                entities.iter().filter(returns).cloned().collect()
            })
            .collect();
        let passing = filter.map(|filter| model.select(filter));
        let is_wanted = |members: &Vec<EntityRef>| {
            members.len() > 1
                && passing.as_ref().is_none_or(|passing| members.iter().any(|member| passing.contains(member)))
        };
        cycles.into_iter().filter(is_wanted).collect()
    }
}

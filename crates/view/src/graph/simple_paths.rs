//! Going along the paths between two nodes, shortest first.
//!
//! Owns the search: distances to the end are known beforehand, so that it never turns into a way that is too long. Each
//! length is searched by itself, which goes over short beginnings again but shows the short paths first and stops early.

use std::ops::RangeInclusive;

use callboard_entity_model::RelationType;

use super::{
    RelationSet,
    bits::BitSet,
    levels::{Advanced, Levels},
};
use crate::CatalogIndex;

/// A search for paths.
pub(super) struct Search<'i> {
    index: &'i CatalogIndex,
    follow: RelationSet,
    from: u32,
    to: u32,
    /// The walk from the end, against the direction of the paths.
    back: Levels<'i>,
    is_back_finished: bool,
    /// By number, one more than the distance to the end; 0 for what the walk from the end has not reached.
    distances: Vec<u32>,
    on_path: BitSet,
    steps_left: u64,
    /// What may be spent to find out whether anything longer exists.
    probe_steps_left: u64,
}

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// All paths were found.
    All,
    /// There are more than were wanted.
    Enough,
    /// There are longer paths, or may be.
    Longer,
    /// The search took too many steps.
    OutOfSteps,
}

/// The relations of a path: the type of each and where it leads.
type Steps = Vec<(RelationType, u32)>;

/// A node on the path and the ways on from it that are still to be tried, the next one last.
struct Frame {
    node: u32,
    ways: Vec<(RelationType, u32)>,
}

impl<'i> Search<'i> {
    pub(super) fn new(index: &'i CatalogIndex, follow: RelationSet, from: u32, to: u32, max_steps: u64) -> Self {
        let mut distances = vec![0; index.nodes.len()];
        if let Some(distance) = distances.get_mut(to as usize) {
            *distance = 1;
        }
        Self {
            index,
            follow,
            from,
            to,
            back: Levels::new(index, follow.inverse(), &[to], max_steps),
            is_back_finished: false,
            distances,
            on_path: BitSet::with_room_for(index.nodes.len()),
            steps_left: max_steps,
            probe_steps_left: max_steps,
        }
    }

    /// Returns how far the end is from the start, if that is known yet.
    pub(super) fn distance_from_start(&self) -> Option<usize> {
        self.distance(self.from)
    }

    fn distance(&self, id: u32) -> Option<usize> {
        let distance = self.distances.get(id as usize).copied().unwrap_or_default();
        distance.checked_sub(1).map(|distance| distance as usize)
    }

    /// Takes the walk from the end one level further, unless the start is reached already.
    pub(super) fn advance(&mut self) -> Advanced {
        if self.distance_from_start().is_some() {
            return Advanced::Finished;
        }
        self.walk_back()
    }

    fn walk_back(&mut self) -> Advanced {
        if self.is_back_finished {
            return Advanced::Finished;
        }
        let advanced = self.back.advance(|_| true);
        match advanced {
            Advanced::Further => {
                let distance = self.back.distance() as u32;
                for id in self.back.last() {
                    self.distances[*id as usize] = distance + 1;
                }
            }
            Advanced::Finished => self.is_back_finished = true,
            Advanced::OutOfSteps => {}
        }
        advanced
    }

    /// Goes along the paths of these lengths until there are more than `wanted`, of which it returns `wanted`.
    pub(super) fn run(
        mut self,
        lengths: RangeInclusive<usize>,
        wanted: usize,
        is_longer_wanted: bool,
    ) -> (Vec<Steps>, Ending) {
        let mut found = Vec::new();
        let longest = *lengths.end();
        for length in lengths {
            // A node that the walk from the end has not reached after so many levels is too far for this length.
            while !self.is_back_finished && self.back.distance() + 1 < length {
                if self.walk_back() == Advanced::OutOfSteps {
                    return (found, Ending::OutOfSteps);
                }
            }
            let is_last = is_longer_wanted && length == longest;
            let ending = self.of_length(length, wanted, is_last, &mut found);
            let is_over = ending != Ending::Longer;
            if is_over || length == longest {
                found.truncate(wanted);
                let ending = if is_longer_wanted || is_over { ending } else { Ending::All };
                return (found, ending);
            }
        }
        (found, Ending::All)
    }

    /// Finds the paths of one length. `Longer` means that a way was not taken because it is longer; for the last length,
    /// only if it would have led to the end.
    fn of_length(&mut self, length: usize, wanted: usize, is_last: bool, found: &mut Vec<Steps>) -> Ending {
        if self.from == self.to {
            found.push(Vec::new());
            return if found.len() > wanted { Ending::Enough } else { Ending::All };
        }
        let mut is_longer = false;
        let mut steps: Steps = Vec::new();
        self.on_path = BitSet::with_room_for(self.index.nodes.len());
        self.on_path.insert(self.from);
        let Some(ways) = self.ways(self.from, length - 1, is_last, &mut is_longer) else { return Ending::OutOfSteps };
        let mut frames = vec![Frame { node: self.from, ways }];
        while let Some(frame) = frames.last_mut() {
            let Some((kind, node)) = frame.ways.pop() else {
                self.on_path.remove(frame.node);
                frames.pop();
                steps.pop();
                continue;
            };
            steps.push((kind, node));
            if node == self.to {
                if steps.len() == length {
                    found.push(steps.clone());
                    if found.len() > wanted {
                        return Ending::Enough;
                    }
                }
                steps.pop();
                continue;
            }
            self.on_path.insert(node);
            let room = length - steps.len() - 1;
            let Some(ways) = self.ways(node, room, is_last, &mut is_longer) else { return Ending::OutOfSteps };
            frames.push(Frame { node, ways });
        }
        if is_longer { Ending::Longer } else { Ending::All }
    }

    /// Returns the ways on from a node from whose targets the end can be reached with `room` more steps, the first one
    /// last; `None` when there are no steps left.
    fn ways(&mut self, node: u32, room: usize, is_last: bool, is_longer: &mut bool) -> Option<Steps> {
        let known = self.index.node(node)?;
        let mut ways: Steps = Vec::new();
        let mut too_long = Vec::new();
        let mut count = 0;
        known.visit(self.follow, |kind, other| {
            count += 1;
            if self.on_path.contains(other) {
                return;
            }
            match self.distance(other) {
                Some(distance) if distance <= room => ways.push((kind, other)),
                None if self.is_back_finished => {}
                _ => too_long.push(other),
            }
        });
        if count > self.steps_left {
            return None;
        }
        self.steps_left -= count;
        if !*is_longer {
            *is_longer = match is_last {
                true => self.reach_end(&too_long),
                false => !too_long.is_empty(),
            };
        }
        let name = |id: u32| self.index.node(id).map(|node| &node.entity_ref);
        ways.sort_by_cached_key(|(kind, id)| (name(*id), kind.as_str()));
        ways.dedup_by_key(|(_, id)| *id);
        ways.reverse();
        Some(ways)
    }

    /// Returns whether the end can be reached from any of these without passing the path; if that takes too long to find
    /// out, that it may be.
    fn reach_end(&mut self, nodes: &[u32]) -> bool {
        if nodes.is_empty() {
            return false;
        }
        // What is seen is remembered in a bit for each node; making room for that is work too, also in a dead end.
        let room = self.index.nodes.len() as u64 / 64 + 1;
        let Some(steps) = self.probe_steps_left.checked_sub(room) else { return true };
        let on_path = &self.on_path;
        let mut walk = Levels::new(self.index, self.follow, nodes, steps);
        loop {
            if walk.last().contains(&self.to) {
                self.probe_steps_left = walk.steps_left();
                return true;
            }
            match walk.advance(|id| !on_path.contains(id)) {
                Advanced::Further => {}
                Advanced::Finished => {
                    self.probe_steps_left = walk.steps_left();
                    return false;
                }
                Advanced::OutOfSteps => {
                    self.probe_steps_left = 0;
                    return true;
                }
            }
        }
    }
}

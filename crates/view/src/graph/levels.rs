//! A walk outwards, one distance after the other.
//!
//! Owns which nodes are how far away, and the count of steps. What is done with the levels is the questions' matter.

use super::{RelationSet, bits::BitSet};
use crate::{CatalogIndex, node::Node};

/// The nodes that a walk has reached, by distance.
pub(super) struct Levels<'i> {
    index: &'i CatalogIndex,
    follow: RelationSet,
    seen: BitSet,
    levels: Vec<Vec<u32>>,
    steps_left: u64,
}

/// How going one step further ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Advanced {
    /// There is a new level.
    Further,
    /// There is nothing further away.
    Finished,
    /// The next level would have taken more steps than are left. It is not there, not even in part: which part would be
    /// chance.
    OutOfSteps,
}

impl<'i> Levels<'i> {
    /// Starts at these nodes, which are at distance 0.
    pub(super) fn new(index: &'i CatalogIndex, follow: RelationSet, starts: &[u32], max_steps: u64) -> Self {
        let mut seen = BitSet::with_room_for(index.nodes.len());
        let starts = starts.iter().copied().filter(|id| seen.insert(*id)).collect();
        Self { index, follow, seen, levels: vec![starts], steps_left: max_steps }
    }

    /// Allows at most so many further steps.
    pub(super) fn limit_steps(&mut self, steps: u64) {
        self.steps_left = self.steps_left.min(steps);
    }

    /// Goes from the last level to the nodes next to it that have not been reached yet and are admitted. Not to be called
    /// again once it did not go further.
    pub(super) fn advance(&mut self, admits: impl Fn(u32) -> bool) -> Advanced {
        let Self { index, follow, seen, levels, steps_left } = self;
        let mut next = Vec::new();
        let mut steps = 0;
        // Looked up first and visited then: the nodes lie all over the memory, and so many are fetched at a time.
        let nodes: Vec<&Node> =
            levels.last().into_iter().flatten().filter_map(|id| Some(&**index.node(*id)?)).collect();
        for node in nodes {
            node.visit(*follow, |_, other| {
                steps += 1;
                if admits(other) && seen.insert(other) {
                    next.push(other);
                }
            });
            if steps > *steps_left {
                return Advanced::OutOfSteps;
            }
        }
        *steps_left -= steps;
        if next.is_empty() {
            return Advanced::Finished;
        }
        levels.push(next);
        Advanced::Further
    }

    /// Returns the nodes that are furthest away.
    pub(super) fn last(&self) -> &[u32] {
        self.levels.last().map_or(&[], Vec::as_slice)
    }

    /// Returns how far away the last level is.
    pub(super) fn distance(&self) -> usize {
        self.levels.len().saturating_sub(1)
    }

    /// Returns how many more steps may be taken.
    pub(super) fn steps_left(&self) -> u64 {
        self.steps_left
    }

    /// Returns the levels, that at distance 0 first, and everything that was seen: what is in the levels and, when the steps
    /// ran out, more.
    pub(super) fn into_levels(self) -> (Vec<Vec<u32>>, BitSet) {
        (self.levels, self.seen)
    }
}

//! Strongly connected components, by Tarjan's algorithm without recursion: a chain of half a million entities must not
//! be a chain of half a million stack frames.
//!
//! Owns the algorithm over dense numbers; which relations count is the caller's matter.

use super::{RelationSet, bits::BitSet};
use crate::CatalogIndex;

/// A node whose relations are being followed.
struct Frame {
    node: u32,
    /// Where its targets stand in the list of all open targets: from here on.
    first: usize,
    /// How many of them have been followed.
    followed: usize,
}

struct Tarjan {
    /// By number, the order in which nodes were found, from 1; 0 for not yet.
    order: Vec<u32>,
    /// By number, the earliest node that is known to be reached from it.
    earliest: Vec<u32>,
    found: u32,
    stack: Vec<u32>,
    on_stack: BitSet,
    components: Vec<Vec<u32>>,
}

/// Returns the sets of more than one node in which each leads to each along these relations, through `among` only.
pub(super) fn components(index: &CatalogIndex, follow: RelationSet, among: impl Iterator<Item = u32>) -> Vec<Vec<u32>> {
    let among: Vec<u32> = among.collect();
    let count = index.nodes.len();
    let mut admitted = BitSet::with_room_for(count);
    among.iter().for_each(|id| {
        admitted.insert(*id);
    });
    let mut tarjan = Tarjan {
        order: vec![0; count],
        earliest: vec![0; count],
        found: 0,
        stack: Vec::new(),
        on_stack: BitSet::with_room_for(count),
        components: Vec::new(),
    };
    let mut frames: Vec<Frame> = Vec::new();
    let mut targets: Vec<u32> = Vec::new();
    for start in among {
        if tarjan.order[start as usize] != 0 {
            continue;
        }
        let mut next = Some(start);
        loop {
            if let Some(node) = next.take() {
                tarjan.enter(node);
                let first = targets.len();
                if let Some(known) = index.node(node) {
                    known.visit(follow, |_, other| {
                        if admitted.contains(other) {
                            targets.push(other);
                        }
                    });
                }
                frames.push(Frame { node, first, followed: 0 });
            }
            let Some(frame) = frames.last_mut() else { break };
            match targets.get(frame.first + frame.followed) {
                Some(target) => {
                    frame.followed += 1;
                    next = tarjan.follow(frame.node, *target);
                }
                None => {
                    let node = frame.node;
                    targets.truncate(frame.first);
                    frames.pop();
                    tarjan.leave(node, frames.last().map(|frame| frame.node));
                }
            }
        }
    }
    tarjan.components
}

impl Tarjan {
    fn enter(&mut self, node: u32) {
        self.found += 1;
        self.order[node as usize] = self.found;
        self.earliest[node as usize] = self.found;
        self.stack.push(node);
        self.on_stack.insert(node);
    }

    /// Looks along a relation and returns the target when it has to be entered first.
    fn follow(&mut self, node: u32, target: u32) -> Option<u32> {
        if self.order[target as usize] == 0 {
            return Some(target);
        }
        if self.on_stack.contains(target) {
            let reached = self.order[target as usize];
            self.reach(node, reached);
        }
        None
    }

    fn reach(&mut self, node: u32, reached: u32) {
        let earliest = &mut self.earliest[node as usize];
        *earliest = reached.min(*earliest);
    }

    fn leave(&mut self, node: u32, parent: Option<u32>) {
        let earliest = self.earliest[node as usize];
        if let Some(parent) = parent {
            self.reach(parent, earliest);
        }
        if earliest != self.order[node as usize] {
            return;
        }
        // Everything found after this node that is still on the stack belongs to it.
        let start = self.stack.iter().rposition(|other| *other == node).unwrap_or_default();
        for member in &self.stack[start..] {
            self.on_stack.remove(*member);
        }
        match self.stack.len() - start {
            1 => self.stack.truncate(start),
            _ => self.components.push(self.stack.split_off(start)),
        }
    }
}

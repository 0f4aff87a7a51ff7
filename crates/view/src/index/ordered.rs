//! Numbers in the order of their references.
//!
//! Owns the knowledge of which numbers these are: the entities that were there when the index was built were numbered in
//! that order. Comparing two such numbers compares their references without reading them, which is what sorting thousands
//! of nodes would otherwise spend its time on. Whatever came later is compared by its reference.

use std::sync::Arc;

use roaring::RoaringBitmap;

use super::CatalogIndex;

/// Which numbers are in the order of their references.
#[derive(Debug, Clone, Default)]
pub(crate) struct OrderedNumbers {
    /// Those below this.
    end: u32,
    /// Except these, which stand for another reference now.
    reused: Arc<RoaringBitmap>,
}

impl OrderedNumbers {
    pub(super) fn below(end: u32) -> Self {
        Self { end, reused: Arc::default() }
    }

    /// Notes that a number stands for another reference from now on.
    pub(super) fn reuse(&mut self, id: u32) {
        if id < self.end {
            Arc::make_mut(&mut self.reused).insert(id);
        }
    }

    fn contains(&self, id: u32) -> bool {
        id < self.end && !self.reused.contains(id)
    }
}

impl CatalogIndex {
    /// Returns these nodes in the order of their references.
    pub(crate) fn sorted_by_ref(&self, ids: &[u32]) -> Vec<u32> {
        self.first_by_ref(ids, ids.len())
    }

    /// Returns the first `count` of these nodes in the order of their references.
    pub(crate) fn first_by_ref(&self, ids: &[u32], count: usize) -> Vec<u32> {
        if count == 0 {
            return Vec::new();
        }
        let (mut ordered, others): (Vec<u32>, Vec<u32>) = ids.iter().partition(|id| self.ordered.contains(**id));
        if count < ordered.len() {
            ordered.select_nth_unstable(count);
            ordered.truncate(count);
        }
        ordered.sort_unstable();
        if others.is_empty() {
            return ordered;
        }
        let mut others: Vec<(&str, u32)> = others.into_iter().filter_map(|id| Some((self.text(id)?, id))).collect();
        others.sort_unstable();
        let mut sorted = Vec::with_capacity(ordered.len() + others.len());
        let mut rest = &ordered[..];
        for (text, id) in others {
            let before = rest.partition_point(|id| self.text(*id) < Some(text));
            sorted.extend_from_slice(&rest[..before]);
            sorted.push(id);
            rest = &rest[before..];
        }
        sorted.extend_from_slice(rest);
        sorted.truncate(count);
        sorted
    }

    fn text(&self, id: u32) -> Option<&str> {
        self.node(id).map(|node| node.entity_ref.as_str())
    }
}

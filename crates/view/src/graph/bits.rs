//! A set of dense numbers, one bit each.
//!
//! Owns the set only. Where numbers are few and far apart, `roaring` is the better set.

/// A set of dense numbers.
pub(super) struct BitSet(Vec<u64>);

impl BitSet {
    /// Makes an empty set with room for the numbers below `count`.
    pub(super) fn with_room_for(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    /// Adds a number and returns whether it is new. A number that there is no room for is never new.
    pub(super) fn insert(&mut self, id: u32) -> bool {
        let Some(word) = self.0.get_mut(id as usize / 64) else { return false };
        let bit = 1 << (id % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    pub(super) fn remove(&mut self, id: u32) {
        if let Some(word) = self.0.get_mut(id as usize / 64) {
            *word &= !(1 << (id % 64));
        }
    }

    pub(super) fn contains(&self, id: u32) -> bool {
        self.0.get(id as usize / 64).is_some_and(|word| word >> (id % 64) & 1 == 1)
    }

    /// Returns the bits, the least significant first.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|word| word.to_le_bytes()).collect()
    }
}

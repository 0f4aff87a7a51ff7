//! Random numbers that are the same on every machine and for ever.
//!
//! Owns a small generator (SplitMix64) and the picking from lists. It is not for secrets.

/// A stream of numbers that depends on its seed alone.
#[derive(Debug, Clone)]
pub(super) struct Random {
    state: u64,
}

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `bound`, or 0 when there is none below it.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next()) * bound as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// Returns a number below `bound` that is more often small than large: few things are popular, most are not.
    pub(super) fn below_popular(&mut self, bound: usize) -> usize {
        let first = self.below(bound);
        let second = self.below(first + 1);
        second.min(bound.saturating_sub(1))
    }

    /// Returns true in `percent` of 100 cases.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Returns one of a list that is not empty.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// Returns one word of a list that is not empty.
    pub(super) fn word(&mut self, list: &[&'static str]) -> &'static str {
        let word: &&'static str = self.pick(list);
        word
    }
}

//! Selections: the entities that a filter wants, as a set of dense ids.
//!
//! Owns the set. Making one is `crate::select`'s work.

use std::sync::{Arc, OnceLock};

use roaring::RoaringBitmap;

/// The entities that a filter wants in one snapshot; it has a meaning in that snapshot only.
#[derive(Debug, Clone)]
pub struct Selection {
    pub(crate) ids: Arc<RoaringBitmap>,
    bits: OnceLock<Arc<[u64]>>,
}

impl Selection {
    pub(crate) fn new(ids: Arc<RoaringBitmap>) -> Self {
        Self { ids, bits: OnceLock::new() }
    }

    /// Returns how many entities it has.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.ids.len()
    }

    /// Returns whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Returns one bit per id, made at the first call: testing many ids one by one is several times faster on it.
    pub(crate) fn bits(&self) -> &[u64] {
        self.bits.get_or_init(|| {
            let words = self.ids.max().map_or(0, |max| max as usize / 64 + 1);
            let mut bits = vec![0u64; words];
            for id in self.ids.iter() {
                bits[id as usize / 64] |= 1 << (id % 64);
            }
            bits.into()
        })
    }
}

/// Returns whether the bit of this id is set.
pub(crate) fn has_bit(bits: &[u64], id: u32) -> bool {
    bits.get(id as usize / 64).is_some_and(|word| word >> (id % 64) & 1 == 1)
}

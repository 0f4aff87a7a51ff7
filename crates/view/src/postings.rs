//! Postings: the ids that have one value, or one relation.
//!
//! Owns a set that is small when it has few members, and cheap to copy when it has many. It never is empty: whoever
//! holds it drops it when [`Postings::remove`] says so.

use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::selection::has_bit;

/// A set of ids with at least one member.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Postings {
    One(u32),
    /// Sorted; two to [`FEW`].
    Few(Arc<[u32]>),
    Many(Arc<RoaringBitmap>),
}

/// Up to this many ids are kept as a plain list.
const FEW: usize = 32;

/// Up to this many ids, testing each is quicker than intersecting sets.
const TESTED_ONE_BY_ONE: u64 = 256;

impl Postings {
    /// Makes a set from ids that are sorted and distinct.
    pub(crate) fn from_sorted(ids: Vec<u32>) -> Option<Self> {
        match ids.len() {
            0 => None,
            1 => Some(Self::One(ids[0])),
            count if count <= FEW => Some(Self::Few(ids.into())),
            _ => Some(Self::Many(Arc::new(ids.into_iter().collect()))),
        }
    }

    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::One(_) => 1,
            Self::Few(ids) => ids.len() as u64,
            Self::Many(ids) => ids.len(),
        }
    }

    pub(crate) fn insert(&mut self, id: u32) {
        match self {
            Self::One(only) if *only == id => {}
            Self::One(only) => *self = Self::Few(Arc::new([id.min(*only), id.max(*only)])),
            Self::Few(ids) => {
                if let Err(at) = ids.binary_search(&id) {
                    let mut grown = Vec::with_capacity(ids.len() + 1);
                    grown.extend_from_slice(&ids[..at]);
                    grown.push(id);
                    grown.extend_from_slice(&ids[at..]);
                    if let Some(grown) = Self::from_sorted(grown) {
                        *self = grown;
                    }
                }
            }
            Self::Many(ids) => {
                Arc::make_mut(ids).insert(id);
            }
        }
    }

    /// Removes an id and returns whether none is left; then the set must not be used any more.
    #[must_use]
    pub(crate) fn remove(&mut self, id: u32) -> bool {
        match self {
            Self::One(only) => return *only == id,
            Self::Few(ids) => {
                let rest: Vec<u32> = ids.iter().copied().filter(|other| *other != id).collect();
                match Self::from_sorted(rest) {
                    Some(rest) => *self = rest,
                    None => return true,
                }
            }
            Self::Many(ids) => {
                let ids = Arc::make_mut(ids);
                ids.remove(id);
                // Half of the limit, so that a set at the border does not change its form with each change.
                if ids.len() <= FEW as u64 / 2 {
                    match Self::from_sorted(ids.iter().collect()) {
                        Some(rest) => *self = rest,
                        None => return true,
                    }
                }
            }
        }
        false
    }

    pub(crate) fn iter(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        match self {
            Self::One(only) => Box::new(std::iter::once(*only)),
            Self::Few(ids) => Box::new(ids.iter().copied()),
            Self::Many(ids) => Box::new(ids.iter()),
        }
    }

    /// Visits every member; quicker than the iterator where sets are small and many.
    pub(crate) fn for_each(&self, mut visit: impl FnMut(u32)) {
        match self {
            Self::One(only) => visit(*only),
            Self::Few(ids) => ids.iter().copied().for_each(visit),
            Self::Many(ids) => ids.iter().for_each(visit),
        }
    }

    pub(crate) fn add_to(&self, set: &mut RoaringBitmap) {
        match self {
            Self::One(only) => {
                set.insert(*only);
            }
            Self::Few(ids) => set.extend(ids.iter()),
            Self::Many(ids) => *set |= &**ids,
        }
    }

    pub(crate) fn to_bitmap(&self) -> Arc<RoaringBitmap> {
        match self {
            Self::Many(ids) => Arc::clone(ids),
            few => Arc::new(few.iter().collect()),
        }
    }

    /// Returns whether any member is in `set`.
    pub(crate) fn is_any_in(&self, set: &RoaringBitmap) -> bool {
        match self {
            Self::One(only) => set.contains(*only),
            Self::Few(ids) => ids.iter().any(|id| set.contains(*id)),
            Self::Many(ids) => !ids.is_disjoint(set),
        }
    }

    /// Counts the members that are in `set`; `bits` is the same set, one bit per id.
    pub(crate) fn count_in(&self, set: &RoaringBitmap, bits: &[u64]) -> u64 {
        match self {
            Self::One(only) => u64::from(has_bit(bits, *only)),
            Self::Few(ids) => ids.iter().filter(|id| has_bit(bits, **id)).count() as u64,
            Self::Many(ids) if ids.len() <= TESTED_ONE_BY_ONE => {
                ids.iter().filter(|id| has_bit(bits, *id)).count() as u64
            }
            Self::Many(ids) => ids.intersection_len(set),
        }
    }
}

#[cfg(test)]
mod tests;

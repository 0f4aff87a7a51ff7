//! Walking all entities in the order of their references, from any place on.
//!
//! Owns the order only. What is made of each record on the way is the caller's matter.

use std::{ops::Bound, sync::Arc};

use callboard_entity_model::EntityRef;

use crate::{CatalogIndex, EntityRecord};

impl CatalogIndex {
    /// Returns the records in the order of their references: all, or those that come after `after`, which need not be
    /// there itself. Finding the place costs no more than a look-up.
    pub fn records_after<'i>(&'i self, after: Option<&EntityRef>) -> impl Iterator<Item = &'i Arc<EntityRecord>> + 'i {
        let start = after.map_or(Bound::Unbounded, Bound::Excluded);
        let places = self.refs.range::<_, EntityRef>((start, Bound::Unbounded));
        places.filter_map(|(_, id)| self.node(*id)?.record.as_ref())
    }
}

#[cfg(test)]
mod tests;

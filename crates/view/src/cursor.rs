//! Cursors: a place in an ordered list, as opaque text.
//!
//! Owns what a cursor holds: the sort values and the reference of the entity that it stands at, and a sign of the
//! order that it was made for. It names no page and no snapshot, so it stays good while entities come and go.

use std::hash::{DefaultHasher, Hash, Hasher};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use callboard_entity_model::EntityRef;
use serde::{Deserialize, Serialize};

use crate::{EntityRecord, QueryError, extract::sort_value, order::SortKey};

/// A place in an ordered list: right at an entity, whether or not it still exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Position {
    /// Lower-case values, one per sort key.
    pub(crate) values: Vec<Option<String>>,
    pub(crate) entity_ref: EntityRef,
}

/// A cursor as it is written: JSON, base64 for URLs.
#[derive(Serialize, Deserialize)]
struct Written {
    /// The sign of the order.
    o: u32,
    /// The sort values.
    v: Vec<Option<String>>,
    /// The reference.
    r: String,
}

/// No cursor of ours is longer.
const MAX_LENGTH: usize = 16 * 1024;

impl Position {
    /// Returns the place of an entity in lists of this order.
    pub(crate) fn of(record: &EntityRecord, keys: &[SortKey]) -> Self {
        let values = keys.iter().map(|key| sort_value(record, &key.field).map(Into::into)).collect();
        Self { values, entity_ref: record.entity_ref.clone() }
    }

    pub(crate) fn write(&self, keys: &[SortKey]) -> String {
        let written = Written { o: sign(keys), v: self.values.clone(), r: self.entity_ref.to_string() };
        // Text and numbers always become JSON; an empty cursor would be refused when it comes back.
        serde_json::to_vec(&written).map(|json| URL_SAFE_NO_PAD.encode(json)).unwrap_or_default()
    }

    pub(crate) fn read(cursor: &str, keys: &[SortKey]) -> Result<Self, QueryError> {
        let fail = |reason| QueryError::InvalidCursor { reason };
        if cursor.len() > MAX_LENGTH {
            return Err(fail("it is too long"));
        }
        let json = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| fail("it is damaged"))?;
        let written: Written = serde_json::from_slice(&json).map_err(|_| fail("it is damaged"))?;
        if written.o != sign(keys) || written.v.len() != keys.len() {
            return Err(fail("it belongs to a list in another order"));
        }
        let entity_ref = written.r.parse().map_err(|_| fail("it is damaged"))?;
        Ok(Self { values: written.v, entity_ref })
    }
}

/// Returns a number that tells orders apart. It must be the same in every replica and after every restart.
fn sign(keys: &[SortKey]) -> u32 {
    // `DefaultHasher::new` has fixed keys; should its algorithm ever change, old cursors are refused, not misread.
    let mut hasher = DefaultHasher::new();
    for key in keys {
        key.field.to_string().hash(&mut hasher);
        key.is_descending.hash(&mut hasher);
    }
    hasher.finish() as u32
}

#[cfg(test)]
mod tests;

//! Cursors of the lists that walks answer with.
//!
//! Owns their text. They hold a place, an entity at a distance, and no page, so they stay good when the catalog changes.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use callboard_entity_model::EntityRef;

use crate::QueryError;

/// A place in a list that is ordered by distance, then by reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GraphCursor {
    /// Which list: a cursor of one list means nothing in another.
    pub(super) list: char,
    pub(super) distance: usize,
    pub(super) entity_ref: EntityRef,
}

/// No cursor of ours is longer.
const MAX_LENGTH: usize = 1024;

impl GraphCursor {
    pub(super) fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{} {} {}", self.list, self.distance, self.entity_ref))
    }

    pub(super) fn read(cursor: &str, list: char) -> Result<Self, QueryError> {
        let fail = |reason| QueryError::InvalidCursor { reason };
        if cursor.len() > MAX_LENGTH {
            return Err(fail("it is too long"));
        }
        let text = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let mut parts = text.as_deref().unwrap_or_default().splitn(3, ' ');
        let (Some(of), Some(distance), Some(entity_ref)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(fail("it is damaged"));
        };
        if !of.chars().eq([list]) {
            return Err(fail("it belongs to another list"));
        }
        match (distance.parse(), entity_ref.parse()) {
            (Ok(distance), Ok(entity_ref)) => Ok(Self { list, distance, entity_ref }),
            _ => Err(fail("it is damaged")),
        }
    }
}

#[cfg(test)]
mod tests;

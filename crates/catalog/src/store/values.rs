//! Conversions between columns and domain types.
//!
//! Owns what a column's text must look like; a row that does not is reported, never guessed at.

use std::{collections::HashSet, sync::Arc};

use callboard_db::Timestamp;
use callboard_entity_model::{ContentHash, EntityRef};
use chrono::{DateTime, Utc};

use crate::CatalogError;

/// Reads a canonical reference.
pub(crate) fn entity_ref(table: &'static str, text: &str) -> Result<EntityRef, CatalogError> {
    text.parse().map_err(|_| CatalogError::UnknownValue { table, value: text.to_owned() })
}

/// Reads a SHA-256.
pub(crate) fn hash(table: &'static str, bytes: &[u8]) -> Result<ContentHash, CatalogError> {
    bytes
        .try_into()
        .map_err(|_| CatalogError::UnknownValue { table, value: format!("a hash of {} bytes", bytes.len()) })
}

/// Reads a time.
pub(crate) fn timestamp(at: i64) -> DateTime<Utc> {
    Timestamp(at).into()
}

/// Shares the text of locations: a file declares hundreds of entities, and each names it.
#[derive(Debug, Default)]
pub(crate) struct LocationInterner(HashSet<Arc<str>>);

impl LocationInterner {
    /// Returns the shared text.
    pub(crate) fn intern(&mut self, location: &str) -> Arc<str> {
        if let Some(known) = self.0.get(location) {
            return Arc::clone(known);
        }
        let shared: Arc<str> = location.into();
        self.0.insert(Arc::clone(&shared));
        shared
    }
}

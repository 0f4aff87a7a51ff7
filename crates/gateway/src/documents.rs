//! Documents that were asked before, parsed.
//!
//! Owns a bounded store of parsed documents: parsing costs more than executing a small question. What a document means, and
//! whether it is allowed, is decided anew for each request, because variables differ.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use async_graphql::parser::{self, parse_query, types::ExecutableDocument};

/// The most documents kept.
const MAX_DOCUMENTS: usize = 1_000;
/// Longer documents are parsed each time.
const MAX_TEXT_BYTES: usize = 16 * 1024;

/// Parsed documents by their text.
#[derive(Debug, Default)]
pub(crate) struct DocumentCache {
    documents: RwLock<HashMap<Box<str>, Arc<ExecutableDocument>>>,
}

impl DocumentCache {
    /// Parses a text, or finds it parsed already.
    pub(crate) fn parse(&self, text: &str) -> Result<Arc<ExecutableDocument>, parser::Error> {
        // A panic while the lock was held can't have left the map half-written, so a poisoned lock is as good as any.
        let known = self.documents.read().unwrap_or_else(PoisonError::into_inner).get(text).cloned();
        if let Some(document) = known {
            return Ok(document);
        }
        let document = Arc::new(parse_query(text)?);
        if text.len() <= MAX_TEXT_BYTES {
            let mut documents = self.documents.write().unwrap_or_else(PoisonError::into_inner);
            if documents.len() >= MAX_DOCUMENTS {
                // Programs ask the same few documents; whoever fills the store makes them up, and none is worth keeping.
                documents.clear();
            }
            documents.insert(text.into(), Arc::clone(&document));
        }
        Ok(document)
    }
}

#[cfg(test)]
mod tests;

//! Documents seen before.
//!
//! Owns a bounded store by hash: parsing and validating costs more than answering a small question. When it is full, the
//! documents that are asked least make room.

use std::sync::Arc;

use quick_cache::{Weighter, sync::Cache};
use sha2::{Digest, Sha256};

use crate::Document;

/// SHA-256 of a text.
pub(crate) type Hash = [u8; 32];

/// A document takes about so much memory, whatever its text …
const BASE_WEIGHT: u64 = 16 * 1024;
/// … and for each byte of it so much more: parsed, validated, and as the executor takes it.
const WEIGHT_PER_BYTE: u64 = 128;

/// Documents by the hash of their text.
#[derive(Debug)]
pub(crate) struct DocumentStore {
    documents: Cache<Hash, Arc<Document>, TextLength>,
}

#[derive(Debug, Clone)]
struct TextLength;

impl Weighter<Hash, Arc<Document>> for TextLength {
    fn weight(&self, _: &Hash, document: &Arc<Document>) -> u64 {
        BASE_WEIGHT + WEIGHT_PER_BYTE * document.text_length() as u64
    }
}

impl DocumentStore {
    /// Makes a store whose documents take about so many bytes at most.
    pub(crate) fn new(max_bytes: u64) -> Self {
        let expected = usize::try_from(max_bytes / (4 * BASE_WEIGHT)).unwrap_or(usize::MAX);
        Self { documents: Cache::with_weighter(expected, max_bytes, TextLength) }
    }

    pub(crate) fn find(&self, hash: &Hash) -> Option<Arc<Document>> {
        self.documents.get(hash)
    }

    pub(crate) fn keep(&self, document: &Arc<Document>) {
        self.documents.insert(*document.hash(), Arc::clone(document));
    }
}

/// Returns the hash of a text.
pub(crate) fn hash(text: &str) -> Hash {
    Sha256::digest(text.as_bytes()).into()
}

/// Reads a hash in hexadecimal.
pub(crate) fn parse_hash(text: &str) -> Option<Hash> {
    let digits = text.as_bytes();
    let mut hash = Hash::default();
    if digits.len() != 2 * hash.len() {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = digit(0)? * 16 + digit(1)?;
    }
    Some(hash)
}

/// Writes a hash in hexadecimal.
pub(crate) fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

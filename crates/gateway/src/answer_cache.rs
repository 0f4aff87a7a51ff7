//! Whole answers, kept for as long as they are true.
//!
//! Owns what an answer is kept under: the snapshot that it was read from, who may see what, and every byte that was asked.
//! A snapshot never changes and a newer one has another stamp, so a kept answer can't be stale; it is forgotten when the
//! room is needed.

use std::{
    hash::Hash,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::body::Bytes;
use callboard_catalog::CatalogSnapshot;
use quick_cache::{Weighter, sync::Cache};

use crate::answer::AnswerText;

/// No answer takes more than this part (one in so many) of the room.
const LARGEST_SHARE: u64 = 16;
/// What keeping an answer takes beside its text and the question.
const OVERHEAD: u64 = 256;

/// What an answer is kept under.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct AnswerKey {
    stamp: u64,
    /// Whether it was asked in an address, which a body could be mistaken for.
    is_address: bool,
    asked: Bytes,
}

impl AnswerKey {
    /// Makes the key of a question asked of a snapshot. Nobody can sign in yet, so everybody may see the same.
    pub(crate) fn new(snapshot: &CatalogSnapshot, is_address: bool, asked: &Bytes) -> Self {
        Self { stamp: snapshot.stamp, is_address, asked: asked.clone() }
    }
}

/// Kept answers.
#[derive(Debug)]
pub(crate) struct AnswerCache {
    answers: Option<Cache<AnswerKey, Arc<AnswerText>, Lengths>>,
    largest: u64,
    hits: AtomicU64,
    misses: AtomicU64,
}

#[derive(Debug, Clone)]
struct Lengths;

impl Weighter<AnswerKey, Arc<AnswerText>> for Lengths {
    fn weight(&self, key: &AnswerKey, text: &Arc<AnswerText>) -> u64 {
        weight(key, text)
    }
}

fn weight(key: &AnswerKey, text: &AnswerText) -> u64 {
    OVERHEAD + (key.asked.len() + text.len()) as u64
}

impl AnswerCache {
    /// Makes a cache of so many bytes; none when that is 0.
    pub(crate) fn new(max_bytes: u64) -> Self {
        let expected = usize::try_from(max_bytes / (16 * OVERHEAD)).unwrap_or(usize::MAX);
        let answers = (max_bytes > 0).then(|| Cache::with_weighter(expected, max_bytes, Lengths));
        Self { answers, largest: max_bytes / LARGEST_SHARE, hits: AtomicU64::new(0), misses: AtomicU64::new(0) }
    }

    /// Finds a kept answer.
    pub(crate) fn find(&self, key: &AnswerKey) -> Option<Arc<AnswerText>> {
        let found = self.answers.as_ref()?.get(key);
        let counter = if found.is_some() { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
        found
    }

    /// Keeps an answer, unless it is too large to be worth its room.
    pub(crate) fn keep(&self, key: AnswerKey, text: &Arc<AnswerText>) {
        if let Some(answers) = self.answers.as_ref().filter(|_| weight(&key, text) <= self.largest) {
            // The key is a piece of the connection's buffer; alone it takes no more room than it has bytes.
            let key = AnswerKey { asked: Bytes::copy_from_slice(&key.asked), ..key };
            answers.insert(key, Arc::clone(text));
        }
    }

    /// Returns how many bytes are taken.
    pub(crate) fn bytes(&self) -> u64 {
        self.answers.as_ref().map_or(0, Cache::weight)
    }

    /// Returns how many answers were found, and how many were not.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.hits.load(Ordering::Relaxed), self.misses.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests;

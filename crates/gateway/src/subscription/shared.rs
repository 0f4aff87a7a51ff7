//! What changes look like, found out once for everybody who asks the same.
//!
//! Owns the room for it. Thousands may follow with one document: the first of them whom a change reaches has it executed,
//! the others wait for that and take the text. It is kept for those who come a little later, until the room is needed.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use callboard_catalog::Change;
use quick_cache::{Weighter, sync::Cache};

use super::question::Question;
use crate::answer::AnswerText;

/// What is kept takes at most so many bytes.
const MAX_BYTES: u64 = 32 * 1024 * 1024;
/// What keeping one takes beside its text.
const OVERHEAD: u64 = 256;

/// A change as somebody asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ShownKey {
    question: Question,
    revision: u64,
    /// A log that was restored from a backup uses revisions again, for other changes.
    committed_at: i64,
}

/// What a change looks like to whoever asks that question.
#[derive(Debug)]
pub(super) enum Shown {
    /// It is none that was asked for.
    Unwanted,
    /// An answer, but for the id of the request.
    Text(AnswerText),
}

/// What was found out.
#[derive(Debug)]
pub(crate) struct SharedEvents {
    shown: Cache<ShownKey, Arc<Shown>, Lengths>,
    executed: AtomicU64,
}

#[derive(Debug, Clone)]
struct Lengths;

impl Weighter<ShownKey, Arc<Shown>> for Lengths {
    fn weight(&self, _: &ShownKey, shown: &Arc<Shown>) -> u64 {
        match &**shown {
            Shown::Unwanted => OVERHEAD,
            Shown::Text(text) => OVERHEAD + text.len() as u64,
        }
    }
}

impl ShownKey {
    pub(super) fn new(question: Question, change: &Change) -> Self {
        Self { question, revision: change.revision.0, committed_at: change.committed_at.timestamp_micros() }
    }
}

impl Default for SharedEvents {
    fn default() -> Self {
        Self::with_room(MAX_BYTES)
    }
}

impl SharedEvents {
    fn with_room(max_bytes: u64) -> Self {
        let expected = usize::try_from(max_bytes / (4 * OVERHEAD)).unwrap_or(usize::MAX);
        Self { shown: Cache::with_weighter(expected, max_bytes, Lengths), executed: AtomicU64::new(0) }
    }

    /// Returns what a change looks like. It is found out by whoever comes first; if that fails, or they leave before it is
    /// done, by the next.
    pub(super) async fn show<E>(
        &self,
        key: ShownKey,
        find_out: impl Future<Output = Result<Shown, E>>,
    ) -> Result<Arc<Shown>, E> {
        let found = async {
            let shown = find_out.await?;
            if matches!(shown, Shown::Text(_)) {
                self.executed.fetch_add(1, Ordering::Relaxed);
            }
            Ok(Arc::new(shown))
        };
        self.shown.get_or_insert_async(&key, found).await
    }

    /// Returns how many changes were executed so far.
    pub(crate) fn executed(&self) -> u64 {
        self.executed.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests;

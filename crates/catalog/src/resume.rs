//! Taking up the log again: what a cursor is still good for.
//!
//! Owns what this replica knows of the log beside its newest revision (which log it is, and from where on it is
//! complete) and the decision whether somebody can go on after a cursor. Reading on is `crate::feed`'s work.

use std::sync::{Mutex, PoisonError};

use callboard_entity_model::Revision;

use crate::{Catalog, CatalogError, ChangeCursor, LogId, store::log_head::Head};

/// What a cursor is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resume {
    /// Everything after this revision is there.
    After(Revision),
    /// The cursor is of no use: read everything as of the new cursor, then go on after it.
    Reset(LogReset),
}

/// Where to start again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogReset {
    /// The newest place that this replica shows.
    pub cursor: ChangeCursor,
    /// The first revision from which on every change is still there.
    pub oldest: Revision,
}

/// Which log it is, and from where on it is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LogState {
    pub(crate) id: LogId,
    pub(crate) oldest: Revision,
}

/// What this replica last heard of the log.
#[derive(Debug)]
pub(crate) struct KnownLog(Mutex<LogState>);

impl LogState {
    /// Returns whether every change after a revision is there.
    pub(crate) fn reaches_back_to(self, after: Revision) -> bool {
        after.next() >= self.oldest
    }
}

impl From<Head> for LogState {
    fn from(head: Head) -> Self {
        Self { id: head.log, oldest: head.oldest }
    }
}

impl KnownLog {
    pub(crate) fn new(state: LogState) -> Self {
        Self(Mutex::new(state))
    }

    pub(crate) fn get(&self) -> LogState {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set(&self, state: LogState) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

impl Catalog {
    /// Returns the cursor of a place in the log.
    #[must_use]
    pub fn cursor_at(&self, revision: Revision) -> ChangeCursor {
        ChangeCursor { log: self.inner().log.get().id, revision }
    }

    /// Returns the first revision from which on every change is still there, as far as this replica has heard.
    #[must_use]
    pub fn oldest_revision(&self) -> Revision {
        self.inner().log.get().oldest
    }

    /// Returns where somebody starts again whose cursor is of no use: at what this replica shows now.
    #[must_use]
    pub fn reset(&self) -> LogReset {
        LogReset { cursor: self.cursor_at(self.snapshot().revision()), oldest: self.oldest_revision() }
    }

    /// Finds out whether somebody can go on after a cursor. One that this replica does not know of, because another was
    /// ahead, is waited for, which takes one look at the database.
    ///
    /// # Errors
    /// When the database has to be asked and cannot be read: then nothing can be said, least of all that the cursor is
    /// of no use.
    pub async fn resume(&self, cursor: ChangeCursor) -> Result<Resume, CatalogError> {
        if !self.is_usable(cursor) {
            self.catch_up().await?;
        }
        match self.is_usable(cursor) {
            true => Ok(Resume::After(cursor.revision)),
            false => Ok(Resume::Reset(self.reset())),
        }
    }

    fn is_usable(&self, cursor: ChangeCursor) -> bool {
        let log = self.inner().log.get();
        cursor.log == log.id && log.reaches_back_to(cursor.revision) && cursor.revision <= self.snapshot().revision()
    }
}

//! The past: the catalog as it was at an earlier revision.
//!
//! Owns making a past snapshot out of the present one and the log, and keeping a few of them. The present index with the
//! changes since then undone is the past one: it shares with the present all that did not change, so that looking back
//! costs what changed since. Entities, relations and everything counted over them are as they were; sources, and with
//! them problems and claims, are operational state of which no history is kept, and are as they are.

use std::{collections::HashMap, sync::Arc};

use callboard_entity_model::{EntityRef, Revision};
use callboard_view::{CatalogIndex, EntityRecord};
use chrono::{DateTime, Utc};
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;

use crate::{
    Catalog, CatalogError, CatalogSnapshot, LogId,
    store::{history, log_head},
    view_keeper::{FEW_CHANGES, blocking, with_states},
};

/// How many past indexes are kept.
const KEPT_INDEXES: usize = 16;
/// How many lists of differences are kept.
const KEPT_DIFFERENCES: usize = 16;
/// How many past indexes are made at the same time.
const MADE_AT_ONCE: usize = 2;

/// A point in the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Right after the change of this revision.
    Revision(Revision),
    /// At this time. A time to come is the present.
    Time(DateTime<Utc>),
}

/// The catalog at a revision.
#[derive(Debug, Clone)]
pub struct PastSnapshot {
    /// Everything about entities as it was; the sources as they are.
    pub snapshot: Arc<CatalogSnapshot>,
    /// When the revision was committed; absent for revision 0, which is before any change.
    pub committed_at: Option<DateTime<Utc>>,
}

/// What is remembered of the past.
#[derive(Debug)]
pub(crate) struct Past {
    indexes: Cache<(LogId, Revision), Arc<CatalogIndex>>,
    pub(crate) differences: Cache<(LogId, Revision, Revision), Arc<[EntityRef]>>,
    making: Semaphore,
}

impl Default for Past {
    fn default() -> Self {
        Self {
            indexes: Cache::new(KEPT_INDEXES),
            differences: Cache::new(KEPT_DIFFERENCES),
            making: Semaphore::new(MADE_AT_ONCE),
        }
    }
}

impl LogId {
    /// Fails unless it is still this log, and every change from a revision on is there.
    pub(crate) fn check(self, head: log_head::Head, from: Revision) -> Result<(), CatalogError> {
        if head.log != self {
            return Err(CatalogError::LogReplaced);
        }
        match from >= head.oldest || (from == Revision(0) && head.oldest <= Revision(1)) {
            true => Ok(()),
            false => Err(CatalogError::HistoryExpired { oldest: head.oldest }),
        }
    }
}

impl Catalog {
    /// Returns the catalog as it was.
    ///
    /// # Errors
    /// When that was so long ago that the log does not reach back to it, when the revision is yet to come, and when the
    /// log cannot be read.
    pub async fn snapshot_at(&self, at: At) -> Result<PastSnapshot, CatalogError> {
        let inner = self.inner();
        let mut head = log_head::read(&inner.db).await?;
        if head.log != inner.log.get().id {
            // Another replica found that the log was taken back, and this one has not heard of it.
            self.catch_up().await?;
            head = log_head::read(&inner.db).await?;
        }
        let revision = match at {
            At::Revision(revision) => revision,
            At::Time(time) => history::newest_at(&inner.db, time).await?.unwrap_or_default(),
        };
        if revision > self.snapshot().revision() {
            self.catch_up().await?;
        }
        let newest = self.snapshot().revision();
        if revision > newest {
            return Err(CatalogError::RevisionNotReached { revision, newest });
        }
        head.log.check(head, revision)?;
        let committed_at = match revision {
            Revision(0) => None,
            _ => history::time_of(&inner.db, revision).await?,
        };
        let index = self.index_at(head.log, revision).await?;
        let present = self.snapshot();
        let snapshot = match Arc::ptr_eq(&index, &present.index) {
            true => present,
            false => Arc::new(CatalogSnapshot::new(index, Arc::clone(&present.sources))),
        };
        Ok(PastSnapshot { snapshot, committed_at })
    }

    /// Returns the index at a revision that the view has reached.
    async fn index_at(&self, log: LogId, revision: Revision) -> Result<Arc<CatalogIndex>, CatalogError> {
        let present = self.snapshot();
        if present.revision() == revision {
            return Ok(Arc::clone(&present.index));
        }
        let past = &self.inner().past;
        let make = async {
            // Closing is never asked for, so a permit always comes.
            let _permit = past.making.acquire().await.map_err(|_| CatalogError::ShuttingDown)?;
            self.make_index(log, revision).await
        };
        past.indexes.get_or_insert_async(&(log, revision), make).await
    }

    /// Undoes every change since a revision.
    async fn make_index(&self, log: LogId, revision: Revision) -> Result<Arc<CatalogIndex>, CatalogError> {
        let db = &self.inner().db;
        let present = Arc::clone(&self.snapshot().index);
        // What the view shows has to be of the same log as what is undone.
        if self.inner().log.get().id != log {
            return Err(CatalogError::LogReplaced);
        }
        let states = match history::states_before(db, revision, present.revision()).await {
            // The log tells below how far it reaches now.
            Err(CatalogError::HistoryExpired { .. }) => HashMap::new(),
            states => states?,
        };
        // The log may have been shortened, or taken back, between any two statements. It only ever gets shorter, so what
        // it still has afterwards it had before.
        log.check(log_head::read(db).await?, revision)?;
        let states: Vec<(EntityRef, Option<Arc<EntityRecord>>)> = states.into_iter().collect();
        let is_few = states.len() <= FEW_CHANGES;
        let make = move || with_states(&present, revision, states);
        Ok(Arc::new(if is_few { make() } else { blocking(make).await? }))
    }
}

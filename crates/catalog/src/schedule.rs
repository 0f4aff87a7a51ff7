//! When sources are read again.
//!
//! Owns the times of each source on this replica; they live in memory, so that a reading that changes nothing writes
//! nothing. After a start every source is due. The reading itself is `crate::operations`' work.

use std::sync::PoisonError;

use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt, stream};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Catalog, CatalogError, RefreshOutcome, Source, SourceOrigin};

/// How often the schedule is looked at.
const TICK: std::time::Duration = std::time::Duration::from_secs(1);

/// When a source was and will be read by this replica.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadTimes {
    last_read_at: DateTime<Utc>,
    last_success_at: Option<DateTime<Utc>>,
    next_read_at: DateTime<Utc>,
}

impl ReadTimes {
    /// Writes the times into what readers see.
    pub(crate) fn show_in(self, source: &mut Source) {
        source.last_read_at = Some(self.last_read_at);
        source.last_success_at = self.last_success_at.or(source.last_success_at);
        source.next_read_at = Some(self.next_read_at);
    }
}

impl Catalog {
    /// Reads every source that is due, a few at a time, and returns what became of each.
    ///
    /// What they read is committed in the order of the sources, oldest first: of two that declare the same entity, the
    /// same one is first at every start, however long each takes to read.
    pub async fn refresh_due(&self) -> Vec<(Uuid, Result<RefreshOutcome, CatalogError>)> {
        let mut before = None;
        let in_turn = self.due_sources().into_iter().map(|id| {
            let (done, after) = oneshot::channel::<()>();
            (id, before.replace(after), done)
        });
        stream::iter(in_turn)
            .map(|(id, before, done)| async move {
                let result = self.refresh_after(id, before).await;
                drop(done);
                (id, result)
            })
            .buffered(self.inner().settings.concurrent_reads.max(1))
            .collect()
            .await
    }

    /// Reads sources when they are due, until told to stop.
    pub(crate) async fn keep_schedule(&self, shutdown: &CancellationToken) {
        loop {
            let readings = tokio::select! {
                () = shutdown.cancelled() => return,
                readings = self.refresh_due() => readings,
            };
            for (source, result) in readings {
                if let Err(error) = result {
                    let error = error.with_causes();
                    tracing::warn!(source.id = %source, error, "could not read a source; it is tried again");
                    self.note_read(source, None);
                }
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(TICK) => {}
            }
        }
    }

    /// Notes that a source was read now, and whether without a failure (`None`: it could not be read at all).
    pub(crate) fn note_read(&self, id: Uuid, succeeded: Option<bool>) {
        let inner = self.inner();
        let now = inner.clock.now();
        let interval = TimeDelta::from_std(inner.settings.refresh_interval).unwrap_or(TimeDelta::MAX);
        let mut times = inner.read_times.lock().unwrap_or_else(PoisonError::into_inner);
        let before = times.get(&id).copied();
        let last_success_at = match succeeded {
            Some(true) => Some(now),
            _ => before.and_then(|times| times.last_success_at),
        };
        let last_read_at = match succeeded {
            Some(_) => now,
            None => before.map_or(now, |times| times.last_read_at),
        };
        let next_read_at = now.checked_add_signed(interval).unwrap_or(DateTime::<Utc>::MAX_UTC);
        times.insert(id, ReadTimes { last_read_at, last_success_at, next_read_at });
    }

    /// Forgets the times of a source that is gone.
    pub(crate) fn forget_times(&self, id: Uuid) {
        self.inner().read_times.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// Makes a source due at once.
    pub(crate) fn make_due(&self, id: Uuid) {
        let now = self.inner().clock.now();
        let mut times = self.inner().read_times.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = times.get_mut(&id) {
            times.next_read_at = now;
        }
    }

    fn due_sources(&self) -> Vec<Uuid> {
        let snapshot = self.snapshot();
        let now = self.inner().clock.now();
        let times = self.inner().read_times.lock().unwrap_or_else(PoisonError::into_inner);
        snapshot
            .sources
            .sources()
            .filter(|source| source.removed_at.is_none() && source.origin != SourceOrigin::Restored)
            .filter(|source| times.get(&source.id).is_none_or(|times| times.next_read_at <= now))
            .map(|source| source.id)
            .collect()
    }
}

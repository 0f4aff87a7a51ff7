//! Shortening the log: changes older than the retention time go, the states that later changes start with stay.
//!
//! Owns how far and in which steps. Each step is a transaction of its own under the log lock, so replicas may do this at
//! the same time, writers wait for a few milliseconds at most, and a step that is cut off has not happened.

use std::time::Duration;

use callboard_entity_model::Revision;
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use crate::{
    Catalog, CatalogError,
    store::{
        history,
        log_head::{self, Head},
    },
};

/// How many revisions one step goes over.
const STEP: u64 = 1_000;
/// How often to look whether there is something to do.
const PAUSE: Duration = Duration::from_secs(600);

impl Catalog {
    /// Deletes what the log holds of the time before the retention time, and returns how many changes went. The log is
    /// complete from its oldest revision on ([`Catalog::oldest_revision`]), and every time since then can be looked at.
    ///
    /// # Errors
    /// When the database fails; what was done until then stays done.
    pub async fn shorten_log(&self) -> Result<u64, CatalogError> {
        let mut deleted = 0;
        while let Some(count) = self.shorten_by_a_step().await? {
            deleted += count;
        }
        Ok(deleted)
    }

    /// Shortens the log now and then, until told to stop.
    pub(crate) async fn keep_log_short(&self, shutdown: &CancellationToken) {
        while self.inner().settings.history_retention.is_some() && !shutdown.is_cancelled() {
            match self.shorten_log().await {
                Ok(0) => {}
                Ok(deleted) => {
                    tracing::info!(deleted, oldest = %self.oldest_revision(), "deleted old changes from the log");
                }
                Err(error) => {
                    let error = error.with_causes();
                    tracing::warn!(error, "could not delete old changes from the log; it is tried again");
                }
            }
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }

    /// Takes one step; nothing when there is none left to take.
    async fn shorten_by_a_step(&self) -> Result<Option<u64>, CatalogError> {
        let Some(target) = self.shorten_until().await? else { return Ok(None) };
        let writing = self.begin_write().await?;
        let connection = writing.transaction.connection();
        // Another replica may have been here in between.
        let head = log_head::read(connection).await?;
        let until = Revision((head.oldest.0 + STEP).min(target.0));
        if until <= head.oldest {
            writing.transaction.rollback().await?;
            return Ok(None);
        }
        let deleted = history::delete_superseded(connection, head.oldest, until).await?;
        log_head::set_oldest(connection, until).await?;
        writing.transaction.commit().await?;
        self.note_log(Head { oldest: until, ..head });
        Ok(Some(deleted))
    }

    /// Returns up to where the log may be shortened: to the newest change that is older than the retention time. That one
    /// stays, because it says what the catalog was when the retention time began.
    async fn shorten_until(&self) -> Result<Option<Revision>, CatalogError> {
        let inner = self.inner();
        let Some(retention) = inner.settings.history_retention else { return Ok(None) };
        let since = TimeDelta::from_std(retention).ok().and_then(|age| inner.clock.now().checked_sub_signed(age));
        let Some(since) = since else { return Ok(None) };
        let target = history::newest_at(&inner.db, since).await?;
        Ok(target.filter(|target| *target > self.oldest_revision()))
    }
}

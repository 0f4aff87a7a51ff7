//! The feed: changes in order, first those that were, then those that come.
//!
//! Owns the seam between the two. A subscriber holds nothing but its position; it reads from the recent changes in
//! memory, or page by page from the log when it is further behind, and never past what the local view shows, so a
//! subscriber can look up what it hears of.

use std::{collections::VecDeque, sync::Arc};

use callboard_entity_model::Revision;
use futures::{Stream, stream};
use tokio::sync::watch;

use crate::{Catalog, CatalogError, Change, LogId};

/// How many changes are fetched at once.
const PAGE: usize = 256;

struct Position {
    catalog: Catalog,
    log: LogId,
    after: Revision,
    ready: VecDeque<Arc<Change>>,
    watch: watch::Receiver<Revision>,
}

impl Catalog {
    /// Streams the changes after a revision, or from now on, in order, each exactly once. The stream does not end by
    /// itself; after an error it ends, and can be taken up again after the last revision received.
    ///
    /// # Errors
    /// Items are errors when the log cannot be read, was shortened past where the reader is, or was taken back.
    pub fn changes(&self, after: Option<Revision>) -> impl Stream<Item = Result<Arc<Change>, CatalogError>> + use<> {
        let watch = self.inner().view.watch();
        let after = after.unwrap_or_else(|| self.snapshot().revision());
        let log = self.inner().log.get().id;
        let position = Position { catalog: self.clone(), log, after, ready: VecDeque::new(), watch };
        stream::unfold(Some(position), |position| async move {
            let mut position = position?;
            match position.next().await {
                Ok(Some(change)) => Some((Ok(change), Some(position))),
                Ok(None) => None,
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    /// Returns at most `limit` changes after a revision, up to what the local view shows.
    ///
    /// # Errors
    /// When the log does not reach back so far any more, or cannot be read.
    pub async fn changes_page(&self, after: Revision, limit: u64) -> Result<Vec<Arc<Change>>, CatalogError> {
        let until = self.snapshot().revision();
        if until <= after {
            return Ok(Vec::new());
        }
        let in_memory = self.inner().view.recent_after(after, usize::try_from(limit).unwrap_or(usize::MAX));
        if let Some(mut recent) = in_memory {
            recent.retain(|change| change.revision <= until);
            return Ok(recent);
        }
        self.read_page(after, until, limit).await
    }

    /// Waits until the local view shows a revision.
    ///
    /// # Errors
    /// When the catalog is told to stop before that.
    pub async fn revision_at_least(&self, revision: Revision) -> Result<(), CatalogError> {
        let mut watch = self.inner().view.watch();
        tokio::select! {
            biased;
            // The sender lives as long as the catalog, so waiting cannot fail before this ends.
            _ = watch.wait_for(|current| *current >= revision) => Ok(()),
            () = self.inner().stopping.cancelled() => Err(CatalogError::ShuttingDown),
        }
    }
}

impl Position {
    async fn next(&mut self) -> Result<Option<Arc<Change>>, CatalogError> {
        loop {
            if let Some(change) = self.ready.pop_front() {
                self.after = change.revision;
                return Ok(Some(change));
            }
            let after = self.after;
            let (log, known) = (self.log, &self.catalog.inner().log);
            if self.watch.wait_for(|revision| *revision > after || known.get().id != log).await.is_err() {
                return Ok(None);
            }
            if known.get().id != log {
                return Err(CatalogError::LogReplaced);
            }
            self.ready = self.catalog.changes_page(after, PAGE as u64).await?.into();
        }
    }
}

//! Following the log: what other replicas write appears here too.
//!
//! Owns loading the state at start, catching up from the log, and noticing that the database is away or back. Changes
//! made through this replica are in the view already when they return; this finds nothing left to do then.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use callboard_db::{WriteTransaction, parallel_readers};
use callboard_entity_model::Revision;
use callboard_foundation::new_id;
use callboard_view::CatalogIndex;
use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel, TransactionOptions,
    TransactionTrait,
};
use tokio_util::sync::CancellationToken;

use crate::{
    Catalog, CatalogError, CatalogSnapshot, Change, LogId, SourcesView,
    resume::LogState,
    store::{
        changes, entities,
        log_head::{self, Head},
        sources,
    },
    view_keeper::{Turn, ViewKeeper, blocking},
};

/// Changes fetched at once.
const PAGE: u64 = 1_000;
/// The longest pause between attempts to reach a database that is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Loads everything that the database holds, as of one moment.
pub(crate) async fn load(db: &DatabaseConnection) -> Result<(CatalogSnapshot, LogState), CatalogError> {
    let (transactions, head) = begin_equal_snapshots(db, parallel_readers(db)).await?;
    let started = std::time::Instant::now();
    let mut cuts = entities::cuts(&transactions[0], transactions.len()).await?;
    cuts.truncate(transactions.len() - 1);
    let starts = std::iter::once(Revision(0)).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().map(Some).chain(std::iter::once(None));
    let parts = transactions
        .iter()
        .zip(starts.zip(ends))
        .map(|(transaction, (after, until))| entities::load_between(transaction, after, until));
    let parts = futures::future::try_join_all(parts).await?;
    let sources = sources::load_view(&transactions[0]).await?;
    for transaction in transactions {
        transaction.commit().await?;
    }
    let read = started.elapsed();
    let revision = head.revision;
    let index = blocking(move || CatalogIndex::build(revision, parts.into_iter().flatten())).await?;
    tracing::info!(
        entities = index.len(),
        revision = %revision,
        read_ms = read.as_millis(),
        index_ms = (started.elapsed() - read).as_millis(),
        "loaded the catalog"
    );
    Ok((CatalogSnapshot::new(index.into(), sources.into()), head.into()))
}

/// Begins transactions that all see the same state: reading it with several is faster than with one.
async fn begin_equal_snapshots(
    db: &DatabaseConnection,
    count: usize,
) -> Result<(Vec<DatabaseTransaction>, Head), CatalogError> {
    let first = begin_snapshot(db).await?;
    let state = log_head::read(&first).await?;
    let mut transactions = vec![first];
    for _ in 1..count {
        let next = begin_snapshot(db).await?;
        // Whatever somebody committed in between is left to the tailer; this reader sees another state and is not used.
        if log_head::read(&next).await? == state {
            transactions.push(next);
        }
    }
    Ok((transactions, state))
}

/// Loads the view of the sources, as of one moment.
pub(crate) async fn load_sources(db: &DatabaseConnection) -> Result<SourcesView, CatalogError> {
    let transaction = begin_snapshot(db).await?;
    let sources = sources::load_view(&transaction).await?;
    transaction.commit().await?;
    Ok(sources)
}

/// Begins a transaction in which every statement sees the same state.
async fn begin_snapshot(db: &DatabaseConnection) -> Result<DatabaseTransaction, CatalogError> {
    let options = match db.get_database_backend() {
        DbBackend::Postgres => TransactionOptions {
            isolation_level: Some(IsolationLevel::RepeatableRead),
            access_mode: Some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        },
        // A SQLite transaction sees one state from its first read on.
        _ => TransactionOptions::default(),
    };
    Ok(db.begin_with_options(options).await?)
}

impl Catalog {
    /// Takes in everything that has been committed, by whomever.
    ///
    /// # Errors
    /// When the database cannot be read; the view stays as it was.
    pub async fn catch_up(&self) -> Result<(), CatalogError> {
        let inner = self.inner();
        // Looked at before the database is: a view that is ahead of it then is ahead of everything that is committed.
        let seen = self.snapshot().revision();
        let head = log_head::read(&inner.db).await?;
        inner.last_contact.store(inner.clock.now().timestamp_micros(), Ordering::Relaxed);
        let current = inner.view.snapshot();
        let is_same_log = head.log == inner.log.get().id;
        if is_same_log && current.revision() == head.revision && current.sources.version() == head.sources_version {
            self.note_log(head);
            return Ok(());
        }
        if head.revision < seen {
            self.renew_log(seen).await?;
        }
        // Whatever the view shows was committed before; a head that is read while nobody can swap is not older.
        let turn = inner.view.turn().await;
        let head = log_head::read(&inner.db).await?;
        let current = turn.snapshot();
        let at = current.revision();
        let is_continuous = head.log == inner.log.get().id && LogState::from(head).reaches_back_to(at);
        let missing = head.revision.0.checked_sub(at.0).filter(|_| is_continuous);
        if missing.is_none_or(|missing| ViewKeeper::is_rebuild_better(missing, current.index.len())) {
            return self.reload(&turn).await;
        }
        let sources = match current.sources.version() == head.sources_version {
            true => None,
            false => Some(self.with_read_times(load_sources(&inner.db).await?)),
        };
        let changes = match self.read_log(at, head.revision).await {
            // Another replica shortened the log, or found that it was taken back, while it was read.
            Err(CatalogError::HistoryExpired { .. } | CatalogError::LogReplaced) => return self.reload(&turn).await,
            changes => changes?,
        };
        turn.apply(changes, sources).await?;
        self.note_log(head);
        Ok(())
    }

    /// Reads everything anew.
    async fn reload(&self, turn: &Turn<'_>) -> Result<(), CatalogError> {
        let (mut snapshot, log) = load(&self.inner().db).await?;
        snapshot.sources = self.with_read_times(SourcesView::clone(&snapshot.sources)).into();
        // First the view: a cursor of this log never names a place that only the one before it had. Then whoever follows
        // is woken to find out that it is another one.
        turn.replace(snapshot);
        self.inner().log.set(log);
        turn.wake();
        Ok(())
    }

    /// Takes note of how far back the log reaches; that it is another one is noted only when the view is.
    pub(crate) fn note_log(&self, head: Head) {
        let log = &self.inner().log;
        let known = log.get();
        if known.id == head.log && head.oldest > known.oldest {
            log.set(head.into());
        }
    }

    /// Makes the log another one, because it was taken back behind what this replica has seen of it: the revisions to
    /// come will not be those that cursors were given out for. Of several replicas that see it, the first does.
    async fn renew_log(&self, seen: Revision) -> Result<(), CatalogError> {
        let inner = self.inner();
        let transaction = WriteTransaction::begin(&inner.db).await?;
        let head = log_head::read(transaction.connection()).await?;
        if head.log != inner.log.get().id || head.revision >= seen {
            return Ok(transaction.rollback().await?);
        }
        tracing::warn!(view = %seen, log = %head.revision, "the log went back, probably a restored backup: reading it anew");
        log_head::set_log(transaction.connection(), LogId(new_id().as_u64_pair().1)).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Follows the log until told to stop; a database that is away is waited for.
    pub(crate) async fn follow(&self, shutdown: &CancellationToken) {
        let poll = self.inner().settings.poll_interval;
        let mut pause = poll;
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            match self.catch_up().await {
                Ok(()) => {
                    if !self.inner().is_reachable.swap(true, Ordering::Relaxed) {
                        tracing::info!("the database is back");
                    }
                    pause = poll;
                }
                Err(error) => {
                    if self.inner().is_reachable.swap(false, Ordering::Relaxed) {
                        let error = error.with_causes();
                        tracing::error!(error, "lost the database: reads go on, writes fail until it is back");
                    }
                    pause = (pause * 2).clamp(poll, LONGEST_PAUSE.max(poll));
                }
            }
        }
    }

    /// Reads the log between two revisions; the caller made sure that it fits into memory.
    async fn read_log(&self, mut after: Revision, until: Revision) -> Result<Vec<Arc<Change>>, CatalogError> {
        let mut missing = Vec::new();
        loop {
            let page = self.read_page(after, until, PAGE).await?;
            let Some(last) = page.last() else { return Ok(missing) };
            after = last.revision;
            missing.extend(page);
            if after >= until {
                return Ok(missing);
            }
        }
    }

    /// Reads at most `limit` changes after `after`, up to `until`, which is committed; none is missing.
    pub(crate) async fn read_page(
        &self,
        after: Revision,
        until: Revision,
        limit: u64,
    ) -> Result<Vec<Arc<Change>>, CatalogError> {
        let page = changes::page(&self.inner().db, after, until, limit).await?;
        let expected = (after.0 + 1..=until.0).take(usize::try_from(limit).unwrap_or(usize::MAX));
        if page.iter().map(|change| change.revision.0).eq(expected) {
            return Ok(page);
        }
        let head = log_head::read(&self.inner().db).await?;
        match LogState::from(head).reaches_back_to(after) {
            true => Err(CatalogError::LogReplaced),
            false => Err(CatalogError::HistoryExpired { oldest: head.oldest }),
        }
    }
}

//! Following the log: what other replicas write appears here too.
//!
//! Owns loading the state at start, catching up from the log, and noticing that the database is away or back. Changes
//! made through this replica are in the view already when they return; this finds nothing left to do then.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use callboard_db::parallel_readers;
use callboard_entity_model::Revision;
use callboard_view::CatalogIndex;
use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel, TransactionOptions,
    TransactionTrait,
};
use tokio_util::sync::CancellationToken;

use crate::{
    Catalog, CatalogError, CatalogSnapshot, Change, SourcesView,
    store::{changes, entities, sources},
    view_keeper::{ViewKeeper, blocking},
};

/// Changes fetched at once.
const PAGE: u64 = 1_000;
/// The longest pause between attempts to reach a database that is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Loads everything that the database holds, as of one moment.
pub(crate) async fn load(db: &DatabaseConnection) -> Result<CatalogSnapshot, CatalogError> {
    let (transactions, revision) = begin_equal_snapshots(db, parallel_readers(db)).await?;
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
    let index = blocking(move || CatalogIndex::build(revision, parts.into_iter().flatten())).await?;
    tracing::info!(
        entities = index.len(),
        revision = %revision,
        read_ms = read.as_millis(),
        index_ms = (started.elapsed() - read).as_millis(),
        "loaded the catalog"
    );
    Ok(CatalogSnapshot::new(index.into(), sources.into()))
}

/// Begins transactions that all see the same state: reading it with several is faster than with one.
async fn begin_equal_snapshots(
    db: &DatabaseConnection,
    count: usize,
) -> Result<(Vec<DatabaseTransaction>, Revision), CatalogError> {
    let first = begin_snapshot(db).await?;
    let state = changes::head(&first).await?;
    let mut transactions = vec![first];
    for _ in 1..count {
        let next = begin_snapshot(db).await?;
        // Whatever somebody committed in between is left to the tailer; this reader sees another state and is not used.
        if changes::head(&next).await? == state {
            transactions.push(next);
        }
    }
    Ok((transactions, state.0))
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
        let (head, version) = changes::head(&inner.db).await?;
        inner.last_contact.store(inner.clock.now().timestamp_micros(), Ordering::Relaxed);
        let current = inner.view.snapshot();
        if current.revision() == head && current.sources.version() == version {
            return Ok(());
        }
        // Whatever the view shows was committed before; a head that is read while nobody can swap is not older.
        let turn = inner.view.turn().await;
        let (head, version) = changes::head(&inner.db).await?;
        let current = turn.snapshot();
        let at = current.revision();
        let missing = head.0.checked_sub(at.0);
        if missing.is_none() {
            tracing::warn!(view = %at, log = %head, "the log went back, probably a restored backup: reading it anew");
        }
        if missing.is_none_or(|missing| ViewKeeper::is_rebuild_better(missing, current.index.len())) {
            let mut snapshot = load(&inner.db).await?;
            snapshot.sources = self.with_read_times(SourcesView::clone(&snapshot.sources)).into();
            turn.replace(snapshot);
            return Ok(());
        }
        let sources = match current.sources.version() == version {
            true => None,
            false => Some(self.with_read_times(load_sources(&inner.db).await?)),
        };
        let changes = self.read_log(at, head).await?;
        turn.apply(changes, sources).await
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
            let page = changes::page(&self.inner().db, after, until, PAGE).await?;
            let Some(last) = page.last() else { return Ok(missing) };
            after = last.revision;
            missing.extend(page);
            if after >= until {
                return Ok(missing);
            }
        }
    }
}

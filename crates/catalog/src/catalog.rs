//! The catalog: one value that everything else is reached through.
//!
//! Owns opening it and what its parts share. What it can do is spread over modules by topic: `crate::operations`
//! (register, unregister, refresh, confirm, import), `crate::feed` (changes), `crate::follow` (other replicas),
//! `crate::schedule` (reading again), `crate::past`, `crate::difference` and `crate::history` (what was),
//! `crate::retention` (shortening the log).

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use callboard_db::WriteTransaction;
use callboard_foundation::Clock;
use chrono::{DateTime, Utc};
use sea_orm::DatabaseConnection;
use tokio::sync::{Mutex as AsyncMutex, MutexGuard, OwnedMutexGuard};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    CatalogError, CatalogSettings, CatalogSnapshot, LocationReader, SourcesView, Validated, follow,
    known_files::KnownSources, past::Past, resume::KnownLog, schedule::ReadTimes, view_keeper::ViewKeeper,
};

/// The software catalog of one replica. Cheap to clone; every clone is the same catalog.
#[derive(Clone)]
pub struct Catalog(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) db: DatabaseConnection,
    pub(crate) reader: Arc<dyn LocationReader>,
    pub(crate) clock: Clock,
    pub(crate) settings: CatalogSettings,
    pub(crate) view: ViewKeeper,
    pub(crate) log: KnownLog,
    pub(crate) past: Past,
    /// Cancelled when the catalog is told to stop: nobody waits for anything any more.
    pub(crate) stopping: CancellationToken,
    pub(crate) known: KnownSources,
    pub(crate) read_times: Mutex<HashMap<Uuid, ReadTimes>>,
    pub(crate) is_reachable: AtomicBool,
    /// When the database last answered the tailer, in microseconds since the Unix epoch.
    pub(crate) last_contact: AtomicI64,
    /// The time of the newest commit of this process, in microseconds since the Unix epoch.
    last_commit: AtomicI64,
    /// One writer of this process at a time; across processes the log lock does the same.
    writer: AsyncMutex<()>,
    /// One reading of a source at a time.
    sources_in_use: Mutex<HashMap<Uuid, Arc<AsyncMutex<()>>>>,
}

impl Inner {
    /// Returns the time of a commit: now, and never before that of the commit before, whatever the clock says.
    pub(crate) fn commit_time(&self) -> DateTime<Utc> {
        let now = self.clock.now();
        let before = self.last_commit.fetch_max(now.timestamp_micros(), Ordering::Relaxed);
        DateTime::from_timestamp_micros(before).map_or(now, |before| before.max(now))
    }
}

/// A write transaction, alone in this process until its changes are visible.
pub(crate) struct Writing<'a> {
    pub(crate) transaction: WriteTransaction,
    pub(crate) alone: MutexGuard<'a, ()>,
}

impl Catalog {
    /// Opens the catalog on a database with a current schema, and loads the view.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open(
        db: DatabaseConnection,
        reader: Arc<dyn LocationReader>,
        clock: Clock,
        settings: CatalogSettings,
    ) -> Result<Self, CatalogError> {
        let (snapshot, log) = follow::load(&db).await?;
        let now = clock.now().timestamp_micros();
        Ok(Self(Arc::new(Inner {
            view: ViewKeeper::new(snapshot, settings.recent_changes),
            log: KnownLog::new(log),
            past: Past::default(),
            stopping: CancellationToken::new(),
            db,
            reader,
            clock,
            settings,
            known: KnownSources::default(),
            read_times: Mutex::default(),
            is_reachable: AtomicBool::new(true),
            last_contact: AtomicI64::new(now),
            last_commit: AtomicI64::new(i64::MIN),
            writer: AsyncMutex::default(),
            sources_in_use: Mutex::default(),
        })))
    }

    /// Returns the newest snapshot. Never waits, and needs no database.
    #[must_use]
    pub fn snapshot(&self) -> Arc<CatalogSnapshot> {
        self.0.view.snapshot()
    }

    /// Follows the log, keeps it short, and reads sources when they are due, until told to stop.
    pub async fn run(&self, shutdown: CancellationToken) {
        let stop = async {
            shutdown.cancelled().await;
            self.0.stopping.cancel();
        };
        tokio::join!(self.follow(&shutdown), self.keep_schedule(&shutdown), self.keep_log_short(&shutdown), stop);
    }

    /// Checks a text of one or more YAML documents without storing anything. `base` is the location that it is thought
    /// to stand at.
    #[must_use]
    pub fn validate(&self, yaml: &str, base: Option<&str>) -> Validated {
        self.0.reader.validate(yaml, base.unwrap_or("file:/catalog-info.yaml"))
    }

    /// Returns whether the database answered when the tailer last asked it.
    #[must_use]
    pub fn is_database_reachable(&self) -> bool {
        self.0.is_reachable.load(Ordering::Relaxed)
    }

    /// Returns when the database last answered the tailer.
    #[must_use]
    pub fn last_database_contact(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.last_contact.load(Ordering::Relaxed)).unwrap_or(DateTime::UNIX_EPOCH)
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    /// Waits for the log lock.
    pub(crate) async fn begin_write(&self) -> Result<Writing<'_>, CatalogError> {
        let alone = self.0.writer.lock().await;
        Ok(Writing { transaction: WriteTransaction::begin(&self.0.db).await?, alone })
    }

    /// Waits until nobody else in this process reads that source.
    pub(crate) async fn use_source(&self, id: Uuid) -> OwnedMutexGuard<()> {
        let turn = {
            let mut in_use = self.0.sources_in_use.lock().unwrap_or_else(PoisonError::into_inner);
            // Sources that nobody uses need no lock to be remembered.
            in_use.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(in_use.entry(id).or_default())
        };
        turn.lock_owned().await
    }

    /// Adds to a view of the sources what only this replica knows: when it read them.
    pub(crate) fn with_read_times(&self, mut sources: SourcesView) -> SourcesView {
        let times = self.0.read_times.lock().unwrap_or_else(PoisonError::into_inner);
        sources.update_sources(|source| {
            if let Some(times) = times.get(&source.id) {
                times.show_in(source);
            }
        });
        sources
    }
}

impl std::fmt::Debug for Catalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalog").field("revision", &self.snapshot().revision()).finish_non_exhaustive()
    }
}

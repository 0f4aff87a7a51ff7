//! Opening a database: what SQLite and PostgreSQL have to be told.
//!
//! Owns pool sizes, time limits and pragmas. Reading them from the configuration is the binary's work.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::DatabaseError;

/// How long a statement waits for a SQLite file that another process has locked.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long to wait for a connection before calling the database away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// What SQLite's write-ahead log is cut back to after a large transaction, in bytes.
const JOURNAL_SIZE_LIMIT: &str = "67108864";

/// Pages that a connection keeps in memory, as SQLite wants it: negative, in KiB. A transaction larger than this
/// writes pages more than once.
const CACHE_SIZE: &str = "-65536";

/// Which database.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseTarget {
    /// A SQLite file; it and its folder are made when absent.
    SqliteFile(PathBuf),
    /// A SQLite database that lives as long as the connection.
    SqliteMemory,
    /// A PostgreSQL address, `postgres://user:password@host:port/database`.
    Postgres {
        /// The address.
        url: String,
        /// The most connections held at once.
        max_connections: u32,
    },
}

impl std::fmt::Debug for DatabaseTarget {
    /// Leaves the address out, because it carries the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::SqliteFile(path) => f.debug_tuple("SqliteFile").field(path).finish(),
            Self::SqliteMemory => f.write_str("SqliteMemory"),
            Self::Postgres { max_connections, .. } => {
                f.debug_struct("Postgres").field("max_connections", max_connections).finish_non_exhaustive()
            }
        }
    }
}

/// Opens a database and proves that it answers. The schema is not touched.
///
/// # Errors
/// When the folder cannot be made, or the database cannot be reached or is not one.
pub async fn connect(target: &DatabaseTarget) -> Result<DatabaseConnection, DatabaseError> {
    let mut options = match target {
        DatabaseTarget::SqliteFile(path) => sqlite_file(path)?,
        DatabaseTarget::SqliteMemory => sqlite_memory(),
        DatabaseTarget::Postgres { url, max_connections } => {
            let mut options = ConnectOptions::new(url);
            options.max_connections(*max_connections).set_application_name("callboard");
            options
        }
    };
    options.sqlx_logging(false).record_stmt_in_spans(false).acquire_timeout(ACQUIRE_TIMEOUT);
    let db = Database::connect(options).await?;
    db.ping().await?;
    Ok(db)
}

/// Returns how many connections one task may use at the same time for reading everything, without starving others.
#[must_use]
pub fn parallel_readers(db: &DatabaseConnection) -> usize {
    let connections = match db.get_database_backend() {
        DbBackend::Postgres => db.get_postgres_connection_pool().options().get_max_connections(),
        _ => db.get_sqlite_connection_pool().options().get_max_connections(),
    };
    (connections as usize / 2).clamp(1, 3)
}

/// Gives back the space that a large transaction took beside the tables: SQLite's write-ahead log. Does nothing on
/// PostgreSQL, which looks after itself.
///
/// # Errors
/// When the database cannot be reached.
pub async fn compact_after_bulk_write(db: &DatabaseConnection) -> Result<(), DatabaseError> {
    if db.get_database_backend() == DbBackend::Sqlite {
        db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
    }
    Ok(())
}

fn sqlite_file(path: &Path) -> Result<ConnectOptions, DatabaseError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .map_err(|source| DatabaseError::Folder { folder: folder.to_owned(), source })?;
    }
    let path = path.to_owned();
    let mut options = ConnectOptions::new("sqlite://callboard.db");
    options.max_connections(4).map_sqlx_sqlite_opts(move |sqlite| tune(sqlite.filename(&path).create_if_missing(true)));
    Ok(options)
}

fn sqlite_memory() -> ConnectOptions {
    let mut options = ConnectOptions::new("sqlite::memory:");
    // Every connection to `:memory:` is a database of its own, so there is exactly one and it never goes.
    options.max_connections(1).min_connections(1).idle_timeout(None).max_lifetime(None);
    options.map_sqlx_sqlite_opts(tune);
    options
}

/// Readers never wait for the writer (WAL), a commit is on the disk when it returns (FULL), and a short lock by another
/// process is waited for.
fn tune(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        // The driver reads on a thread of its own and waits whenever so many rows have not been taken: at its default of
        // 50, reading everything is mostly switching between threads.
        .row_buffer_size(4_096)
        .pragma("journal_size_limit", JOURNAL_SIZE_LIMIT)
        .pragma("cache_size", CACHE_SIZE)
        .pragma("mmap_size", "0")
        .pragma("temp_store", "memory")
}

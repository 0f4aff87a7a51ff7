//! What can go wrong between us and a database.
//!
//! Owns the decision whether a failure is "away, try later" or a fault of ours.

use callboard_foundation::ErrorCode;
use sea_orm::{DbErr, RuntimeErr, SqlxError};

/// A failure of the database.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// It cannot be reached, or the connection broke.
    #[error("the database cannot be reached")]
    Unreachable(#[source] DbErr),
    /// Another process holds a lock for longer than we wait.
    #[error("the database is locked by another process")]
    Locked(#[source] DbErr),
    /// The disk is full, or the database may not grow.
    #[error("the database has no space left")]
    Full(#[source] DbErr),
    /// The database may not be written.
    #[error("the database is read-only")]
    ReadOnly(#[source] DbErr),
    /// The file is not a database, or is damaged.
    #[error("the database file is damaged or not a database")]
    Damaged(#[source] DbErr),
    /// The folder for the database file cannot be made.
    #[error("cannot create the folder `{folder}` for the database")]
    Folder {
        /// The folder.
        folder: std::path::PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// A row that must be there is missing: the schema has not been migrated, or somebody deleted it.
    #[error("the database has no row in `{table}`; is its schema migrated?")]
    MissingRow {
        /// The table.
        table: &'static str,
    },
    /// The database refused a statement.
    #[error("the database refused a statement")]
    Refused(#[source] DbErr),
}

impl DatabaseError {
    /// Returns what kind of failure it is.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Unreachable(_) | Self::Locked(_) | Self::Full(_) | Self::ReadOnly(_) => ErrorCode::Unavailable,
            Self::Damaged(_) | Self::Folder { .. } | Self::MissingRow { .. } | Self::Refused(_) => ErrorCode::Internal,
        }
    }
}

impl From<DbErr> for DatabaseError {
    fn from(error: DbErr) -> Self {
        match &error {
            DbErr::ConnectionAcquire(_) => Self::Unreachable(error),
            // Whoever refuses to be connected to is away, unless it is the file that is at fault.
            DbErr::Conn(RuntimeErr::SqlxError(cause)) => match Class::of(cause) {
                Class::Locked => Self::Locked(error),
                Class::Damaged => Self::Damaged(error),
                _ => Self::Unreachable(error),
            },
            DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
                match Class::of(cause) {
                    Class::Unreachable => Self::Unreachable(error),
                    Class::Locked => Self::Locked(error),
                    Class::Full => Self::Full(error),
                    Class::ReadOnly => Self::ReadOnly(error),
                    Class::Damaged => Self::Damaged(error),
                    Class::Refused => Self::Refused(error),
                }
            }
            DbErr::Conn(_) => Self::Unreachable(error),
            _ => Self::Refused(error),
        }
    }
}

enum Class {
    Unreachable,
    Locked,
    Full,
    ReadOnly,
    Damaged,
    Refused,
}

impl Class {
    fn of(error: &SqlxError) -> Self {
        match error {
            SqlxError::Io(_)
            | SqlxError::Tls(_)
            | SqlxError::PoolTimedOut
            | SqlxError::PoolClosed
            | SqlxError::WorkerCrashed
            | SqlxError::Protocol(_) => Self::Unreachable,
            SqlxError::Database(refusal) => Self::of_code(refusal.code().as_deref().unwrap_or_default()),
            _ => Self::Refused,
        }
    }

    /// Reads SQLite's result codes (decimal, extended ones carry the primary code in the low byte) and PostgreSQL's
    /// five-character states; the two cannot be confused because a state has five characters and no SQLite code does.
    fn of_code(code: &str) -> Self {
        if code.len() == 5 {
            return match code {
                // Connection exceptions, shutdown by an administrator, a crash, starting up, too many connections.
                "57P01" | "57P02" | "57P03" | "57P05" | "53300" => Self::Unreachable,
                "55P03" | "40001" | "40P01" => Self::Locked,
                "53100" => Self::Full,
                "25006" => Self::ReadOnly,
                "XX001" | "XX002" => Self::Damaged,
                // A database that does not exist (yet) is as good as away.
                "3D000" => Self::Unreachable,
                state if state.starts_with("08") => Self::Unreachable,
                _ => Self::Refused,
            };
        }
        match code.parse::<u32>().map(|code| code & 0xff) {
            Ok(5 | 6) => Self::Locked,
            Ok(8) => Self::ReadOnly,
            Ok(10 | 14) => Self::Unreachable,
            Ok(13) => Self::Full,
            Ok(11 | 26) => Self::Damaged,
            _ => Self::Refused,
        }
    }
}

//! Opening the configured database, waiting for one that is still starting, and bringing its schema up to date.
//!
//! Owns the patience. How a database is opened is `callboard_db`'s work.

use std::time::{Duration, Instant};

use callboard_config::Settings;
use callboard_db::{DatabaseError, DatabaseTarget, connect};
use sea_orm::{DatabaseConnection, DbErr, RuntimeErr};

use crate::{
    adapters::database_target,
    failure::{Failure, chain},
};

/// How long a server that is away is tried again, and how long to wait in between.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_secs(1);
/// PostgreSQL's code for a server that is still starting.
const CANNOT_CONNECT_NOW: &str = "57P03";

/// Opens the database as it is. A PostgreSQL server may still be starting, so it is tried again for half a minute.
pub(crate) async fn open(settings: &Settings) -> Result<DatabaseConnection, Failure> {
    let target = database_target(settings);
    let patience = if matches!(target, DatabaseTarget::Postgres { .. }) { PATIENCE } else { Duration::ZERO };
    let started = Instant::now();
    loop {
        match connect(&target).await {
            Ok(db) => return Ok(db),
            Err(error) if is_away(&error) && started.elapsed() < patience => {
                tracing::warn!(error = chain(&error), "the database is not there yet; waiting for it");
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(cannot_open(&target, error)),
        }
    }
}

/// Opens the database and brings its schema up to date.
pub(crate) async fn open_migrated(settings: &Settings) -> Result<DatabaseConnection, Failure> {
    let db = open(settings).await?;
    callboard_migrations::up(&db)
        .await
        .map_err(|error| cannot_open(&database_target(settings), DatabaseError::from(error)))?;
    Ok(db)
}

/// Names a database without its password.
pub(crate) fn describe(target: &DatabaseTarget) -> String {
    match target {
        DatabaseTarget::SqliteMemory => "the SQLite database in memory".to_owned(),
        DatabaseTarget::SqliteFile(path) => format!("the SQLite database `{}`", path.display()),
        DatabaseTarget::Postgres { url, .. } => match url::Url::parse(url) {
            Ok(url) => format!("the PostgreSQL database `{}{}`", url.host_str().unwrap_or_default(), url.path()),
            Err(_) => "the PostgreSQL database".to_owned(),
        },
    }
}

/// Tells whether a server may answer later: it does not yet, or says itself that it is starting. One that answers with
/// anything else, a wrong password for example, will not change its mind.
fn is_away(error: &DatabaseError) -> bool {
    let DatabaseError::Unreachable(cause) = error else { return false };
    let DbErr::Conn(RuntimeErr::SqlxError(cause)) = cause else { return true };
    cause.as_database_error().is_none_or(|answer| answer.code().as_deref() == Some(CANNOT_CONNECT_NOW))
}

/// A database that cannot be opened is something that is missing, whatever the reason: the exit code says so.
fn cannot_open(target: &DatabaseTarget, error: DatabaseError) -> Failure {
    Failure::unavailable(error).context(format!("cannot open {}", describe(target)))
}

#[cfg(test)]
mod tests;

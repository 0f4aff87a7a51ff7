//! `log_head`: how far the log goes, in both directions, and which it is.
//!
//! Owns reading and changing that one row. Giving out revisions is the write lock's work (`callboard-db`).

use callboard_db::DatabaseError;
use callboard_entity_model::Revision;
use sea_orm::{ConnectionTrait, Statement};

use super::entities::{placeholder, revision, revision_value};
use crate::{CatalogError, LogId};

/// The row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// The newest committed revision.
    pub(crate) revision: Revision,
    /// The version of the sources.
    pub(crate) sources_version: u64,
    /// Which log it is.
    pub(crate) log: LogId,
    /// The first revision from which on every change is still there.
    pub(crate) oldest: Revision,
}

/// Reads the row.
pub(crate) async fn read(connection: &impl ConnectionTrait) -> Result<Head, CatalogError> {
    let statement = Statement::from_string(
        connection.get_database_backend(),
        "SELECT revision, sources_version, log_id, oldest_revision FROM log_head WHERE id = 1",
    );
    let row = connection.query_one_raw(statement).await?;
    let row = row.ok_or(DatabaseError::MissingRow { table: "log_head" })?;
    let version: i64 = row.try_get_by_index(1)?;
    Ok(Head {
        revision: revision(row.try_get_by_index(0)?),
        sources_version: u64::try_from(version).unwrap_or(0),
        log: LogId::from_column(row.try_get_by_index(2)?),
        oldest: revision(row.try_get_by_index(3)?),
    })
}

/// Says that changes before a revision may be missing from now on. The caller holds the log lock.
pub(crate) async fn set_oldest(connection: &impl ConnectionTrait, oldest: Revision) -> Result<(), CatalogError> {
    let backend = connection.get_database_backend();
    let sql = format!("UPDATE log_head SET oldest_revision = {} WHERE id = 1", placeholder(backend, 1));
    connection.execute_raw(Statement::from_sql_and_values(backend, sql, [revision_value(oldest)])).await?;
    Ok(())
}

/// Makes it another log. The caller holds the log lock.
pub(crate) async fn set_log(connection: &impl ConnectionTrait, log: LogId) -> Result<(), CatalogError> {
    let backend = connection.get_database_backend();
    let sql = format!("UPDATE log_head SET log_id = {} WHERE id = 1", placeholder(backend, 1));
    connection.execute_raw(Statement::from_sql_and_values(backend, sql, [log.to_column().into()])).await?;
    Ok(())
}

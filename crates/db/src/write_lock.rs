//! The write lock: one writer at a time, so that revisions have no gaps and follow the order of commits.
//!
//! Owns the transaction that holds the lock and the counter behind it. A plain sequence would not do: a later number
//! can be committed first, and a reader that has passed it never sees the earlier one.

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

use crate::DatabaseError;

/// A transaction that holds the lock on the log from its beginning to its end. Dropping it undoes everything.
#[derive(Debug)]
pub struct WriteTransaction {
    transaction: DatabaseTransaction,
    revision: i64,
    sources_version: i64,
    is_sources_touched: bool,
    first_revision: i64,
}

impl WriteTransaction {
    /// Waits for the lock and begins. SQLite locks the file at once (`BEGIN IMMEDIATE`), PostgreSQL the one row of
    /// `log_head`.
    ///
    /// # Errors
    /// When the database cannot be reached, or stays locked.
    pub async fn begin(db: &DatabaseConnection) -> Result<Self, DatabaseError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = db.begin_with_options(options).await?;
        let backend = transaction.get_database_backend();
        let lock = match backend {
            DbBackend::Postgres => " FOR UPDATE",
            _ => "",
        };
        let sql = format!("SELECT revision, sources_version FROM log_head WHERE id = 1{lock}");
        let row = transaction.query_one_raw(Statement::from_string(backend, sql)).await?;
        let row = row.ok_or(DatabaseError::MissingRow { table: "log_head" })?;
        let revision = row.try_get_by_index(0)?;
        let sources_version = row.try_get_by_index(1)?;
        Ok(Self { transaction, revision, sources_version, is_sources_touched: false, first_revision: revision })
    }

    /// Returns the connection to read and write through.
    #[must_use]
    pub fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// Returns the newest revision: the committed one plus what this transaction took.
    #[must_use]
    pub fn revision(&self) -> i64 {
        self.revision
    }

    /// Takes the next revision.
    pub fn take_revision(&mut self) -> i64 {
        self.revision += 1;
        self.revision
    }

    /// Notes that sources, files, problems, claims or held removals change, so that every replica reloads them.
    pub fn touch_sources(&mut self) {
        self.is_sources_touched = true;
    }

    /// Commits and returns the newest revision and the version of the sources.
    ///
    /// # Errors
    /// When the database cannot be reached or refuses; then nothing was written.
    pub async fn commit(self) -> Result<(i64, i64), DatabaseError> {
        let version = self.sources_version + i64::from(self.is_sources_touched);
        if self.is_sources_touched || self.revision != self.first_revision {
            let backend = self.transaction.get_database_backend();
            let sql = match backend {
                DbBackend::Postgres => "UPDATE log_head SET revision = $1, sources_version = $2 WHERE id = 1",
                _ => "UPDATE log_head SET revision = ?, sources_version = ? WHERE id = 1",
            };
            let values = [self.revision.into(), version.into()];
            self.transaction.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        }
        self.transaction.commit().await?;
        Ok((self.revision, version))
    }

    /// Undoes everything and lets go of the lock.
    ///
    /// # Errors
    /// When the connection broke; then the database undoes it by itself.
    pub async fn rollback(self) -> Result<(), DatabaseError> {
        Ok(self.transaction.rollback().await?)
    }
}

//! A migrated database of its own for a test.
//!
//! Owns running one test on every kind of database.

use anyhow::Result;
use callboard_db::{DatabaseTarget, connect};
use sea_orm::DatabaseConnection;
use tempfile::TempDir;

use crate::postgres;

/// Which kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseKind {
    /// A file in a folder of its own.
    Sqlite,
    /// A copy of a migrated template.
    Postgres,
}

/// A migrated, empty database that belongs to one test.
#[derive(Debug)]
pub struct TestDatabase {
    kind: DatabaseKind,
    target: DatabaseTarget,
    connection: DatabaseConnection,
    folder: Option<TempDir>,
}

/// Runs a test on each kind of database, one after the other, each time on a fresh one that is dropped afterwards.
///
/// # Panics
/// When a database cannot be made, which is a failure of the test.
#[allow(clippy::expect_used, reason = "this runs in tests, which fail by panicking")]
pub async fn on_each_database(test: impl AsyncFn(&TestDatabase)) {
    let sqlite = TestDatabase::sqlite().await.expect("a SQLite database for a test");
    test(&sqlite).await;
    sqlite.drop().await.expect("the SQLite database of the test can be closed");
    if let Some(postgres) = TestDatabase::postgres().await.expect("a PostgreSQL database for a test") {
        test(&postgres).await;
        postgres.drop().await.expect("the PostgreSQL database of the test can be dropped");
    }
}

impl TestDatabase {
    /// Makes a SQLite file with the current schema.
    ///
    /// # Errors
    /// When the file cannot be made or migrated.
    pub async fn sqlite() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let target = DatabaseTarget::SqliteFile(folder.path().join("callboard.db"));
        let connection = connect(&target).await?;
        callboard_migrations::up(&connection).await?;
        Ok(Self { kind: DatabaseKind::Sqlite, target, connection, folder: Some(folder) })
    }

    /// Makes a PostgreSQL database with the current schema, when `CALLBOARD_TEST_POSTGRES` names a server.
    ///
    /// # Errors
    /// When the server is named but a database cannot be made there.
    pub async fn postgres() -> Result<Option<Self>> {
        let Some(target) = postgres::create_database().await? else { return Ok(None) };
        let connection = connect(&target).await?;
        Ok(Some(Self { kind: DatabaseKind::Postgres, target, connection, folder: None }))
    }

    /// Returns which kind it is.
    #[must_use]
    pub fn kind(&self) -> DatabaseKind {
        self.kind
    }

    /// Returns how to connect to it, for a second process.
    #[must_use]
    pub fn target(&self) -> &DatabaseTarget {
        &self.target
    }

    /// Returns a connection; clones share the same pool.
    #[must_use]
    pub fn connection(&self) -> DatabaseConnection {
        self.connection.clone()
    }

    /// Opens a second pool, as another replica would.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn connect_again(&self) -> Result<DatabaseConnection> {
        Ok(connect(&self.target).await?)
    }

    /// Closes and drops it. A test that fails leaves its PostgreSQL database behind; the next run drops it.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn drop(self) -> Result<()> {
        self.connection.close_by_ref().await?;
        if self.kind == DatabaseKind::Postgres {
            postgres::drop_database(&self.target).await?;
        }
        drop(self.folder);
        Ok(())
    }
}

//! The database schema, one small file a change, up as well as down.
//!
//! Owns the schema and the order of its changes. It knows none of our other crates, because a migration must keep
//! meaning the same thing for ever. Start reading at [`up`].

use sea_orm_migration::{
    MigratorTrait,
    prelude::{ConnectionTrait, DbErr, MigrationTrait},
    sea_orm::{
        DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions, TransactionTrait,
    },
};

mod m20261122_000001_log_head;
mod m20261122_000002_sources;
mod m20261122_000003_source_files;
mod m20261122_000004_entities;
mod m20261122_000005_claims;
mod m20261122_000006_changes;
mod m20261122_000007_problems;
mod m20261122_000008_held_removals;
mod m20261122_000009_log_identity;
mod m20261122_000020_webhook_subscriptions;
mod m20261122_000021_webhook_deliveries;

/// The number under which PostgreSQL's advisory lock serialises replicas that migrate at the same time.
const ADVISORY_LOCK: i64 = 0x0ca1_1b0a_2d00;

struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_log_head::Migration),
            Box::new(m20261122_000002_sources::Migration),
            Box::new(m20261122_000003_source_files::Migration),
            Box::new(m20261122_000004_entities::Migration),
            Box::new(m20261122_000005_claims::Migration),
            Box::new(m20261122_000006_changes::Migration),
            Box::new(m20261122_000007_problems::Migration),
            Box::new(m20261122_000008_held_removals::Migration),
            Box::new(m20261122_000009_log_identity::Migration),
            Box::new(m20261122_000020_webhook_subscriptions::Migration),
            Box::new(m20261122_000021_webhook_deliveries::Migration),
        ]
    }
}

/// A migration and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationState {
    /// Its name: the date, a number and what it does.
    pub name: String,
    /// Whether it has been applied.
    pub is_applied: bool,
}

/// Brings the schema up to date, all of it or nothing. Replicas may call this at the same time: one works, the others
/// wait and find nothing left to do.
///
/// # Errors
/// When the database cannot be reached or refuses.
pub async fn up(db: &DatabaseConnection) -> Result<(), DbErr> {
    let transaction = begin_alone(db).await?;
    Migrator::up(&transaction, None).await?;
    transaction.commit().await
}

/// Takes back the newest `steps` migrations, or all of them, and with them the data that they hold.
///
/// # Errors
/// When the database cannot be reached or refuses.
pub async fn down(db: &DatabaseConnection, steps: Option<u32>) -> Result<(), DbErr> {
    let transaction = begin_alone(db).await?;
    Migrator::down(&transaction, steps).await?;
    transaction.commit().await
}

/// Lists every migration that this version knows, oldest first, without changing anything.
///
/// # Errors
/// When the database cannot be reached or refuses.
pub async fn status(db: &DatabaseConnection) -> Result<Vec<MigrationState>, DbErr> {
    let migrations = Migrator::get_migration_with_status_read_only(db).await?;
    Ok(migrations
        .iter()
        .map(|migration| MigrationState {
            name: migration.name().to_owned(),
            is_applied: migration.status() == sea_orm_migration::MigrationStatus::Applied,
        })
        .collect())
}

/// Begins a transaction that no other migrating process shares.
async fn begin_alone(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = db.begin_with_options(options).await?;
    if db.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")).await?;
    }
    Ok(transaction)
}

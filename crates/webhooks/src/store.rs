//! The queries of webhooks: rows in, domain types out, and back.
//!
//! Owns every statement of this crate, and the transactions that make a delivery and its consequence one.

pub(crate) mod deliveries;
pub(crate) mod leases;
pub(crate) mod progress;
pub(crate) mod subscriptions;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

/// Begins a transaction that will write: SQLite must know that from the start, or it may refuse later.
pub(crate) async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    db.begin_with_options(options).await
}

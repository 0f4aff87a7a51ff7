//! The migrated schema and the tables that the code knows are the same, and migrations go down as well as up.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use callboard_db::{DatabaseTarget, connect, tables};
use callboard_testkit::{DatabaseKind, TestDatabase, on_each_database};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityName, EntityTrait, Schema, Statement,
    TransactionTrait,
};

/// Every table, as `table.column type null-or-not key` a line, sorted.
type Columns = Vec<String>;

macro_rules! each_table {
    ($do:ident, $($argument:expr),*) => {
        [
            $do(tables::changes::Entity, $($argument),*).await,
            $do(tables::claims::Entity, $($argument),*).await,
            $do(tables::entities::Entity, $($argument),*).await,
            $do(tables::held_removals::Entity, $($argument),*).await,
            $do(tables::log_head::Entity, $($argument),*).await,
            $do(tables::problems::Entity, $($argument),*).await,
            $do(tables::source_files::Entity, $($argument),*).await,
            $do(tables::sources::Entity, $($argument),*).await,
            $do(tables::webhook_deliveries::Entity, $($argument),*).await,
            $do(tables::webhook_subscriptions::Entity, $($argument),*).await,
        ]
    };
}

async fn create(entity: impl EntityTrait, connection: &impl ConnectionTrait) {
    let table = Schema::new(connection.get_database_backend()).create_table_from_entity(entity);
    connection.execute(&table).await.unwrap();
}

async fn name(entity: impl EntityName) -> String {
    entity.table_name().to_owned()
}

async fn columns_of(connection: &impl ConnectionTrait, kind: DatabaseKind, schema: &str) -> Columns {
    let sql = match kind {
        DatabaseKind::Sqlite => "SELECT m.name || '.' || c.name || ' ' || lower(c.type) || ' ' || c.\"notnull\" || \
             ' ' || c.pk FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
            .to_owned(),
        DatabaseKind::Postgres => format!(
            "SELECT c.table_name || '.' || c.column_name || ' ' || c.data_type || ' ' || c.is_nullable || ' ' || \
             COALESCE(k.ordinal_position, 0) FROM information_schema.columns c \
             LEFT JOIN information_schema.key_column_usage k ON k.table_schema = c.table_schema \
             AND k.table_name = c.table_name AND k.column_name = c.column_name \
             WHERE c.table_schema = '{schema}'"
        ),
    };
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    let mut columns: Columns = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    columns.retain(|column| !column.starts_with("seaql_migrations") && !column.starts_with("sqlite_"));
    columns.sort();
    columns
}

async fn expected_columns(database: &TestDatabase) -> Columns {
    match database.kind() {
        DatabaseKind::Sqlite => {
            let empty = connect(&DatabaseTarget::SqliteMemory).await.unwrap();
            each_table!(create, &empty);
            columns_of(&empty, DatabaseKind::Sqlite, "").await
        }
        DatabaseKind::Postgres => {
            let transaction: DatabaseTransaction = database.connection().begin().await.unwrap();
            transaction.execute_unprepared("CREATE SCHEMA made; SET LOCAL search_path TO made").await.unwrap();
            each_table!(create, &transaction);
            columns_of(&transaction, DatabaseKind::Postgres, "made").await
        }
    }
}

async fn migrated_columns(database: &TestDatabase) -> Columns {
    columns_of(&database.connection(), database.kind(), "public").await
}

#[tokio::test]
async fn the_code_knows_the_tables_that_the_migrations_make() {
    on_each_database(async |database| {
        let expected = expected_columns(database).await;
        assert!(expected.len() > 50, "the tables were not found: {expected:?}");
        assert_eq!(migrated_columns(database).await, expected);
    })
    .await;
}

#[tokio::test]
async fn every_table_that_the_migrations_make_is_known_to_the_code() {
    on_each_database(async |database| {
        let mut made: Vec<String> = migrated_columns(database)
            .await
            .iter()
            .map(|column| column.split('.').next().unwrap_or_default().to_owned())
            .collect();
        made.dedup();
        assert_eq!(made, each_table!(name,));
    })
    .await;
}

async fn applied(db: &DatabaseConnection) -> usize {
    callboard_migrations::status(db).await.unwrap().iter().filter(|migration| migration.is_applied).count()
}

#[tokio::test]
async fn migrations_go_up_down_and_up_again() {
    on_each_database(async |database| {
        let db = database.connection();
        let (all, before) = (applied(&db).await, migrated_columns(database).await);
        callboard_migrations::down(&db, Some(1)).await.unwrap();
        assert_eq!(applied(&db).await, all - 1);
        callboard_migrations::down(&db, None).await.unwrap();
        assert_eq!((applied(&db).await, migrated_columns(database).await), (0, Vec::new()));
        callboard_migrations::up(&db).await.unwrap();
        assert_eq!((applied(&db).await, migrated_columns(database).await), (all, before));
    })
    .await;
}

async fn log_id(db: &DatabaseConnection) -> i64 {
    let statement = Statement::from_string(db.get_database_backend(), "SELECT log_id FROM log_head");
    db.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn every_log_has_an_identity_of_its_own() {
    on_each_database(async |database| {
        let db = database.connection();
        let first = log_id(&db).await;
        callboard_migrations::down(&db, None).await.unwrap();
        callboard_migrations::up(&db).await.unwrap();
        let second = log_id(&db).await;
        assert!(first != 0 && second != 0 && first != second, "{first} {second}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_migrate_at_the_same_time_do_not_disturb_each_other() {
    on_each_database(async |database| {
        let (first, second) = (database.connection(), database.connect_again().await.unwrap());
        let all = applied(&first).await;
        callboard_migrations::down(&first, None).await.unwrap();
        let (one, other) = tokio::join!(callboard_migrations::up(&first), callboard_migrations::up(&second));
        one.unwrap();
        other.unwrap();
        assert_eq!(applied(&first).await, all);
    })
    .await;
}

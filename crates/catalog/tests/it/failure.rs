//! The database fails: locked, full, away and back. Reads go on, writes fail clearly, nothing is lost.

use std::time::Duration;

use callboard_catalog::{Actor, CatalogError, CatalogSettings, Cause, ReadMode};
use callboard_db::DatabaseError;
use callboard_foundation::ErrorCode;
use callboard_testkit::{DatabaseKind, TestDatabase, on_each_database};
use sea_orm::{ConnectionTrait, DatabaseConnection, TransactionTrait};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::world::World;

async fn try_read(world: &World, source: Uuid) -> Result<(), CatalogError> {
    world.catalog.refresh_source(source, ReadMode::Conditional, Cause::Watch, &Actor::system()).await.map(|_| ())
}

/// Checks that a write fails as unavailable, that what was there is still shown, and that it works again after `mend`.
async fn check_fails_and_recovers(
    world: &World,
    source: Uuid,
    is_expected: impl Fn(&DatabaseError) -> bool,
    mend: impl AsyncFn(),
) {
    world.reader.set("/catalog", "a: component:default/web=2");
    let error = try_read(world, source).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Unavailable, "{error:?}");
    assert!(matches!(&error, CatalogError::Database(error) if is_expected(error)), "{error:?}");
    world.check_entities("component:default/web=1 a");
    mend().await;
    try_read(world, source).await.unwrap();
    world.check_entities("component:default/web=2 a");
    world.check_view_is_log().await;
}

#[tokio::test]
async fn a_locked_sqlite_file_is_an_error_that_passes() {
    let database = TestDatabase::sqlite().await.unwrap();
    let world = World::new(&database).await;
    let source = world.source("/catalog", "a: component:default/web=1").await;
    let other = database.connect_again().await.unwrap();
    let lock = callboard_db::WriteTransaction::begin(&other).await.unwrap();
    let lock = std::sync::Mutex::new(Some(lock));
    let unlock = async || {
        let held = lock.lock().unwrap().take().unwrap();
        held.rollback().await.unwrap();
    };
    check_fails_and_recovers(&world, source, |error| matches!(error, DatabaseError::Locked(_)), unlock).await;
}

#[tokio::test]
async fn a_full_disk_is_an_error_that_passes() {
    let database = TestDatabase::sqlite().await.unwrap();
    let world = World::new(&database).await;
    let source = world.source("/catalog", "a: component:default/web=1").await;
    // SQLite refuses to grow past this as it does when the disk is full.
    set_page_limit(&world.db, 1).await;
    let many: Vec<String> = (0..2_000).map(|n| format!("component:default/c{n}=1")).collect();
    world.reader.set("/catalog", &format!("a: component:default/web=1 {}", many.join(" ")));
    let error = try_read(&world, source).await.unwrap_err();
    assert!(matches!(error, CatalogError::Database(DatabaseError::Full(_))), "{error:?}");
    assert_eq!(error.code(), ErrorCode::Unavailable);
    world.check_entities("component:default/web=1 a");
    world.check_view_is_log().await;
    set_page_limit(&world.db, 1_000_000).await;
    try_read(&world, source).await.unwrap();
    assert_eq!(world.catalog.snapshot().index.len(), 2_001);
    world.check_view_is_log().await;
}

/// Sets the limit on each connection of the pool, by holding them all at once.
async fn set_page_limit(db: &DatabaseConnection, pages: u32) {
    let mut connections = Vec::new();
    for _ in 0..4 {
        connections.push(db.begin().await.unwrap());
    }
    for connection in connections {
        connection.execute_unprepared(&format!("PRAGMA max_page_count = {pages}")).await.unwrap();
        connection.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn a_postgres_that_is_away_and_back_is_followed_again() {
    on_each_database(async |database| {
        if database.kind() != DatabaseKind::Postgres {
            return;
        }
        let settings = CatalogSettings { poll_interval: Duration::from_millis(5), ..CatalogSettings::default() };
        let world = World::with_settings(database.connection(), settings).await;
        let source = world.source("/catalog", "a: component:default/web=1").await;
        let shutdown = CancellationToken::new();
        let running = tokio::spawn({
            let (catalog, shutdown) = (world.catalog.clone(), shutdown.clone());
            async move { catalog.run(shutdown).await }
        });
        let admin = Admin::connect(database).await;
        admin.close_database().await;
        wait_until(|| !world.catalog.is_database_reachable()).await;
        let mend = async || {
            admin.open_database().await;
            wait_until(|| world.catalog.is_database_reachable()).await;
        };
        check_fails_and_recovers(&world, source, |error| matches!(error, DatabaseError::Unreachable(_)), mend).await;
        shutdown.cancel();
        running.await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_connection_that_is_cut_in_the_middle_of_a_write_leaves_nothing_behind() {
    on_each_database(async |database| {
        if database.kind() != DatabaseKind::Postgres {
            return;
        }
        let world = World::new(database).await;
        let source = world.source("/catalog", "a: component:default/web=1").await;
        let other = database.connect_again().await.unwrap();
        let lock = callboard_db::WriteTransaction::begin(&other).await.unwrap();
        world.reader.set("/catalog", "a: component:default/web=2");
        let writing = try_read(&world, source);
        let cutting = async {
            let admin = Admin::connect(database).await;
            while !admin.cut_connections_that_wait_for_a_lock().await {
                tokio::task::yield_now().await;
            }
        };
        let (written, ()) = tokio::join!(writing, cutting);
        assert_eq!(written.unwrap_err().code(), ErrorCode::Unavailable);
        lock.rollback().await.unwrap();
        world.check_entities("component:default/web=1 a");
        try_read(&world, source).await.unwrap();
        world.check_entities("component:default/web=2 a");
        world.check_view_is_log().await;
    })
    .await;
}

/// A connection to the server beside the database of the test.
struct Admin {
    connection: DatabaseConnection,
    database: String,
}

impl Admin {
    async fn connect(database: &TestDatabase) -> Self {
        let callboard_db::DatabaseTarget::Postgres { url, .. } = database.target() else {
            panic!("only PostgreSQL has a server");
        };
        let (server, name) = url.rsplit_once('/').unwrap();
        let target = callboard_db::DatabaseTarget::Postgres { url: format!("{server}/postgres"), max_connections: 1 };
        Self { connection: callboard_db::connect(&target).await.unwrap(), database: name.to_owned() }
    }

    async fn close_database(&self) {
        let name = &self.database;
        self.run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await;
        self.run(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")).await;
    }

    async fn open_database(&self) {
        self.run(&format!("ALTER DATABASE {} ALLOW_CONNECTIONS true", self.database)).await;
    }

    async fn cut_connections_that_wait_for_a_lock(&self) -> bool {
        let sql = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = '{}' AND wait_event_type = 'Lock'",
            self.database
        );
        self.run(&sql).await > 0
    }

    async fn run(&self, sql: &str) -> u64 {
        self.connection.execute_unprepared(sql).await.unwrap().rows_affected()
    }
}

async fn wait_until(is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("it became so within 30 seconds");
}

//! PostgreSQL databases for tests: migrated once in a template, then copied.
//!
//! Owns their names, `callboard_test_<process>_…`, so that what a killed test process left behind is found and dropped
//! by the next one.

use anyhow::{Context, Result};
use callboard_db::{DatabaseTarget, connect};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Names the server, for example `postgres://postgres@127.0.0.1:5432`.
const VARIABLE: &str = "CALLBOARD_TEST_POSTGRES";
const PREFIX: &str = "callboard_test_";
/// Two connections let a test hold a transaction open and look from outside.
const CONNECTIONS: u32 = 4;

static TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// Makes a database, or returns nothing when no server is named.
pub(crate) async fn create_database() -> Result<Option<DatabaseTarget>> {
    let Some(server) = server() else { return Ok(None) };
    let template = TEMPLATE.get_or_try_init(|| make_template(&server)).await?;
    let name = new_name();
    let admin = admin(&server).await?;
    // Copying fails while another test copies the same template; the server's lock makes them take turns.
    admin.execute_unprepared("SELECT pg_advisory_lock(7007)").await?;
    let created = admin.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    admin.execute_unprepared("SELECT pg_advisory_unlock(7007)").await?;
    created.context("cannot copy the template database")?;
    admin.close().await?;
    Ok(Some(target(&server, &name)))
}

/// Drops a database, whoever is still connected.
pub(crate) async fn drop_database(target: &DatabaseTarget) -> Result<()> {
    let (Some(server), DatabaseTarget::Postgres { url, .. }) = (server(), target) else { return Ok(()) };
    let name = url.rsplit('/').next().context("the address names a database")?;
    let admin = admin(&server).await?;
    admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await?;
    admin.close().await?;
    Ok(())
}

async fn make_template(server: &str) -> Result<String> {
    let admin = admin(server).await?;
    drop_leftovers(&admin).await?;
    let name = new_name();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await?;
    admin.close().await?;
    let connection = connect(&target(server, &name)).await?;
    callboard_migrations::up(&connection).await?;
    connection.close().await?;
    Ok(name)
}

/// Drops the databases of test processes that are gone.
async fn drop_leftovers(admin: &DatabaseConnection) -> Result<()> {
    let sql = format!("SELECT datname FROM pg_database WHERE datname LIKE '{PREFIX}%'");
    let statement = Statement::from_string(admin.get_database_backend(), sql);
    for row in admin.query_all_raw(statement).await? {
        let name: String = row.try_get_by_index(0)?;
        let process = name.strip_prefix(PREFIX).and_then(|rest| rest.split('_').next()).unwrap_or_default();
        if !std::path::Path::new("/proc").join(process).exists() {
            // Another new process may be dropping the same one; whoever is second finds nothing.
            admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.ok();
        }
    }
    Ok(())
}

/// Connects to the server itself, with one connection, so that its locks belong to us.
async fn admin(server: &str) -> Result<DatabaseConnection> {
    let url = format!("{}/postgres", server.trim_end_matches('/'));
    Ok(connect(&DatabaseTarget::Postgres { url, max_connections: 1 }).await?)
}

fn target(server: &str, name: &str) -> DatabaseTarget {
    let url = format!("{}/{name}", server.trim_end_matches('/'));
    DatabaseTarget::Postgres { url, max_connections: CONNECTIONS }
}

#[allow(clippy::disallowed_methods, reason = "names only have to be unique among the tests of this machine")]
fn new_name() -> String {
    format!("{PREFIX}{}_{}", std::process::id(), Uuid::now_v7().simple())
}

#[allow(clippy::disallowed_methods, reason = "tests are told by the environment which server they may use")]
fn server() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|server| !server.is_empty())
}

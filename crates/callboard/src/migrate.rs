//! `callboard migrate`: changes the schema of the configured database, or shows its state.
//!
//! Owns the command. The changes themselves are `callboard_migrations`' work.

use std::path::PathBuf;

use callboard_db::DatabaseError;
use sea_orm::DbErr;

use crate::{
    adapters::database_target,
    cli::Direction,
    configuration::load_configuration,
    database,
    failure::{Failure, Status},
    output,
};

/// Runs the command.
pub(crate) async fn run(config: &[PathBuf], direction: Direction) -> Result<Status, Failure> {
    let settings = load_configuration(config)?.settings;
    let db = database::open(&settings).await?;
    let name = database::describe(&database_target(&settings));
    let failed = |error: DbErr| {
        let error = DatabaseError::from(error);
        Failure::coded(error.code(), error).context(format!("cannot change {name}"))
    };
    match direction {
        Direction::Up => callboard_migrations::up(&db).await.map_err(failed)?,
        Direction::Down => callboard_migrations::down(&db, None).await.map_err(failed)?,
        Direction::Status => {}
    }
    let mut text = format!("{name}\n");
    for migration in callboard_migrations::status(&db).await.map_err(failed)? {
        let state = if migration.is_applied { "applied" } else { "not applied" };
        text.push_str(&format!("  {state:<12} {}\n", migration.name));
    }
    output::print(&text)?;
    Ok(Status::Success)
}

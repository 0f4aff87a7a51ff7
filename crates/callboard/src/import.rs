//! `callboard import`: reads catalog files into the configured database once.
//!
//! Owns the command and what it tells. Reading and writing are the catalog's work.

mod progress;

use std::{path::PathBuf, sync::Arc, time::Instant};

use callboard_catalog::{Actor, Catalog, CatalogError, RefreshOutcome};
use callboard_discovery::Reader;
use callboard_entity_model::{LocationSpec, Presence, Problem, Severity};
use callboard_foundation::Clock;

use self::progress::Progress;
use crate::{
    adapters::{self, ReaderAdapter},
    cli::ImportArguments,
    configuration::load_configuration,
    database,
    failure::{Failure, Status},
    output,
    paths::{absolute_target, is_address},
};

/// How many problems of one location are written out; the server shows all of them.
const SHOWN_PROBLEMS: usize = 20;

/// Runs the command.
pub(crate) async fn run(config: &[PathBuf], arguments: &ImportArguments) -> Result<Status, Failure> {
    let settings = load_configuration(config)?.settings;
    let db = database::open_migrated(&settings).await?;
    let reader = Reader::new(adapters::reader_settings(&settings), Clock::system())
        .map_err(|error| Failure::coded(error.code(), error))?;
    let reader = Arc::new(ReaderAdapter::new(reader, None));
    let catalog = Catalog::open(db.clone(), reader, Clock::system(), adapters::catalog_settings(&settings))
        .await
        .map_err(failed)?;
    let mut status = Status::Success;
    for path in &arguments.paths {
        if import(&catalog, location_of(path)).await? == Status::Problems {
            status = Status::Problems;
        }
    }
    callboard_db::compact_after_bulk_write(&db).await.map_err(|error| Failure::coded(error.code(), error))?;
    Ok(status)
}

async fn import(catalog: &Catalog, location: LocationSpec) -> Result<Status, Failure> {
    let started = Instant::now();
    let reference = location.reference();
    let progress = Progress::start(&reference, output::is_error_terminal());
    let result = catalog.import(location, &Actor::named("cli:import"), &|step| progress.show(step)).await;
    progress.finish();
    match result {
        Ok(outcome) => {
            show_problems(&outcome.problems);
            output::print(&format!("{reference}: {}\n", summary(&outcome, started.elapsed().as_secs_f64())))?;
            Ok(verdict(&outcome.problems))
        }
        Err(CatalogError::LocationUnreadable { problems, .. }) => {
            show_problems(&problems);
            output::print(&format!("{reference}: nothing could be read\n"))?;
            Ok(Status::Problems)
        }
        Err(error) => Err(failed(error).context(format!("cannot import `{reference}`"))),
    }
}

fn location_of(path: &str) -> LocationSpec {
    let (kind, target) = if is_address(path) { ("url", path.to_owned()) } else { ("file", absolute_target(path)) };
    LocationSpec { kind: kind.to_owned(), target, presence: Presence::Required }
}

fn summary(outcome: &RefreshOutcome, seconds: f64) -> String {
    let held = match outcome.held.len() {
        0 => String::new(),
        held => format!(", {held} removals wait for confirmation"),
    };
    format!(
        "{} files, {} added, {} changed, {} removed{held}, {} problems, {seconds:.1} s, revision {}",
        outcome.file_count,
        outcome.added.len(),
        outcome.changed.len(),
        outcome.removed.len(),
        outcome.problems.len(),
        outcome.revision,
    )
}

fn verdict(problems: &[Problem]) -> Status {
    let has_errors = problems.iter().any(|problem| problem.severity == Severity::Error);
    if has_errors { Status::Problems } else { Status::Success }
}

fn show_problems(problems: &[Problem]) {
    for problem in problems.iter().take(SHOWN_PROBLEMS) {
        output::print_message(&line(problem));
    }
    if problems.len() > SHOWN_PROBLEMS {
        output::print_message(&format!("… and {} more problems", problems.len() - SHOWN_PROBLEMS));
    }
}

/// Writes a problem in one line, the place first, as editors understand it.
fn line(problem: &Problem) -> String {
    let mut text = problem.location.strip_prefix("file:").unwrap_or(&problem.location).to_owned();
    for number in [problem.line, problem.column].into_iter().map_while(|number| number) {
        text.push_str(&format!(":{number}"));
    }
    let level = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    text.push_str(&format!(": {level}[{}]: ", problem.code.as_str()));
    if let Some(field) = &problem.field {
        text.push_str(&format!("{field}: "));
    }
    text.push_str(&problem.message);
    text
}

fn failed(error: CatalogError) -> Failure {
    Failure::coded(error.code(), error)
}

#[cfg(test)]
mod tests;

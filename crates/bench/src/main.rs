//! Measures the promises of `docs/benchmarks.md` on a release binary, from outside.
//!
//! Owns the command. It shares no code with the server: it knows the configuration file, GraphQL and the WebSocket
//! protocol, as any client does. Start reading at [`part::run`], then [`report::render`].
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command whose output is for a terminal")]

mod catalog_input;
mod change;
mod comparison;
mod crowd;
mod floor;
mod generator;
mod graphql;
mod load;
mod machine;
mod options;
mod part;
mod postgres;
mod process;
mod promises;
mod queries;
mod report;
mod results;
mod server;
mod statistics;
mod subscriber;

use std::{fs, path::Path, process::ExitCode};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Parser as _;
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    catalog_input::CatalogInput,
    options::{Command, Options, RunOptions},
    part::PartSettings,
    postgres::PostgresServer,
    results::{Part, PartResult},
};

fn main() -> ExitCode {
    let options = Options::parse();
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Result<()> {
    match options.command {
        Some(Command::Generate { entities, out, seed }) => generator::write_catalog(&out, entities, seed),
        Some(Command::Report) => {
            let results = report::kept_results(&options.run.work)?;
            ensure!(!results.is_empty(), "there are no results in {}", options.run.work.display());
            report::write_into(&options.run.document, &report::render(&results))
        }
        // The bare handler may use every core, as the server may.
        Some(Command::Floor { listen, answer }) => {
            let runtime = tokio::runtime::Runtime::new().context("failed to start the runtime")?;
            runtime.block_on(floor::serve_file(listen, &answer))
        }
        Some(Command::Graphql(comparison)) => look_on(comparison::run(&comparison)),
        None => look_on(measure(&options.run)),
    }
}

/// Runs what starts servers and watches them. One thread is enough to look on, and leaves the cores to them and to `wrk`.
fn look_on(measuring: impl Future<Output = Result<()>>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.context("failed to start the runtime")?.block_on(async {
        tokio::select! {
            result = measuring => result,
            result = interrupted() => result,
        }
    })
}

/// Ends with an error when the benchmark is told to stop: what it has started is killed as it is dropped.
async fn interrupted() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("failed to listen for SIGTERM")?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result.context("failed to listen for SIGINT")?,
        _ = terminate.recv() => {}
    }
    bail!("interrupted")
}

async fn measure(options: &RunOptions) -> Result<()> {
    let parts = options.chosen_parts();
    ensure!(load::wrk_is_installed().await, "`wrk` is not installed (Debian: apt-get install wrk)");
    let binary = fs::canonicalize(&options.binary).with_context(|| {
        format!("there is no binary {}; build it with `cargo build --release`", options.binary.display())
    })?;
    fs::create_dir_all(&options.work)
        .with_context(|| format!("failed to make the folder {}", options.work.display()))?;
    let work = fs::canonicalize(&options.work).context("failed to find the folder just made")?;
    if !parts.contains(&Part::Postgres) {
        eprintln!("PostgreSQL is left out; name a server with --postgres to measure it");
    }

    let mut measured = Vec::new();
    for part in parts {
        let result = part::run(&settings(options, part, &binary, &work)?).await;
        let result = result.with_context(|| format!("the part `{}` failed", part.name()))?;
        if !options.quick {
            result.save(&work)?;
        }
        measured.push(result);
    }
    tell(options, &work, &measured)
}

fn settings(options: &RunOptions, part: Part, binary: &Path, work: &Path) -> Result<PartSettings> {
    let origin = options.catalog_origin();
    let catalog = CatalogInput::obtain(&origin, options.entities_of(part), &work.join("catalogs"))?;
    Ok(PartSettings {
        part,
        binary: binary.to_path_buf(),
        directory: work.join("run").join(part.name()),
        catalog,
        postgres: options.postgres.as_deref().map(PostgresServer::new).transpose()?,
        effort: options.effort_of(part),
        log: options.log.clone(),
    })
}

/// Prints what was measured, and puts it into the document together with what is kept of the same binary.
fn tell(options: &RunOptions, work: &Path, measured: &[PartResult]) -> Result<()> {
    println!("{}", report::render(measured));
    if options.quick {
        println!("This was a quick run: it shows that the benchmark works, not how fast the server is.");
        return Ok(());
    }
    for missed in report::missed(measured) {
        println!("missed: {missed}");
    }
    if !options.no_document {
        report::write_into(&options.document, &report::render(&report::kept_results(work)?))?;
    }
    Ok(())
}

//! The `callboard` binary: the command line, and the wiring of every other crate.
//!
//! Owns reading the environment, opening databases and ports, and deciding the exit code. It holds no rule of the
//! catalog and no GraphQL. Start reading at `cli`, then at the command that interests you (`serve`, `import`,
//! `validate`, `migrate`).

mod adapters;
mod cli;
mod configuration;
mod database;
mod example;
mod failure;
mod import;
mod logging;
mod migrate;
mod output;
mod paths;
mod serve;
mod validate;
mod watch;

use std::process::ExitCode;

use clap::Parser;

use crate::{
    cli::{Cli, Command},
    failure::{Failure, Status},
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = run(cli);
    if let Err(failure) = &outcome {
        output::print_error(&failure.to_string());
    }
    outcome.unwrap_or_else(|failure| failure.status).into()
}

fn run(cli: Cli) -> Result<Status, Failure> {
    // Several crates use TLS; all of them take the provider that is installed here.
    if rustls::crypto::aws_lc_rs::default_provider().install_default().is_err() {
        tracing::debug!("a TLS provider was installed already");
    }
    let command = cli.command.unwrap_or_default();
    logging::start(cli.log.as_deref(), command.default_log_filter())?;
    let sources = cli.config;
    match command {
        Command::Serve(arguments) => runtime()?.block_on(serve::run(&sources, &arguments)),
        Command::Import(arguments) => runtime()?.block_on(import::run(&sources, &arguments)),
        Command::Validate(arguments) => validate::run(&sources, &arguments),
        Command::Schema => output::print(&callboard_gateway::schema_sdl()).map(|()| Status::Success),
        Command::Migrate(arguments) => runtime()?.block_on(migrate::run(&sources, arguments.direction)),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::internal)
}

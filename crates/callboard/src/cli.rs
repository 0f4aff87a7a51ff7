//! The command line: commands, options and their help.
//!
//! Owns the words that users type and read. What the commands do stands in the module of each name.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

const EXIT_CODES: &str = "\
Exit codes:
  0  everything is well
  1  the catalog files have problems
  2  the command line or the configuration is wrong
  3  something that is needed is not available: the database, the port, a file
  4  an internal fault";

/// The developer portal backend: reads catalog files, keeps them in a database, answers over GraphQL.
///
/// Without a command, `serve` runs; without any configuration it serves a bundled example organisation.
#[derive(Debug, Parser)]
#[command(name = "callboard", version, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// A configuration file in Backstage's format; may be given several times, later ones win.
    ///
    /// Without it, `app-config.yaml` and `app-config.local.yaml` in the working directory are read if they are there.
    #[arg(long, short, global = true, value_name = "FILE")]
    pub(crate) config: Vec<PathBuf>,

    /// What to log: a level (`debug`), or levels by module (`info,callboard_catalog=debug`).
    #[arg(long, global = true, env = "RUST_LOG", value_name = "FILTER")]
    pub(crate) log: Option<String>,

    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server.
    ///
    /// Reads the configured locations, watches files, and answers GraphQL over HTTP and WebSocket until it gets SIGTERM
    /// or SIGINT; then running requests may finish.
    #[command(after_help = EXIT_CODES)]
    Serve(ServeArguments),
    /// Read catalog files into the configured database once, and stop.
    ///
    /// Each PATH becomes a location of its own that a server on the same database then reads again and again. All kinds
    /// are allowed unless `catalog.rules` is configured. Ends with 1 when some entities could not be taken; those that
    /// could are in the database nevertheless.
    #[command(after_help = EXIT_CODES)]
    Import(ImportArguments),
    /// Check catalog files without touching a database, for editors and CI jobs.
    ///
    /// Location entities are checked, but what they lead to is not read; give those files as well.
    #[command(after_help = EXIT_CODES)]
    Validate(ValidateArguments),
    /// Print the GraphQL schema.
    Schema,
    /// Change the schema of the configured database, or show its state.
    ///
    /// `serve` and `import` bring the schema up to date by themselves.
    #[command(after_help = EXIT_CODES)]
    Migrate(MigrateArguments),
}

#[derive(Debug, Default, Args)]
pub(crate) struct ServeArguments {
    /// Where to accept connections instead of `backend.listen`: a port, `:port` or `host:port`.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// Files, folders or globs (in quotes); a folder means every `catalog-info.yaml` below it. Also http(s) addresses.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ValidateArguments {
    /// Files, folders or globs (in quotes); a folder means every `catalog-info.yaml` below it, or else the YAML files
    /// directly in it. `-` is the standard input.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<String>,

    /// How to write the problems.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    /// Take kinds that are not built in, as `callboard.catalog.customKinds` does.
    #[arg(long)]
    pub(crate) custom_kinds: bool,

    /// End with 1 also when there are only warnings.
    #[arg(long)]
    pub(crate) deny_warnings: bool,
}

/// How to write problems.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: the line and a mark under the place.
    #[default]
    Human,
    /// One JSON object.
    Json,
    /// SARIF 2.1.0, which code hosts show beside the lines.
    Sarif,
}

#[derive(Debug, Args)]
pub(crate) struct MigrateArguments {
    /// What to do.
    #[arg(value_enum, default_value_t)]
    pub(crate) direction: Direction,
}

/// What to do with the schema.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Direction {
    /// Bring it up to date.
    #[default]
    Up,
    /// Take everything back: all tables go, and all data with them.
    Down,
    /// Show which changes it has.
    Status,
}

impl Default for Command {
    fn default() -> Self {
        Self::Serve(ServeArguments::default())
    }
}

impl Command {
    /// Returns what is logged when the user does not say: a server tells what it does, a tool only what goes wrong.
    pub(crate) fn default_log_filter(&self) -> &'static str {
        match self {
            Self::Serve(_) => "info,sea_orm_migration=warn",
            Self::Import(_) | Self::Validate(_) | Self::Schema | Self::Migrate(_) => "warn",
        }
    }
}

#[cfg(test)]
mod tests;

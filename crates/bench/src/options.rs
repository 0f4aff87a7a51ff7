//! What can be said on the command line.
//!
//! Owns the options and how they turn into settings. What is done with them is in `main` and `crate::part`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::{catalog_input::CatalogOrigin, part::Effort, results::Part};

/// Measures a Callboard binary from outside: starts it on a generated catalog, asks it over HTTP, reads its processor
/// time and memory from /proc. Needs Linux, `wrk` for the load, and `psql` for the part `postgres`.
#[derive(Debug, Parser)]
#[command(name = "callboard-bench", version)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) run: RunOptions,
}

/// What can be done besides measuring.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Writes a catalog of made-up entities and stops.
    Generate {
        /// Number of entities, at least 100.
        #[arg(long)]
        entities: u64,
        /// Folder to write to.
        #[arg(long)]
        out: PathBuf,
        /// Another seed gives another catalog.
        #[arg(long, default_value_t = 42)]
        seed: u64,
    },
    /// Asks Callboard, graphql-yoga and mercurius with graphql-jit the same five questions and compares what they cost. Needs
    /// Node and npm for the other two; without them, they are left out.
    Graphql(ComparisonOptions),
    /// Writes the document again from the results that are kept.
    Report,
    /// Answers every request with the bytes of a file (used by the benchmark itself).
    #[command(hide = true)]
    Floor {
        #[arg(long)]
        listen: std::net::SocketAddr,
        #[arg(long)]
        answer: PathBuf,
    },
}

/// How to compare.
#[derive(Debug, Args)]
pub(crate) struct ComparisonOptions {
    /// The binary to measure.
    #[arg(long, default_value = "target/release/callboard")]
    pub(crate) binary: PathBuf,
    /// Components and APIs in the catalog.
    #[arg(long, default_value_t = 10_000)]
    pub(crate) entities: u64,
    /// Rounds; the median is shown.
    #[arg(long, default_value_t = 3)]
    pub(crate) runs: u32,
    /// Seconds that each server is asked in each round.
    #[arg(long, default_value_t = 2)]
    pub(crate) seconds: u64,
    /// A small run that shows whether the comparison works: its figures say nothing and are kept nowhere.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Folder for data and packages.
    #[arg(long, default_value = "target/bench")]
    pub(crate) work: PathBuf,
    /// Document that gets the figures.
    #[arg(long, default_value = "docs/benchmarks.md")]
    pub(crate) document: PathBuf,
    /// Leaves the document as it is.
    #[arg(long)]
    pub(crate) no_document: bool,
}

impl ComparisonOptions {
    /// Returns how many entities there are.
    pub(crate) fn chosen_entities(&self) -> u64 {
        if self.quick { 1_000 } else { self.entities }
    }

    /// Returns how many rounds there are.
    pub(crate) fn chosen_runs(&self) -> u32 {
        if self.quick { 1 } else { self.runs.max(1) }
    }

    /// Returns how long each server is asked in a round.
    pub(crate) fn chosen_seconds(&self) -> u64 {
        if self.quick { 1 } else { self.seconds.max(1) }
    }
}

/// How to measure.
#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    /// Part to run; may be given several times [default: all, `postgres` only when --postgres is given].
    #[arg(long = "part", value_enum)]
    pub(crate) parts: Vec<Part>,
    /// The binary to measure.
    #[arg(long, default_value = "target/release/callboard")]
    pub(crate) binary: PathBuf,
    /// Entities in the parts `sqlite` and `postgres`.
    #[arg(long, default_value_t = 50_000)]
    pub(crate) entities: u64,
    /// Entities in the part `large`.
    #[arg(long, default_value_t = 500_000)]
    pub(crate) large_entities: u64,
    /// PostgreSQL server on which a database `callboard_bench` may be dropped and made, `postgres://user@host:port`.
    #[arg(long, env = "CALLBOARD_TEST_POSTGRES", hide_env_values = true)]
    pub(crate) postgres: Option<String>,
    /// Folder with a ready-made catalog of the right size.
    #[arg(long, conflicts_with = "generator")]
    pub(crate) catalog: Option<PathBuf>,
    /// Python script that makes a catalog: `SCRIPT --n N --seed S --out DIR`.
    #[arg(long)]
    pub(crate) generator: Option<PathBuf>,
    /// Folder with `peer/gen-catalog.py`, used as --generator when neither that nor --catalog is given.
    #[arg(long, env = "CALLBOARD_CORPUS")]
    pub(crate) corpus: Option<PathBuf>,
    /// Runs of each measurement; the median is shown. The part `large` has one cold start.
    #[arg(long, default_value_t = 3)]
    pub(crate) runs: u32,
    /// Seconds of each run of load.
    #[arg(long, default_value_t = 5)]
    pub(crate) seconds: u64,
    /// Changes of one entity, each seen by a subscriber.
    #[arg(long, default_value_t = 200)]
    pub(crate) changes: u32,
    /// Subscribers in the part `subscribers`; each takes an open file here and one in the server (`ulimit -n`).
    #[arg(long, default_value_t = 10_000)]
    pub(crate) subscribers: usize,
    /// `RUST_LOG` for the server [default: none, so that it logs as it does by default, into a file].
    #[arg(long)]
    pub(crate) log: Option<String>,
    /// A small run that shows whether the benchmark works: its figures say nothing and are kept nowhere.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Folder for catalogs, databases and results.
    #[arg(long, default_value = "target/bench")]
    pub(crate) work: PathBuf,
    /// Document that gets the figures.
    #[arg(long, default_value = "docs/benchmarks.md")]
    pub(crate) document: PathBuf,
    /// Leaves the document as it is.
    #[arg(long)]
    pub(crate) no_document: bool,
}

impl RunOptions {
    /// Returns the parts to run, in order.
    pub(crate) fn chosen_parts(&self) -> Vec<Part> {
        let chosen = |part: &Part| match self.parts.as_slice() {
            [] => *part != Part::Postgres || self.postgres.is_some(),
            parts => parts.contains(part),
        };
        Part::ALL.into_iter().filter(chosen).collect()
    }

    /// Returns where catalogs come from.
    pub(crate) fn catalog_origin(&self) -> CatalogOrigin {
        if let Some(folder) = &self.catalog {
            return CatalogOrigin::Folder(folder.clone());
        }
        if let Some(script) = &self.generator {
            return CatalogOrigin::Script(script.clone());
        }
        let script = self.corpus.as_ref().map(|corpus| corpus.join("peer/gen-catalog.py"));
        script.filter(|script| script.is_file()).map_or(CatalogOrigin::BuiltIn, CatalogOrigin::Script)
    }

    /// Returns how many entities a part has.
    pub(crate) fn entities_of(&self, part: Part) -> u64 {
        match (part, self.quick) {
            (Part::Subscribers, _) => 2_000,
            (Part::Large, true) => 5_000,
            (Part::Large, false) => self.large_entities,
            (Part::Sqlite | Part::Postgres, true) => 2_000,
            (Part::Sqlite | Part::Postgres, false) => self.entities,
        }
    }

    /// Returns how thoroughly a part is measured.
    pub(crate) fn effort_of(&self, part: Part) -> Effort {
        if self.quick {
            return Effort { cold_starts: 1, runs: 1, seconds: 1, changes: 5, subscribers: self.subscribers.min(200) };
        }
        let cold_starts = if matches!(part, Part::Large | Part::Subscribers) { 1 } else { self.runs };
        let Self { runs, seconds, changes, subscribers, .. } = *self;
        Effort { cold_starts, runs, seconds, changes, subscribers }
    }
}

#[cfg(test)]
mod tests;

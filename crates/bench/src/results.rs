//! What was measured, in the form that is kept as JSON between runs.
//!
//! Owns the shapes only. Measuring is `crate::part`'s work, showing `crate::report`'s.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::{load::LoadRun, machine::Machine};

/// A part of the benchmark that can be run on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Part {
    /// The usual size on SQLite.
    Sqlite,
    /// The usual size on PostgreSQL.
    Postgres,
    /// Ten times that size, on SQLite.
    Large,
    /// A small size on SQLite, and many subscribers.
    Subscribers,
}

impl Part {
    /// All parts, in the order in which they are run.
    pub(crate) const ALL: [Self; 4] = [Self::Sqlite, Self::Postgres, Self::Large, Self::Subscribers];

    /// Returns the name used for files and databases.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Large => "large",
            Self::Subscribers => "subscribers",
        }
    }
}

/// One thing that was measured one or more times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    /// Names the row in `crate::promises`.
    pub(crate) id: String,
    /// One value a run; what is shown is their median.
    pub(crate) values: Vec<f64>,
    /// What a reader should know beside the value.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) note: String,
}

impl Row {
    pub(crate) fn new(id: &str, values: Vec<f64>) -> Self {
        Self { id: id.to_owned(), values, note: String::new() }
    }

    pub(crate) fn noted(mut self, note: String) -> Self {
        self.note = note;
        self
    }
}

/// One kind of request at one number of clients, and the bare handler beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct LoadResult {
    pub(crate) id: String,
    pub(crate) what: String,
    pub(crate) clients: u32,
    /// Bytes of the answer that the bare handler sends: the median over all requests.
    pub(crate) answer_bytes: usize,
    pub(crate) runs: Vec<LoadRun>,
    pub(crate) floor: Vec<LoadRun>,
}

/// Everything that one part came to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PartResult {
    pub(crate) part: Part,
    /// RFC 3339, to the second.
    pub(crate) measured_at: String,
    /// SHA-256 of the measured binary: results of different binaries are never shown together.
    pub(crate) binary_sha256: String,
    pub(crate) machine: Machine,
    pub(crate) entities: u64,
    pub(crate) yaml_bytes: u64,
    pub(crate) made_by: String,
    pub(crate) rows: Vec<Row>,
    pub(crate) loads: Vec<LoadResult>,
}

impl PartResult {
    /// Keeps the result for a later report.
    pub(crate) fn save(&self, directory: &Path) -> Result<()> {
        let path = directory.join(format!("{}.json", self.part.name()));
        let text = serde_json::to_string_pretty(self).context("failed to write the result as JSON")?;
        fs::write(&path, text).with_context(|| format!("failed to write {}", path.display()))
    }

    /// Returns the kept result of a part, if there is one.
    pub(crate) fn load(directory: &Path, part: Part) -> Result<Option<Self>> {
        let path = directory.join(format!("{}.json", part.name()));
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
        serde_json::from_str(&text).map(Some).with_context(|| format!("failed to understand {}", path.display()))
    }

    pub(crate) fn row(&self, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }
}

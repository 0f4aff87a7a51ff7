//! One part of the benchmark, from an empty database to the last change.
//!
//! Owns the order of things and the folder in which they happen. Start reading at [`run`].

mod changes;
mod crowds;
mod exports;
mod requests;
mod starts;

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use anyhow::{Context as _, Result};
use chrono::{DateTime, SecondsFormat, Utc};

use crate::{
    catalog_input::CatalogInput,
    change::ChangingFile,
    machine::{Machine, file_hash},
    postgres::PostgresServer,
    results::{LoadResult, Part, PartResult, Row},
    server::{Database, ServerSetup},
};

/// How long a server may take to come to rest before something is measured on it.
const SETTLE_WITHIN: Duration = Duration::from_secs(60);

/// How thoroughly is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    /// Cold starts; the last one's database is used from there on.
    pub(crate) cold_starts: u32,
    /// Runs of everything else.
    pub(crate) runs: u32,
    /// Length of one run of load.
    pub(crate) seconds: u64,
    /// Changes of one entity; a tenth of it where the server finds out by itself.
    pub(crate) changes: u32,
    /// Subscribers of one document.
    pub(crate) subscribers: usize,
}

/// What a part needs.
#[derive(Debug)]
pub(crate) struct PartSettings {
    pub(crate) part: Part,
    pub(crate) binary: PathBuf,
    /// A folder for this part alone.
    pub(crate) directory: PathBuf,
    pub(crate) catalog: CatalogInput,
    /// Where databases are made; used by [`Part::Postgres`] alone.
    pub(crate) postgres: Option<PostgresServer>,
    pub(crate) effort: Effort,
    /// What `RUST_LOG` is set to for the server; its own default when absent.
    pub(crate) log: Option<String>,
}

/// Everything that the steps of a part share.
struct Bench<'a> {
    settings: &'a PartSettings,
    setup: ServerSetup,
    /// The PostgreSQL server and the name of the database on it.
    postgres: Option<(&'a PostgresServer, String)>,
    /// Entities that must be visible, Locations not counted.
    entities: u64,
    components: u64,
    /// A component in a location of its own.
    alone: ChangingFile,
    /// A component that is one more file of the large location.
    inside: ChangingFile,
}

/// Runs a part and returns what it came to.
///
/// # Errors
/// When anything fails or answers wrongly: there are no half results.
pub(crate) async fn run(settings: &PartSettings) -> Result<PartResult> {
    let mut bench = Bench::new(settings)?;
    let (rows, loads) = match settings.part {
        Part::Subscribers => (bench.followed_by_many().await?, Vec::new()),
        Part::Sqlite | Part::Postgres | Part::Large => bench.whole_life().await?,
    };
    Ok(PartResult {
        part: settings.part,
        measured_at: DateTime::<Utc>::from(SystemTime::now()).to_rfc3339_opts(SecondsFormat::Secs, true),
        binary_sha256: file_hash(&settings.binary)?,
        machine: Machine::this(),
        entities: settings.catalog.manifest.n,
        yaml_bytes: settings.catalog.manifest.yaml_bytes,
        made_by: settings.catalog.made_by.clone(),
        rows,
        loads,
    })
}

impl Bench<'_> {
    /// From an empty database to the last change.
    async fn whole_life(&mut self) -> Result<(Vec<Row>, Vec<LoadResult>)> {
        let mut rows = Vec::new();
        let server = self.cold_starts(&mut rows).await?;
        let server = self.second_reads(server, &mut rows).await?;
        server.stop().await?;
        self.size(&mut rows).await?;
        let server = self.restarts(&mut rows).await?;
        // Requests are answered from memory, so that the database behind makes no difference to them.
        let is_on_postgres = self.settings.part == Part::Postgres;
        let loads = if is_on_postgres { Vec::new() } else { self.loads(&server, &mut rows).await? };
        if self.settings.part != Part::Postgres {
            self.exports(&server, &mut rows).await?;
        }
        self.changes(&server, &mut rows).await?;
        server.stop().await?;
        if let Some((postgres, name)) = &self.postgres {
            postgres.drop_database(name).await?;
        }
        Ok((rows, loads))
    }

    /// One change, and many who wait for it.
    async fn followed_by_many(&mut self) -> Result<Vec<Row>> {
        let server = self.cold_starts(&mut Vec::new()).await?;
        let mut rows = Vec::new();
        self.crowds(&server, &mut rows).await?;
        server.stop().await?;
        Ok(rows)
    }
}

impl<'a> Bench<'a> {
    fn new(settings: &'a PartSettings) -> Result<Self> {
        let directory = &settings.directory;
        // A folder of their own: the server watches it, and is not to be woken by its own log and database.
        let watched = directory.join("catalog");
        let alone = ChangingFile::create(&watched, "changing-alone")?;
        let inside = ChangingFile::create(&watched, "changing-inside")?;
        let root = write_root(&watched, &settings.catalog, &inside)?;
        let postgres = match settings.part {
            Part::Postgres => {
                let server = settings.postgres.as_ref().context("the part `postgres` needs --postgres URL")?;
                Some((server, "callboard_bench".to_owned()))
            }
            Part::Sqlite | Part::Large | Part::Subscribers => None,
        };
        let database = match &postgres {
            Some((server, name)) => Database::Postgres(server.database_url(name)),
            None => Database::Sqlite(directory.join("callboard.db")),
        };
        let setup = ServerSetup {
            binary: settings.binary.clone(),
            directory: directory.clone(),
            database,
            locations: vec![root, alone.path().to_path_buf()],
            log: settings.log.clone(),
            callboard: serde_json::Value::Null,
        };
        // The two files that are changed hold one component each.
        let entities = settings.catalog.manifest.n + 2;
        let components = settings.catalog.components() + 2;
        Ok(Self { settings, setup, postgres, entities, components, alone, inside })
    }

    fn say(&self, what: &str) {
        eprintln!("[{}] {what}", self.settings.part.name());
    }
}

/// Writes a Location that names every file of the catalog and one more, and returns its path.
fn write_root(directory: &Path, catalog: &CatalogInput, inside: &ChangingFile) -> Result<PathBuf> {
    let mut text = String::from(
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: benchmark\nspec:\n  type: file\n  targets:\n",
    );
    for file in catalog.entity_files()?.iter().map(PathBuf::as_path).chain([inside.path()]) {
        // A path in JSON is a path in YAML, whatever letters it has. Writing into a string cannot fail.
        let _ = writeln!(text, "    - {}", serde_json::Value::from(file.to_string_lossy().as_ref()));
    }
    let path = directory.join("root.yaml");
    fs::write(&path, text).with_context(|| format!("failed to write {}", path.display()))?;
    Ok(path)
}

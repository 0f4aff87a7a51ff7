//! The server under measurement, as a child process.
//!
//! Owns its configuration file, its start, its stop, and its files. What is asked of it goes through
//! `crate::graphql`; what it costs is read by `crate::process`. Start reading at [`Server::start`].

use std::{
    fs::{self, File},
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use tokio::{
    process::{Child, Command},
    time::{sleep, timeout},
};

use crate::{graphql::GraphqlClient, process};

/// How long a server may take to stop after SIGTERM.
const STOP_WITHIN: Duration = Duration::from_secs(60);

/// Where the server keeps its data.
#[derive(Debug, Clone)]
pub(crate) enum Database {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL connection string that names a database.
    Postgres(String),
}

/// One way to run the server: its database and its locations, in a folder of its own.
#[derive(Debug, Clone)]
pub(crate) struct ServerSetup {
    pub(crate) binary: PathBuf,
    pub(crate) directory: PathBuf,
    pub(crate) database: Database,
    /// Files named as `file` locations, absolute.
    pub(crate) locations: Vec<PathBuf>,
    /// What `RUST_LOG` is set to; the server's own default when absent.
    pub(crate) log: Option<String>,
    /// The section `callboard` of the configuration; left out when it is null.
    pub(crate) callboard: Value,
}

/// A running server; killed when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pid: u32,
    /// When the process was started.
    pub(crate) started: Instant,
    pub(crate) address: String,
    pub(crate) client: GraphqlClient,
    log: PathBuf,
}

impl ServerSetup {
    /// Returns the configuration as YAML (JSON is YAML).
    fn configuration(&self, address: &str) -> Value {
        let database = match &self.database {
            Database::Sqlite(file) => json!({ "client": "better-sqlite3", "connection": file }),
            Database::Postgres(url) => json!({ "client": "pg", "connection": url }),
        };
        let locations: Vec<Value> =
            self.locations.iter().map(|file| json!({ "type": "file", "target": file })).collect();
        let mut configuration = json!({
            "backend": { "listen": address, "baseUrl": format!("http://{address}"), "database": database },
            "catalog": {
                "rules": [{ "allow": [
                    "Component", "API", "Resource", "System", "Domain", "Group", "User", "Template", "Location",
                ] }],
                "locations": locations,
            },
        });
        if !self.callboard.is_null() {
            configuration["callboard"] = self.callboard.clone();
        }
        configuration
    }

    /// Writes the configuration and returns its path.
    pub(crate) fn write_configuration(&self, address: &str) -> Result<PathBuf> {
        fs::create_dir_all(&self.directory)
            .with_context(|| format!("failed to make the folder {}", self.directory.display()))?;
        let path = self.directory.join("app-config.yaml");
        fs::write(&path, self.configuration(address).to_string())
            .with_context(|| format!("failed to write {}", path.display()))?;
        Ok(path)
    }

    /// Removes what an earlier server with this SQLite file has left, so that the next start is a cold one.
    pub(crate) fn forget_sqlite_files(&self) -> Result<()> {
        if let Database::Sqlite(file) = &self.database {
            for file in sqlite_files(file) {
                if file.exists() {
                    fs::remove_file(&file).with_context(|| format!("failed to remove {}", file.display()))?;
                }
            }
        }
        Ok(())
    }

    /// Returns the bytes of the SQLite files: database, write-ahead log and shared memory.
    pub(crate) fn sqlite_bytes(&self) -> Result<u64> {
        let Database::Sqlite(file) = &self.database else { bail!("this server does not use SQLite") };
        Ok(sqlite_files(file).iter().filter_map(|file| fs::metadata(file).ok()).map(|meta| meta.len()).sum())
    }
}

fn sqlite_files(file: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|suffix| {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    })
}

impl Server {
    /// Starts `callboard serve` and returns at once; nothing says yet that it answers.
    pub(crate) fn start(setup: &ServerSetup) -> Result<Self> {
        let address = free_address()?;
        let configuration = setup.write_configuration(&address)?;
        let log = setup.directory.join("server.log");
        let output = File::create(&log).with_context(|| format!("failed to write {}", log.display()))?;
        let errors = output.try_clone().context("failed to open the log twice")?;
        let mut command = Command::new(&setup.binary);
        command
            .arg("serve")
            .arg("--config")
            .arg(&configuration)
            .current_dir(&setup.directory)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .kill_on_drop(true);
        match &setup.log {
            Some(log) => command.env("RUST_LOG", log),
            None => command.env_remove("RUST_LOG"),
        };
        let started = Instant::now();
        let child = command.spawn().with_context(|| format!("failed to start {}", setup.binary.display()))?;
        let pid = child.id().context("the server has ended at once")?;
        let client = GraphqlClient::new(&address)?;
        Ok(Self { child, pid, started, address, client, log })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// Asks `check` again and again until it says yes, and returns the time since the start.
    ///
    /// # Errors
    /// When the server ends before, or `within` has passed. What `check` itself fails with (nobody listens yet) is
    /// part of waiting, and shown only when the time is over.
    pub(crate) async fn wait_until<F>(&mut self, within: Duration, check: F) -> Result<Duration>
    where
        F: AsyncFn(&GraphqlClient) -> Result<bool>,
    {
        let mut last = None;
        while self.started.elapsed() < within {
            match check(&self.client).await {
                Ok(true) => return Ok(self.started.elapsed()),
                Ok(false) => last = None,
                Err(error) => last = Some(error),
            }
            if let Some(status) = self.child.try_wait().context("failed to ask for the server's state")? {
                bail!("the server ended with {status}; its last lines:\n{}", self.last_log_lines());
            }
            sleep(Duration::from_millis(2)).await;
        }
        let reason =
            last.map_or_else(|| "the answer was not yet the right one".to_owned(), |error| format!("{error:#}"));
        bail!("no right answer within {} s: {reason}\n{}", within.as_secs(), self.last_log_lines());
    }

    /// Waits until the server uses less than a tenth of a core, at most `within`; tells whether it came to rest.
    pub(crate) async fn settle(&self, within: Duration) -> Result<bool> {
        let start = Instant::now();
        while start.elapsed() < within {
            let before = process::cpu_time(self.pid)?;
            sleep(Duration::from_millis(500)).await;
            if process::cpu_time(self.pid)?.saturating_sub(before) <= Duration::from_millis(50) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Sends SIGTERM and waits for the end; returns how long it took.
    pub(crate) async fn stop(mut self) -> Result<Duration> {
        let start = Instant::now();
        let status = Command::new("sh")
            .args(["-c", "kill -TERM \"$0\"", &self.pid.to_string()])
            .status()
            .await
            .context("failed to run `sh` to send SIGTERM")?;
        ensure!(status.success(), "the server had ended before it was asked to:\n{}", self.last_log_lines());
        match timeout(STOP_WITHIN, self.child.wait()).await {
            Ok(status) => {
                let status = status.context("failed to wait for the server")?;
                ensure!(status.success(), "the server ended with {status}:\n{}", self.last_log_lines());
                Ok(start.elapsed())
            }
            Err(_) => bail!("the server did not end within {} s of SIGTERM", STOP_WITHIN.as_secs()),
        }
    }

    fn last_log_lines(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_else(|error| format!("(no log: {error})"));
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }
}

/// Returns a loopback address with a port that was free a moment ago.
pub(crate) fn free_address() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").context("failed to find a free port")?;
    Ok(listener.local_addr().context("failed to find a free port")?.to_string())
}

#[cfg(test)]
mod tests;

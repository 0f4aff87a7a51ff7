//! The other servers: graphql-yoga, and mercurius with graphql-jit, both on Node.
//!
//! Owns their installation and their processes. Their sources are part of this program and are written beside the data.

use std::{
    fs,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::sleep,
};

use super::table::Who;
use crate::server::free_address;

/// What is written to disk before they are installed.
const FILES: [(&str, &str); 5] = [
    ("package.json", include_str!("../../peers/package.json")),
    ("package-lock.json", include_str!("../../peers/package-lock.json")),
    ("catalog.mjs", include_str!("../../peers/catalog.mjs")),
    ("yoga.mjs", include_str!("../../peers/yoga.mjs")),
    ("mercurius.mjs", include_str!("../../peers/mercurius.mjs")),
];

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PeerKind {
    Yoga,
    Mercurius,
}

impl PeerKind {
    /// All of them, in the order of the table.
    pub(crate) const ALL: [Self; 2] = [Self::Yoga, Self::Mercurius];

    /// Returns its column.
    pub(crate) fn who(self) -> Who {
        match self {
            Self::Yoga => Who::Yoga,
            Self::Mercurius => Who::Mercurius,
        }
    }

    fn script(self) -> &'static str {
        match self {
            Self::Yoga => "yoga.mjs",
            Self::Mercurius => "mercurius.mjs",
        }
    }

    fn package(self) -> &'static str {
        match self {
            Self::Yoga => "graphql-yoga",
            Self::Mercurius => "mercurius",
        }
    }
}

/// A running server; killed when dropped.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) kind: PeerKind,
    pub(crate) address: String,
    pub(crate) pid: u32,
    /// Its name and version.
    pub(crate) version: String,
    // Held so that the process lives as long as this value.
    _child: Child,
}

/// Installs the servers with the very versions of the lock file, unless they are there from an earlier run.
///
/// # Errors
/// When there is no Node, or the packages can't be had.
pub(crate) async fn install(work: &Path) -> Result<()> {
    let node = Command::new("node").arg("--version").output().await;
    ensure!(node.is_ok_and(|output| output.status.success()), "Node is not installed");
    let directory = work.join("peers");
    fs::create_dir_all(&directory).with_context(|| format!("failed to make the folder {}", directory.display()))?;
    let mut is_there = directory.join("node_modules/.package-lock.json").exists();
    for (name, text) in FILES {
        let path = directory.join(name);
        is_there &= name != "package-lock.json" || fs::read_to_string(&path).is_ok_and(|old| old == text);
        fs::write(&path, text).with_context(|| format!("failed to write {}", path.display()))?;
    }
    if is_there {
        return Ok(());
    }
    eprintln!("installing the servers of Node in {}", directory.display());
    let output = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(&directory)
        .kill_on_drop(true)
        .output()
        .await
        .context("failed to run `npm`")?;
    ensure!(output.status.success(), "`npm ci` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(())
}

impl Peer {
    /// Starts a server that was installed, on the entities of a file.
    pub(crate) async fn start(kind: PeerKind, work: &Path, entities: &Path) -> Result<Self> {
        let directory = work.join("peers");
        let address = free_address()?;
        let port = address.rsplit(':').next().unwrap_or_default();
        let mut child = Command::new("node")
            .args([kind.script(), port])
            .arg(entities)
            .current_dir(&directory)
            .env("NODE_ENV", "production")
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("failed to start {}", kind.script()))?;
        let pid = child.id().with_context(|| format!("{} has ended at once", kind.script()))?;
        let start = Instant::now();
        while TcpStream::connect(&address).await.is_err() {
            if let Some(status) = child.try_wait().context("failed to ask for the server's state")? {
                bail!("{} ended with {status}", kind.script());
            }
            ensure!(start.elapsed() < Duration::from_secs(30), "{} does not listen on {address}", kind.script());
            sleep(Duration::from_millis(20)).await;
        }
        Ok(Self { kind, address, pid, version: version_of(kind, &directory), _child: child })
    }
}

fn version_of(kind: PeerKind, directory: &Path) -> String {
    let package = directory.join("node_modules").join(kind.package()).join("package.json");
    let text = fs::read_to_string(package).unwrap_or_default();
    let package: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    format!("{} {}", kind.package(), package["version"].as_str().unwrap_or("of unknown version"))
}

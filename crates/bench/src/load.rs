//! Load from `wrk`: many requests over a few connections, as fast as the server answers.
//!
//! Owns the script that `wrk` runs and the reading of what it prints. Which requests are sent is in
//! `crate::queries`. Start reading at [`run`].

use std::{fs, path::Path, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use tokio::process::Command;

use crate::process;

/// Marks the line with the figures in what `wrk` prints.
const MARK: &str = "callboard-bench ";

/// The script for `wrk`: sends the lines of a file in turn as GraphQL requests, prints the figures as JSON.
const SCRIPT: &str = include_str!("load/requests.lua");

/// How a load is made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LoadShape {
    pub(crate) clients: u32,
    pub(crate) seconds: u64,
}

/// What one run of load came to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct LoadRun {
    pub(crate) requests_per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    /// Processor time of the server, user and system, for one request.
    pub(crate) cpu_ms_per_request: f64,
}

/// The figures that the script prints.
#[derive(Debug, Deserialize)]
struct Figures {
    requests: u64,
    duration_us: u64,
    p50_us: f64,
    p99_us: f64,
    socket_errors: u64,
    status_errors: u64,
}

/// Tells whether `wrk` is installed.
pub(crate) async fn wrk_is_installed() -> bool {
    // It has no option that succeeds without a URL, so being there at all is the question.
    Command::new("wrk").arg("--version").output().await.is_ok()
}

/// Sends `bodies` in turn to the server `pid` at `address` for the given time.
///
/// # Errors
/// When `wrk` is missing, or any request failed: a figure with failures in it would say nothing.
pub(crate) async fn run(
    directory: &Path,
    address: &str,
    pid: u32,
    bodies: &[String],
    shape: LoadShape,
) -> Result<LoadRun> {
    let script = directory.join("requests.lua");
    let lines = directory.join("requests.txt");
    fs::write(&script, SCRIPT).with_context(|| format!("failed to write {}", script.display()))?;
    fs::write(&lines, bodies.join("\n")).with_context(|| format!("failed to write {}", lines.display()))?;

    let cpu_before = process::cpu_time(pid)?;
    let output = Command::new("wrk")
        .args(["--threads", "1", "--timeout", "10s"])
        .args(["--connections", &shape.clients.to_string(), "--duration", &format!("{}s", shape.seconds)])
        .arg("--script")
        .arg(&script)
        .arg(format!("http://{address}/graphql"))
        .arg("--")
        .arg(&lines)
        .kill_on_drop(true)
        .output()
        .await
        .context("failed to run `wrk` (Debian package wrk)")?;
    let cpu = process::cpu_time(pid)?.saturating_sub(cpu_before);
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "`wrk` failed: {text}{}", String::from_utf8_lossy(&output.stderr));
    summarise(&text, cpu)
}

fn summarise(text: &str, cpu: Duration) -> Result<LoadRun> {
    let figures = text.lines().find_map(|line| line.strip_prefix(MARK)).context("`wrk` printed no figures")?;
    let figures: Figures = serde_json::from_str(figures).context("`wrk` printed figures of another form")?;
    if figures.socket_errors + figures.status_errors > 0 {
        bail!("{} requests failed, {} were refused", figures.socket_errors, figures.status_errors);
    }
    ensure!(figures.requests > 0 && figures.duration_us > 0, "`wrk` got no answer at all");
    #[allow(clippy::cast_precision_loss)]
    let (requests, seconds) = (figures.requests as f64, figures.duration_us as f64 / 1e6);
    Ok(LoadRun {
        requests_per_second: requests / seconds,
        p50_ms: figures.p50_us / 1000.0,
        p99_ms: figures.p99_us / 1000.0,
        cpu_ms_per_request: cpu.as_secs_f64() * 1000.0 / requests,
    })
}

#[cfg(test)]
mod tests;

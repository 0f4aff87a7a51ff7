//! Many subscribers with the same document: how long after a commit the last of them has the change, and what it costs.
//!
//! Owns both protocols as bytes on plain connections: ten thousand full clients in this process would be measured more
//! than the server is. Start reading at [`measure`].

mod protocol;

use std::{
    fs,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context as _, Result, bail, ensure};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tokio::{
    io::AsyncReadExt as _,
    net::TcpStream,
    sync::Notify,
    task::JoinSet,
    time::{sleep, timeout},
};

pub(crate) use self::protocol::Protocol;
use crate::{
    change::{ChangingFile, since},
    process,
    server::Server,
};

/// How long a change may take to reach everybody before the measurement is given up.
const SEEN_WITHIN: Duration = Duration::from_secs(60);
/// How long nothing is done between two changes.
const PAUSE: Duration = Duration::from_millis(300);
/// Connections that are being opened at the same time.
const OPENING: usize = 64;
/// Open files that this process needs beside one for each subscriber.
const OTHER_FILES: usize = 64;

/// What a crowd came to.
#[derive(Debug, Clone)]
pub(crate) struct CrowdFigures {
    /// From the time of commit that the server gives to the last subscriber, one value a change.
    pub(crate) last_ms: Vec<f64>,
    /// Processor time of the server for a change.
    pub(crate) cpu_ms_per_change: f64,
    /// Bytes of the server's memory that the crowd takes.
    pub(crate) memory: u64,
}

/// The change that everybody waits for.
#[derive(Debug, Default)]
struct Round {
    state: Mutex<RoundState>,
    done: Notify,
}

#[derive(Debug, Default)]
struct RoundState {
    /// What the change is recognised by.
    marker: String,
    /// How many have not seen it.
    left: usize,
    /// What the last one saw, and when.
    last: Option<(String, SystemTime)>,
}

/// Has `count` subscribers see `changes` changes of a file.
pub(crate) async fn measure(
    server: &Server,
    protocol: Protocol,
    count: usize,
    file: &mut ChangingFile,
    changes: u32,
) -> Result<CrowdFigures> {
    ensure_open_files(count + OTHER_FILES)?;
    let before = process::memory(server.pid())?.resident;
    let round = Arc::new(Round::default());
    let mut crowd = JoinSet::new();
    let entity_ref = file.entity_ref();
    let mut opened = stream::iter(0..count)
        .map(|_| async { timeout(SEEN_WITHIN, protocol.open(&server.address, &entity_ref)).await? })
        .buffer_unordered(OPENING);
    while let Some(connection) = opened.try_next().await.context("failed to open a subscription")? {
        crowd.spawn(attend(connection, Arc::clone(&round)));
    }
    drop(opened);
    // Shows that all of them follow; only then does the clock run.
    one_change(server, file, &round, &mut crowd).await?;
    server.settle(SEEN_WITHIN).await?;
    let memory = process::memory(server.pid())?.resident.saturating_sub(before);
    let (mut last_ms, mut cpu) = (Vec::new(), Duration::ZERO);
    for _ in 0..changes.max(1) {
        let cpu_before = process::cpu_time(server.pid())?;
        last_ms.push(one_change(server, file, &round, &mut crowd).await?);
        sleep(PAUSE).await;
        cpu += process::cpu_time(server.pid())?.saturating_sub(cpu_before);
    }
    Ok(CrowdFigures { last_ms, cpu_ms_per_change: cpu.as_secs_f64() * 1000.0 / f64::from(changes.max(1)), memory })
}

/// Changes the file and returns the milliseconds from the commit until everybody has seen it.
async fn one_change(
    server: &Server,
    file: &mut ChangingFile,
    round: &Arc<Round>,
    crowd: &mut JoinSet<Result<()>>,
) -> Result<f64> {
    let description = file.change()?;
    {
        let mut state = round.lock();
        *state = RoundState { marker: format!("\"{description}\""), left: crowd.len(), last: None };
    }
    let start = Instant::now();
    server.client.refresh(&file.entity_ref()).await?;
    let everybody = timeout(SEEN_WITHIN.saturating_sub(start.elapsed()), round.done.notified());
    tokio::select! {
        waited = everybody => {
            waited.with_context(|| format!("{} subscribers did not see `{description}`", round.lock().left))?;
        }
        Some(gone) = crowd.join_next() => {
            gone.context("a subscriber failed")??;
            bail!("a subscriber ended");
        }
    }
    let (text, at) = round.lock().last.take().context("nobody was last")?;
    let occurred_at = text.split_once("\"occurredAt\":\"").and_then(|(_, rest)| rest.split_once('"'));
    since(occurred_at.context("the change does not say when it was committed")?.0, at)
}

/// Reads until the connection ends, and tells of every change that is waited for.
async fn attend(mut connection: TcpStream, round: Arc<Round>) -> Result<()> {
    let mut text = Vec::new();
    loop {
        let read = connection.read_buf(&mut text).await.context("a subscription broke")?;
        ensure!(read > 0, "the server closed a subscription");
        let mut state = round.lock();
        if !contains(&text, state.marker.as_bytes()) {
            continue;
        }
        state.left = state.left.saturating_sub(1);
        if state.left == 0 {
            state.last = Some((String::from_utf8_lossy(&text).into_owned(), SystemTime::now()));
            round.done.notify_one();
        }
        text.clear();
    }
}

impl Round {
    fn lock(&self) -> MutexGuard<'_, RoundState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn contains(text: &[u8], marker: &[u8]) -> bool {
    !marker.is_empty() && text.windows(marker.len()).any(|window| window == marker)
}

/// Makes sure that so many connections can be open at once, here and in the server, which inherits the limit.
fn ensure_open_files(needed: usize) -> Result<()> {
    let limits = fs::read_to_string("/proc/self/limits").context("failed to read /proc/self/limits")?;
    let limit = soft_limit(&limits).context("/proc/self/limits has another form than expected")?;
    ensure!(limit >= needed, "{needed} open files are needed but {limit} are allowed; raise it with `ulimit -n`");
    Ok(())
}

fn soft_limit(limits: &str) -> Option<usize> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    match line.split_whitespace().next()? {
        "unlimited" => Some(usize::MAX),
        number => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests;

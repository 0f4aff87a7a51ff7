//! One entity changed, again and again: how long until a subscriber has it, and what it costs.
//!
//! Owns the file that is changed and the two ways in which the server learns of it: a refresh that is asked for, and
//! the server's own watching of files. Start reading at [`measure`].

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, Utc};
use tokio::time::{sleep, timeout};

use crate::{
    process,
    server::Server,
    subscriber::{SeenChange, Subscriber},
};

/// How long a change may take to arrive before the measurement is given up.
const SEEN_WITHIN: Duration = Duration::from_secs(30);

/// How long nothing is done between two changes, so that one does not run into the other: at least this.
const PAUSE_MS: u64 = 400;

/// The pause grows by this, within 100 ms, so that changes do not keep step with anything periodic in the server.
const PAUSE_STEP_MS: u64 = 37;

/// How long the idle server is looked at, to know what it costs by itself.
const IDLE: Duration = Duration::from_secs(5);

/// A file with one component whose description is changed.
#[derive(Debug)]
pub(crate) struct ChangingFile {
    path: PathBuf,
    name: &'static str,
    count: u64,
}

/// How the server learns of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trigger {
    /// `refreshEntity` is called: the time runs from sending it.
    Refresh,
    /// The server watches the file: the time runs from the moment the new file is in place.
    Watch,
}

/// What a series of changes came to.
#[derive(Debug, Clone)]
pub(crate) struct ChangeFigures {
    /// From the trigger to the subscriber, one value a change.
    pub(crate) end_to_end_ms: Vec<f64>,
    /// From the time of commit that the server gives to the subscriber, one value a change.
    pub(crate) since_commit_ms: Vec<f64>,
    /// Processor time of the server for one change, what it uses when idle taken off.
    pub(crate) cpu_ms_per_change: f64,
    /// Processor time of the idle server in one second.
    pub(crate) idle_cpu_ms_per_second: f64,
}

impl ChangingFile {
    /// Writes the first version.
    pub(crate) fn create(directory: &Path, name: &'static str) -> Result<Self> {
        fs::create_dir_all(directory).with_context(|| format!("failed to make the folder {}", directory.display()))?;
        let mut file = Self { path: directory.join(format!("{name}.yaml")), name, count: 0 };
        file.change()?;
        Ok(file)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn entity_ref(&self) -> String {
        format!("component:default/{}", self.name)
    }

    /// Puts another version in place, as an editor does, and returns the description that it has.
    pub(crate) fn change(&mut self) -> Result<String> {
        self.count += 1;
        let description = format!("change {}", self.count);
        let text = format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {}\n  description: {description}\n\
             spec:\n  type: service\n  lifecycle: production\n  owner: benchmark\n",
            self.name
        );
        let beside = self.path.with_extension("new");
        fs::write(&beside, text).with_context(|| format!("failed to write {}", beside.display()))?;
        fs::rename(&beside, &self.path).with_context(|| format!("failed to replace {}", self.path.display()))?;
        Ok(description)
    }
}

/// Changes a file `changes` times and waits each time until a subscriber has seen it.
pub(crate) async fn measure(
    server: &Server,
    file: &mut ChangingFile,
    trigger: Trigger,
    changes: u32,
) -> Result<ChangeFigures> {
    let mut subscriber = Subscriber::connect(&server.address, &file.entity_ref()).await?;
    first_change(server, file, &mut subscriber).await?;
    server.settle(Duration::from_secs(60)).await?;

    let idle_before = process::cpu_time(server.pid())?;
    sleep(IDLE).await;
    let idle = process::cpu_time(server.pid())?.saturating_sub(idle_before).as_secs_f64() / IDLE.as_secs_f64();

    let mut end_to_end_ms = Vec::new();
    let mut since_commit_ms = Vec::new();
    let start = Instant::now();
    let cpu_before = process::cpu_time(server.pid())?;
    for index in 0..u64::from(changes) {
        let description = file.change()?;
        let changed = Instant::now();
        let seen = match trigger {
            Trigger::Watch => wait_for(&mut subscriber, &description).await?,
            Trigger::Refresh => {
                let entity_ref = file.entity_ref();
                tokio::try_join!(wait_for(&mut subscriber, &description), server.client.refresh(&entity_ref))?.0
            }
        };
        let (seen, seen_at, seen_at_wall) = seen;
        end_to_end_ms.push(seen_at.duration_since(changed).as_secs_f64() * 1000.0);
        since_commit_ms.push(since(&seen.occurred_at, seen_at_wall)?);
        sleep(Duration::from_millis(PAUSE_MS + index * PAUSE_STEP_MS % 100)).await;
    }
    let cpu = process::cpu_time(server.pid())?.saturating_sub(cpu_before).as_secs_f64();
    let own_cpu = (cpu - idle * start.elapsed().as_secs_f64()).max(0.0);
    Ok(ChangeFigures {
        end_to_end_ms,
        since_commit_ms,
        cpu_ms_per_change: own_cpu * 1000.0 / f64::from(changes.max(1)),
        idle_cpu_ms_per_second: idle * 1000.0,
    })
}

/// Changes the file until the subscriber sees it: a subscription does not say when it has begun.
async fn first_change(server: &Server, file: &mut ChangingFile, subscriber: &mut Subscriber) -> Result<()> {
    for _ in 0..10 {
        file.change()?;
        server.client.refresh(&file.entity_ref()).await?;
        if timeout(Duration::from_secs(3), subscriber.next_change()).await.is_ok_and(|change| change.is_ok()) {
            return Ok(());
        }
    }
    bail!("the subscriber sees no change of `{}`", file.entity_ref())
}

async fn wait_for(subscriber: &mut Subscriber, description: &str) -> Result<(SeenChange, Instant, SystemTime)> {
    let wait = async {
        loop {
            let change = subscriber.next_change().await?;
            if change.description == description {
                return Ok((change, Instant::now(), SystemTime::now()));
            }
        }
    };
    timeout(SEEN_WITHIN, wait).await.with_context(|| format!("the subscriber did not see `{description}`"))?
}

/// Returns the milliseconds from a time of commit, RFC 3339, to the moment at which it was seen.
pub(crate) fn since(occurred_at: &str, seen_at: SystemTime) -> Result<f64> {
    let committed = DateTime::parse_from_rfc3339(occurred_at).with_context(|| format!("`{occurred_at}` is no time"))?;
    let elapsed = DateTime::<Utc>::from(seen_at) - committed.with_timezone(&Utc);
    #[allow(clippy::cast_precision_loss)]
    let micros = elapsed.num_microseconds().unwrap_or(i64::MAX) as f64;
    Ok(micros / 1000.0)
}

#[cfg(test)]
mod tests;

//! Cold starts, second reads, size on disk, restarts.
//!
//! Owns when the clock runs in each of them. Start reading at [`Bench::cold_starts`].

use std::{
    fs::File,
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context as _, Result, ensure};

use super::{Bench, SETTLE_WITHIN};
use crate::{
    postgres::written_between,
    process,
    results::{Part, Row},
    server::Server,
};

/// How long a start may take before it is given up.
const START_WITHIN: Duration = Duration::from_secs(600);

/// PostgreSQL tells what was written with this delay at the most.
const STATISTICS_DELAY: Duration = Duration::from_secs(12);

/// Tables that say how the reading went, not what the catalog holds: written to even when nothing has changed.
const BOOKKEEPING: &[&str] = &["sources", "source_files"];

const BYTES_PER_MEGABYTE: f64 = 1e6;
const BYTES_PER_GIBIBYTE: f64 = 1_073_741_824.0;

impl Bench<'_> {
    /// Starts on an empty database until all is visible, several times; returns the last server.
    pub(super) async fn cold_starts(&self, rows: &mut Vec<Row>) -> Result<Server> {
        let (mut seconds, mut cpu, mut peak) = (Vec::new(), Vec::new(), Vec::new());
        let mut last: Option<Server> = None;
        for run in 1..=self.settings.effort.cold_starts.max(1) {
            if let Some(server) = last.take() {
                server.stop().await?;
            }
            self.setup.forget_sqlite_files()?;
            if let Some((postgres, name)) = &self.postgres {
                postgres.recreate(name).await?;
            }
            let mut server = Server::start(&self.setup)?;
            let visible = self.wait_until_visible(&mut server).await?;
            cpu.push(process::cpu_time(server.pid())?.as_secs_f64());
            server.settle(SETTLE_WITHIN).await?;
            peak.push(self.in_memory_unit(process::memory(server.pid())?.peak));
            seconds.push(visible.as_secs_f64());
            self.say(&format!("cold start {run}: {:.2} s", visible.as_secs_f64()));
            last = Some(server);
        }
        rows.push(Row::new("cold_start", seconds));
        rows.push(Row::new("cold_start_cpu", cpu));
        rows.push(Row::new("cold_start_peak", peak));
        last.context("there was no cold start")
    }

    /// Has the large source read again although nothing has changed, then with new file times.
    pub(super) async fn second_reads(&self, server: Server, rows: &mut Vec<Row>) -> Result<Server> {
        let inside = self.inside.entity_ref();
        let revision_before = server.client.revision().await?;
        let bytes_before = process::written_bytes(server.pid())?;
        let rows_before = match &self.postgres {
            Some((postgres, name)) => {
                tokio::time::sleep(STATISTICS_DELAY).await;
                Some(postgres.written_rows(name).await?)
            }
            None => None,
        };
        let mut unchanged = Vec::new();
        let mut touched = Vec::new();
        for _ in 0..self.settings.effort.runs {
            let start = Instant::now();
            server.client.refresh(&inside).await?;
            unchanged.push(start.elapsed().as_secs_f64());
        }
        for _ in 0..self.settings.effort.runs {
            self.touch_catalog()?;
            let start = Instant::now();
            server.client.refresh(&inside).await?;
            touched.push(start.elapsed().as_secs_f64());
            // Watching has seen the new times as well; its own reading is not to run into the next one.
            server.settle(SETTLE_WITHIN).await?;
        }
        let readings = unchanged.len() + touched.len();
        let written = process::written_bytes(server.pid())?.saturating_sub(bytes_before);
        rows.push(Row::new("second_read", unchanged));
        rows.push(Row::new("second_read_touched", touched));
        let revision_after = server.client.revision().await?;
        let revisions = revision(&revision_after)? - revision(&revision_before)?;
        let note = format!("{written} bytes written to disk by {readings} readings, and those that watching began");
        rows.push(Row::new("second_read_revisions", vec![revisions]).noted(note));
        if let (Some((postgres, name)), Some(before)) = (&self.postgres, rows_before) {
            tokio::time::sleep(STATISTICS_DELAY).await;
            let between = written_between(&before, &postgres.written_rows(name).await?);
            let catalog_rows: u64 =
                between.iter().filter(|(table, _)| !BOOKKEEPING.contains(&table.as_str())).map(|(_, rows)| rows).sum();
            let note = format!("rows by table, {readings} readings, and those that watching began: {between:?}");
            #[allow(clippy::cast_precision_loss)]
            rows.push(Row::new("second_read_rows", vec![catalog_rows as f64]).noted(note));
        }
        self.say("second reads done");
        Ok(server)
    }

    /// Compares what the database takes with the YAML that it came from; the server is stopped.
    pub(super) async fn size(&self, rows: &mut Vec<Row>) -> Result<()> {
        let bytes = match &self.postgres {
            Some((postgres, name)) => postgres.bytes(name).await?,
            None => self.setup.sqlite_bytes()?,
        };
        ensure!(bytes > 0, "the database is not where the configuration says");
        #[allow(clippy::cast_precision_loss)]
        let (size, yaml) = (bytes as f64, self.settings.catalog.manifest.yaml_bytes as f64);
        let note = format!("{:.1} MB for {:.1} MB", size / BYTES_PER_MEGABYTE, yaml / BYTES_PER_MEGABYTE);
        rows.push(Row::new("size_ratio", vec![size / yaml]).noted(note));
        Ok(())
    }

    /// Starts on the full database several times; returns the last server, at rest.
    pub(super) async fn restarts(&self, rows: &mut Vec<Row>) -> Result<Server> {
        let (mut seconds, mut memory) = (Vec::new(), Vec::new());
        let mut last: Option<Server> = None;
        for run in 1..=self.settings.effort.runs.max(1) {
            if let Some(server) = last.take() {
                server.stop().await?;
            }
            let mut server = Server::start(&self.setup)?;
            let visible = self.wait_until_visible(&mut server).await?;
            seconds.push(visible.as_secs_f64());
            self.say(&format!("restart {run}: {:.2} s", visible.as_secs_f64()));
            server.settle(SETTLE_WITHIN).await?;
            memory.push(self.in_memory_unit(process::memory(server.pid())?.resident));
            last = Some(server);
        }
        rows.push(Row::new("restart", seconds));
        rows.push(Row::new("restart_memory", memory));
        last.context("there was no restart")
    }

    async fn wait_until_visible(&self, server: &mut Server) -> Result<Duration> {
        let (entities, component) = (self.entities, self.settings.catalog.component_ref.as_str());
        let all_visible = async |client: &crate::graphql::GraphqlClient| {
            let visible = client.visible(component).await?;
            ensure!(visible.entities <= entities, "{visible:?}, but there are only {entities} entities");
            Ok(visible.entities == entities && visible.relations > 0)
        };
        server.wait_until(START_WITHIN, all_visible).await
    }

    fn touch_catalog(&self) -> Result<()> {
        let now = SystemTime::now();
        for path in self.settings.catalog.entity_files()? {
            let file = File::options().write(true).open(&path);
            file.and_then(|file| file.set_modified(now))
                .with_context(|| format!("failed to give {} a new time", path.display()))?;
        }
        Ok(())
    }

    /// Returns bytes as the table of this part shows them: megabytes, or gibibytes for the large one.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn in_memory_unit(&self, bytes: u64) -> f64 {
        match self.settings.part {
            Part::Large => bytes as f64 / BYTES_PER_GIBIBYTE,
            Part::Sqlite | Part::Postgres | Part::Subscribers => bytes as f64 / BYTES_PER_MEGABYTE,
        }
    }
}

fn revision(text: &str) -> Result<f64> {
    text.parse().with_context(|| format!("the revision `{text}` is no number"))
}

//! One entity changed: in a source of its own and inside the large one, asked for and watched.
//!
//! Owns which series of changes there are. How a change is timed is in `crate::change`.

use anyhow::Result;

use super::Bench;
use crate::{
    change::{self, ChangingFile, Trigger},
    promises::SERIES,
    results::Row,
    server::Server,
    statistics::percentile,
};

impl Bench<'_> {
    /// Changes one entity in every way and adds the rows.
    pub(super) async fn changes(&mut self, server: &Server, rows: &mut Vec<Row>) -> Result<()> {
        let many = self.settings.effort.changes.max(1);
        let few = (many / 10).max(5);
        let [alone, alone_watched, inside, inside_watched] = SERIES;
        series(server, &mut self.alone, Trigger::Refresh, many, alone.prefix, rows).await?;
        series(server, &mut self.alone, Trigger::Watch, few, alone_watched.prefix, rows).await?;
        series(server, &mut self.inside, Trigger::Refresh, few, inside.prefix, rows).await?;
        series(server, &mut self.inside, Trigger::Watch, few, inside_watched.prefix, rows).await?;
        self.say("changes done");
        Ok(())
    }
}

async fn series(
    server: &Server,
    file: &mut ChangingFile,
    trigger: Trigger,
    changes: u32,
    prefix: &str,
    rows: &mut Vec<Row>,
) -> Result<()> {
    let figures = change::measure(server, file, trigger, changes).await?;
    let mut add = |name: &str, value: Option<f64>| {
        rows.push(Row::new(&format!("{prefix}_{name}"), value.into_iter().collect()));
    };
    add("p50", percentile(&figures.end_to_end_ms, 50.0));
    add("p99", percentile(&figures.end_to_end_ms, 99.0));
    add("commit_p50", percentile(&figures.since_commit_ms, 50.0));
    add("commit_p99", percentile(&figures.since_commit_ms, 99.0));
    add("cpu", Some(figures.cpu_ms_per_change));
    add("idle_cpu", Some(figures.idle_cpu_ms_per_second));
    add("count", Some(f64::from(changes)));
    Ok(())
}

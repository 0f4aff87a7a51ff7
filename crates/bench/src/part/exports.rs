//! The export of the whole catalog: how much of it a second of processor time sends.
//!
//! Owns how it is read and for how long. Start reading at [`Bench::exports`].

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::{Bench, SETTLE_WITHIN};
use crate::{process, results::Row, server::Server};

/// A run reads the export again and again until the server has worked for so long: its clock ticks in hundredths.
const CPU_PER_RUN: Duration = Duration::from_millis(500);
/// A server that needs next to nothing must not be asked for ever.
const MOST_READINGS: u32 = 200;

impl Bench<'_> {
    /// Reads the whole export without compression, checks that it is whole, and adds the rows.
    pub(super) async fn exports(&self, server: &Server, rows: &mut Vec<Row>) -> Result<()> {
        let client = reqwest::Client::builder().no_proxy().no_gzip().http1_only().build().context("no HTTP client")?;
        let url = format!("http://{}/export/entities.ndjson", server.address);
        let text = client.get(&url).send().await?.error_for_status()?.bytes().await?;
        let lines = text.split_inclusive(|byte| *byte == b'\n').count() as u64;
        ensure!(lines >= self.entities, "the export has {lines} lines, but there are {} entities", self.entities);
        let size = text.len();
        drop(text);
        server.settle(SETTLE_WITHIN).await?;

        let mut rates = Vec::new();
        for _ in 0..self.settings.effort.runs.max(1) {
            let before = process::cpu_time(server.pid())?;
            let (mut bytes, mut cpu, mut readings) = (0, Duration::ZERO, 0);
            while cpu < CPU_PER_RUN && readings < MOST_READINGS {
                let mut response = client.get(&url).send().await?.error_for_status()?;
                let mut received = 0;
                while let Some(chunk) = response.chunk().await.context("the export broke off")? {
                    received += chunk.len();
                }
                ensure!(received == size, "the export was {size} bytes and is {received}, though nothing has changed");
                bytes += received;
                readings += 1;
                cpu = process::cpu_time(server.pid())?.saturating_sub(before);
            }
            #[allow(clippy::cast_precision_loss)]
            let rate = bytes as f64 / 1e6 / cpu.as_secs_f64().max(0.01);
            self.say(&format!("export of {size} bytes, {readings} times: {rate:.0} MB a second of processor time"));
            rates.push(rate);
        }
        rows.push(Row::new("export_rate", rates).noted(format!("{size} bytes in {lines} lines")));
        Ok(())
    }
}

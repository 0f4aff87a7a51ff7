//! One change for many subscribers with the same document.
//!
//! Owns the rows. How a crowd is made and timed is in `crate::crowd`.

use anyhow::Result;

use super::Bench;
use crate::{
    crowd::{self, Protocol},
    results::Row,
    server::Server,
};

impl Bench<'_> {
    /// Has a crowd follow over each protocol and adds the rows.
    pub(super) async fn crowds(&mut self, server: &Server, rows: &mut Vec<Row>) -> Result<()> {
        let effort = self.settings.effort;
        for protocol in Protocol::ALL {
            let changes = (effort.changes / 10).max(3);
            let figures = crowd::measure(server, protocol, effort.subscribers, &mut self.alone, changes).await?;
            let mut add = |name: &str, values| rows.push(Row::new(&format!("{}_{name}", protocol.prefix()), values));
            add("last", figures.last_ms);
            add("cpu", vec![figures.cpu_ms_per_change]);
            add("memory", vec![self.in_memory_unit(figures.memory)]);
            self.say(&format!("{} subscribers done over {protocol:?}", effort.subscribers));
        }
        Ok(())
    }
}

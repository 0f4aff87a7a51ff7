//! The load: each kind of request from one client and from sixteen, with the bare handler in between.
//!
//! Owns which loads are run and in which order. Start reading at [`Bench::loads`].

use std::fs;

use anyhow::{Context as _, Result};

use super::{Bench, SETTLE_WITHIN};
use crate::{
    floor::FloorServer,
    load::{self, LoadRun, LoadShape},
    process,
    queries::Workload,
    report,
    results::{LoadResult, Row},
    server::Server,
};

/// One client shows how long an answer takes, sixteen how many there are in a second.
const CLIENTS: [u32; 2] = [1, 16];

impl Bench<'_> {
    /// Checks the answers to every kind of request, then sends them under load.
    pub(super) async fn loads(&self, server: &Server, rows: &mut Vec<Row>) -> Result<Vec<LoadResult>> {
        let (client, refs) = (&server.client, &self.settings.catalog.refs);
        let workloads = [
            Workload::entity(client, refs).await?,
            Workload::entity_card(client, refs).await?,
            Workload::page(client, self.components).await?,
            Workload::facets(client, self.components).await?,
        ];
        let mut loads = Vec::new();
        for workload in &workloads {
            let answer = self.settings.directory.join("answer.json");
            fs::write(&answer, &workload.answer).with_context(|| format!("failed to write {}", answer.display()))?;
            let floor = FloorServer::start(&answer).await?;
            for clients in CLIENTS {
                let load = self.load(server, &floor, workload, clients).await?;
                rows.extend(rows_of(&load));
                loads.push(load);
            }
        }
        server.settle(SETTLE_WITHIN).await?;
        let resident = process::memory(server.pid())?.resident;
        rows.push(Row::new("load_memory", vec![self.in_memory_unit(resident)]));
        Ok(loads)
    }

    async fn load(
        &self,
        server: &Server,
        floor: &FloorServer,
        workload: &Workload,
        clients: u32,
    ) -> Result<LoadResult> {
        let directory = &self.settings.directory;
        let shape = LoadShape { clients, seconds: self.settings.effort.seconds };
        let (mut runs, mut floor_runs) = (Vec::new(), Vec::new());
        for _ in 0..self.settings.effort.runs.max(1) {
            runs.push(load::run(directory, &server.address, server.pid(), &workload.bodies, shape).await?);
            floor_runs.push(load::run(directory, &floor.address, floor.pid, &workload.bodies, shape).await?);
        }
        let load = LoadResult {
            id: workload.id.to_owned(),
            what: workload.what.to_owned(),
            clients,
            answer_bytes: workload.answer.len(),
            runs,
            floor: floor_runs,
        };
        self.say(&report::load_line(&load));
        Ok(load)
    }
}

fn rows_of(load: &LoadResult) -> Vec<Row> {
    let each = |value: fn(&LoadRun) -> f64| load.runs.iter().map(value).collect::<Vec<_>>();
    let name = |what: &str| format!("{}_{}_{what}", load.id, load.clients);
    vec![
        Row::new(&name("rps"), each(|run| run.requests_per_second)),
        Row::new(&name("p50"), each(|run| run.p50_ms)),
        Row::new(&name("cpu"), each(|run| run.cpu_ms_per_request)),
    ]
}

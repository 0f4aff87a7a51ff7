//! Callboard beside other GraphQL servers: the same questions about the same entities, and what each costs in processor
//! time.
//!
//! Owns the order of things. What is asked stands in `shapes`, about what in `catalog`, the other servers in `peer`, the
//! table in `table`. Start reading at [`run`].

mod catalog;
mod peer;
mod shapes;
mod table;

use std::{fs, path::Path, time::Duration};

use anyhow::{Context as _, Result, bail, ensure};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use self::{
    catalog::Entities,
    peer::{Peer, PeerKind},
    shapes::{SHAPES, Shape},
    table::{Comparison, ShapeCosts, Who},
};
use crate::{
    floor::FloorServer,
    graphql::GraphqlClient,
    load::{self, LoadShape},
    machine::{Machine, file_hash},
    options::ComparisonOptions,
    report,
    server::{Database, Server, ServerSetup},
    statistics::median,
};

/// How long a server may take until it shows every entity.
const READY_WITHIN: Duration = Duration::from_secs(120);
/// Connections that ask at the same time.
const CLIENTS: u32 = 16;
/// The bytes that the barest handler answers with.
const STATIC_BYTES: usize = 1_000;

/// A server that can be asked.
struct Contender {
    who: Who,
    address: String,
    pid: u32,
}

/// Measures, prints the table and writes it into the document.
///
/// # Errors
/// When a server fails, or answers differently from the others.
pub(crate) async fn run(options: &ComparisonOptions) -> Result<()> {
    ensure!(load::wrk_is_installed().await, "`wrk` is not installed (Debian: apt-get install wrk)");
    let binary = fs::canonicalize(&options.binary).with_context(|| {
        format!("there is no binary {}; build it with `cargo build --release`", options.binary.display())
    })?;
    let work = options.work.join("comparison");
    fs::create_dir_all(&work).with_context(|| format!("failed to make the folder {}", work.display()))?;
    let work = fs::canonicalize(work).context("failed to find the folder just made")?;
    let entities = Entities::write(&work, options.chosen_entities())?;

    let with_cache = start_callboard(&binary, &work.join("cache-on"), &entities, json!({})).await?;
    let without_cache = json!({ "graphql": { "answerCache": false } });
    let without_cache = start_callboard(&binary, &work.join("cache-off"), &entities, without_cache).await?;
    let (peers, left_out) = start_peers(&work, &entities).await?;
    let mut contenders = vec![contender(Who::CacheOn, &with_cache), contender(Who::CacheOff, &without_cache)];
    contenders.extend(peers.iter().map(|peer| Contender {
        who: peer.kind.who(),
        address: peer.address.clone(),
        pid: peer.pid,
    }));

    let mut costs = Vec::new();
    for shape in SHAPES {
        costs.push(measure(shape, &contenders, &entities, &work, options).await?);
    }
    let static_floor = measure_static(&work, options).await?;
    with_cache.stop().await?;
    without_cache.stop().await?;
    let comparison = Comparison {
        measured_at: DateTime::<Utc>::from(std::time::SystemTime::now()).to_rfc3339_opts(SecondsFormat::Secs, true),
        binary_sha256: file_hash(&binary)?,
        machine: Machine::this(),
        entities: entities.count,
        rounds: options.chosen_runs(),
        seconds: options.chosen_seconds(),
        peers: peers.iter().map(|peer| peer.version.clone()).collect(),
        left_out,
        static_floor,
        shapes: costs,
    };
    tell(options, &comparison)
}

fn tell(options: &ComparisonOptions, comparison: &Comparison) -> Result<()> {
    let table = comparison.render();
    println!("{table}");
    for missed in comparison.missed() {
        println!("missed: {missed}");
    }
    if options.quick {
        println!("This was a quick run: it shows that the comparison works, not how fast the servers are.");
    } else if !options.no_document {
        report::write_between(&options.document, table::MARKERS, &table)?;
    }
    Ok(())
}

fn contender(who: Who, server: &Server) -> Contender {
    Contender { who, address: server.address.clone(), pid: server.pid() }
}

async fn start_callboard(binary: &Path, directory: &Path, entities: &Entities, callboard: Value) -> Result<Server> {
    let setup = ServerSetup {
        binary: binary.to_path_buf(),
        directory: directory.to_path_buf(),
        database: Database::Sqlite(directory.join("callboard.db")),
        locations: entities.yaml.clone(),
        // The others log nothing either.
        log: Some("warn".to_owned()),
        callboard,
    };
    setup.forget_sqlite_files()?;
    let mut server = Server::start(&setup)?;
    let (component, count) = (entities.components.last().cloned().unwrap_or_default(), entities.total);
    server.wait_until(READY_WITHIN, async |client| Ok(client.visible(&component).await?.entities == count)).await?;
    ensure!(server.settle(READY_WITHIN).await?, "the server does not come to rest");
    Ok(server)
}

/// Starts the other servers; where that can't be done, says why.
async fn start_peers(work: &Path, entities: &Entities) -> Result<(Vec<Peer>, Option<String>)> {
    if let Err(error) = peer::install(work).await {
        let reason = format!("the servers of Node are left out: {error:#}");
        eprintln!("{reason}");
        return Ok((Vec::new(), Some(reason)));
    }
    let mut peers = Vec::new();
    for kind in PeerKind::ALL {
        peers.push(Peer::start(kind, work, &entities.json).await?);
    }
    Ok((peers, None))
}

/// Asks every server for one shape, in rounds, and a bare handler that sends the same bytes.
async fn measure(
    shape: &Shape,
    contenders: &[Contender],
    entities: &Entities,
    work: &Path,
    options: &ComparisonOptions,
) -> Result<ShapeCosts> {
    let mut expected: Option<Vec<String>> = None;
    let mut answer = Vec::new();
    let mut asked = Vec::new();
    for contender in contenders {
        let body = shape.body(contender.who, entities);
        let bytes = GraphqlClient::new(&contender.address)?.post(body.clone()).await;
        let bytes = bytes.with_context(|| format!("{} can't answer {}", contender.who.name(), shape.id))?;
        let refs = shapes::refs_in(&bytes)?;
        ensure!(refs.len() == shape.refs, "{}: {} references in {}", contender.who.name(), refs.len(), shape.id);
        match &expected {
            Some(expected) if *expected != refs => {
                bail!("{} answers {} with other entities than the first server", contender.who.name(), shape.id)
            }
            Some(_) => {}
            None => {
                expected = Some(refs);
                answer = bytes;
            }
        }
        asked.push((contender.who, contender.address.clone(), contender.pid, body));
    }
    let file = work.join(format!("{}.json", shape.id));
    fs::write(&file, &answer).with_context(|| format!("failed to write {}", file.display()))?;
    let floor = FloorServer::start(&file).await?;
    let body = shape.body(Who::CacheOff, entities);
    asked.insert(0, (Who::Floor, floor.address.clone(), floor.pid, body));

    let mut costs = ShapeCosts::new(shape, answer.len());
    let warm_up = LoadShape { clients: CLIENTS, seconds: 1 };
    for (_, address, pid, body) in &asked {
        load::run(work, address, *pid, std::slice::from_ref(body), warm_up).await?;
    }
    for _ in 0..options.chosen_runs() {
        // In turn, so that a machine that is slow for a while is slow for all.
        for (who, address, pid, body) in &asked {
            costs.add(*who, cost(work, address, *pid, body, options).await?);
        }
    }
    eprintln!("[comparison] {}", costs.line());
    Ok(costs)
}

/// Returns what a request costs that is answered with the same thousand bytes, always.
async fn measure_static(work: &Path, options: &ComparisonOptions) -> Result<f64> {
    let file = work.join("static.json");
    fs::write(&file, vec![b'x'; STATIC_BYTES]).with_context(|| format!("failed to write {}", file.display()))?;
    let floor = FloorServer::start(&file).await?;
    let mut costs = Vec::new();
    for _ in 0..options.chosen_runs() {
        costs.push(cost(work, &floor.address, floor.pid, "{}", options).await?);
    }
    median(&costs).context("nothing was measured")
}

/// Returns the processor time of one request, in microseconds.
async fn cost(work: &Path, address: &str, pid: u32, body: &str, options: &ComparisonOptions) -> Result<f64> {
    let shape = LoadShape { clients: CLIENTS, seconds: options.chosen_seconds() };
    let run = load::run(work, address, pid, &[body.to_owned()], shape).await?;
    Ok(run.cpu_ms_per_request * 1_000.0)
}

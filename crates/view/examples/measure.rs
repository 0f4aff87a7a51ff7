//! Measures the view on a catalog in JSON lines: `cargo run --release -p callboard-view --example measure -- FILE [COPIES]`.
//!
//! With `COPIES`, each entity is taken so many times, under a namespace of its own per copy. Prints one figure a line.
#![allow(clippy::print_stdout, reason = "a measuring program talks to the terminal")]

use std::{
    error::Error,
    fs,
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use callboard_entity_model::{DEFAULT_NAMESPACE, EntityRef, Revision};
use callboard_view::{CatalogIndex, EntityRecord, Filter, Order, OrderBy, PageRequest, ViewChange};
use chrono::{DateTime, TimeDelta};
use serde_json::Value;
use uuid::Uuid;

/// The allocator that the server uses.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: measure FILE [COPIES]")?;
    let copies: usize = arguments.next().map_or(Ok(1), |copies| copies.parse())?;

    let before = resident_kib();
    let mut records = Vec::new();
    for copy in 0..copies {
        for (number, line) in fs::read_to_string(&path)?.lines().enumerate() {
            records.push(record(line, copy, number)?);
        }
    }
    records.sort_by(|left, right| left.entity_ref.cmp(&right.entity_ref));
    let loaded = resident_kib();
    let count = records.len();
    println!("{count} entities, {} KiB resident for the records alone", loaded - before);

    let (started, processor) = (Instant::now(), processor_time());
    let index = Arc::new(CatalogIndex::build(Revision(1), records));
    println!("build                              {:>10.1?}", started.elapsed());
    println!("build, processor time              {:>10.1?}", processor_time() - processor);
    println!("memory per entity, all             {:>10.0} B", bytes_per(resident_kib() - before, count));

    let components = Filter::kind("component");
    measure("select kind=component", || index.select(Some(&components)));
    let selection = index.select(Some(&components))?;
    let by_name = [Order::ascending(OrderBy::Name)];
    let first = index.page(&selection, &by_name, &PageRequest::first(20))?;
    let next = PageRequest::Forward { first: 20, after: first.end_cursor() };
    measure("first page of 20 by name", || index.page(&selection, &by_name, &PageRequest::first(20)));
    measure("next page of 20 by name", || index.page(&selection, &by_name, &next));
    measure("page of 20 by name, with cursors", || {
        index
            .page(&selection, &by_name, &next)
            .map(|page| page.edges.iter().map(|edge| edge.cursor()).collect::<Vec<_>>())
    });
    measure("page of 20 by reference", || index.page(&selection, &[], &PageRequest::first(20)));
    let updated = [Order::descending(OrderBy::UpdatedAt)];
    measure_first("first page by update, index made", || index.page(&selection, &updated, &PageRequest::first(20)));
    measure("page of 20 by update", || index.page(&selection, &updated, &PageRequest::first(20)));
    measure("three facets", || {
        let selection = index.select(Some(&components))?;
        ["type", "lifecycle", "owner"]
            .into_iter()
            .map(|field| index.facet(&selection, field, 20))
            .collect::<Result<Vec<_>, _>>()
    });
    let text = Filter::And(vec![Filter::Text("deliv serv".to_owned()), components.clone()]);
    measure_first("full text, index made", || index.select(Some(&text)));
    measure("full text", || index.select(Some(&text)));
    let some_ref = first.edges[7].entity.entity_ref().clone();
    measure("entity by reference", || index.entity(&some_ref));
    measure("envelope", || index.entity(&some_ref).map(|entity| entity.envelope().links.len()));
    measure("relations", || index.entity(&some_ref).map(|entity| entity.relations().len()));
    let resident = resident_kib();
    println!("memory per entity, with three lazy {:>10.0} B", bytes_per(resident - before, count));

    let mut current = Arc::clone(&index);
    let mut slowest = Duration::ZERO;
    let started = Instant::now();
    let rounds = 500;
    for round in 0..rounds {
        let changed = changed(&current, round * 37 % count).ok_or("nothing to change")?;
        let at = Instant::now();
        current = Arc::new(current.apply(Revision(2 + round as u64), vec![ViewChange::Upsert(changed)]));
        slowest = slowest.max(at.elapsed());
    }
    println!("apply one change, mean             {:>10.1?}, slowest {slowest:.1?}", started.elapsed() / rounds as u32);
    measure_first("page by update after 500 changes", || current.page(&selection, &updated, &PageRequest::first(20)));
    Ok(())
}

fn record(line: &str, copy: usize, number: usize) -> Result<Arc<EntityRecord>, Box<dyn Error>> {
    let mut entity: Value = serde_json::from_str(line)?;
    let namespace = if copy == 0 { DEFAULT_NAMESPACE.to_owned() } else { format!("copy-{copy}") };
    entity["metadata"]["namespace"] = Value::from(namespace.as_str());
    let location = "file:/srv/catalog/entities.yaml";
    for key in ["backstage.io/managed-by-location", "backstage.io/managed-by-origin-location"] {
        entity["metadata"]["annotations"][key] = Value::from(location);
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let entity_ref = EntityRef::new(&text(&entity["kind"]), &namespace, &text(&entity["metadata"]["name"]))?;
    let at = DateTime::UNIX_EPOCH + TimeDelta::seconds((number / 500) as i64);
    Ok(Arc::new(EntityRecord {
        entity_ref,
        document: entity.to_string().into(),
        hash: [0; 32],
        revision: Revision(1),
        created_at: at,
        updated_at: at,
        source: Uuid::nil(),
        location: location.into(),
    }))
}

/// Returns the record of some entity with another description, owner and time.
fn changed(index: &CatalogIndex, number: usize) -> Option<Arc<EntityRecord>> {
    let record = index.records().nth(number)?;
    let mut entity: Value = serde_json::from_str(&record.document).ok()?;
    entity["metadata"]["description"] = Value::from(format!("Changed {number}"));
    entity["spec"]["owner"] = Value::from("group:default/somebody-else");
    Some(Arc::new(EntityRecord {
        document: entity.to_string().into(),
        updated_at: record.updated_at + TimeDelta::days(1),
        ..EntityRecord::clone(record)
    }))
}

/// Prints the median of 101 runs.
fn measure<T>(what: &str, mut run: impl FnMut() -> T) {
    let mut times: Vec<Duration> = (0..101)
        .map(|_| {
            let started = Instant::now();
            black_box(run());
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!("{what:<34} {:>10.1?}, slowest {:.1?}", times[50], times[100]);
}

fn measure_first<T>(what: &str, run: impl FnOnce() -> T) {
    let started = Instant::now();
    black_box(run());
    println!("{what:<34} {:>10.1?}, once", started.elapsed());
}

fn bytes_per(kib: u64, count: usize) -> f64 {
    kib as f64 * 1024.0 / count as f64
}

/// Returns the processor time of this process as Linux tells it, in steps of 10 ms; 0 elsewhere.
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// Returns the resident memory of this process as Linux tells it; 0 elsewhere.
fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

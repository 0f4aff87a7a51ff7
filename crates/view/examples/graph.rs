//! Measures walks along relations: `cargo run --release -p callboard-view --example graph -- [ENTITIES] [RELATIONS]`.
//!
//! Makes a catalog of its own, 100,000 entities with 1,000,000 declared relations unless told otherwise, always the same
//! one. Dependencies reach back to things declared shortly before, so that the catalog has layers as real ones have, and
//! now and then two need each other. Prints one figure a line: the quickest and the median of 51 runs.
#![allow(clippy::print_stdout, reason = "a measuring program talks to the terminal")]

use std::{
    error::Error,
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use callboard_entity_model::{EntityRef, RelationType, Revision};
use callboard_view::{
    CatalogIndex, CycleQuery, EntityRecord, Filter, GraphDirection, GraphQuery, Impact, ImpactQuery, PathMode,
    PathQuery,
};
use chrono::DateTime;
use serde_json::{Value, json};
use uuid::Uuid;

/// The allocator that the server uses.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const GROUPS: usize = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let entities: usize = arguments.next().map_or(Ok(100_000), |count| count.parse())?;
    let relations: usize = arguments.next().map_or(Ok(1_000_000), |count| count.parse())?;
    let records = records(entities, relations / entities)?;
    let index = Arc::new(CatalogIndex::build(Revision(1), records));
    let seen: u64 = index.relation_counts().iter().map(|(_, count)| count).sum();
    println!("{} entities, {seen} relations seen from either end", index.len());

    let root: EntityRef = format!("component:default/service-{}", entities / 40 * 20 + 7).parse()?;
    let around = |direction, types: Option<Vec<RelationType>>, max_nodes| GraphQuery {
        direction,
        types,
        depth: 3,
        max_nodes,
        ..GraphQuery::around(vec![root.clone()])
    };
    let depends_on = Some(vec![RelationType::DependsOn]);
    let filtered = GraphQuery { filter: Some(Filter::kind("component")), ..around(GraphDirection::Both, None, 1_000) };
    for (what, query) in [
        ("depth 3, what it needs", around(GraphDirection::Outgoing, depends_on.clone(), 1_000)),
        ("depth 3, both ways, dependsOn", around(GraphDirection::Both, depends_on.clone(), 1_000)),
        ("depth 3, both ways, all types", around(GraphDirection::Both, None, 1_000)),
        ("depth 3, both ways, components", filtered),
        ("depth 3, both ways, 5000 nodes", around(GraphDirection::Both, None, 5_000)),
    ] {
        let graph = index.graph(&query)?;
        println!("{} nodes, {} edges, {:?}", graph.nodes.len(), graph.edges.len(), graph.truncation);
        measure(what, || index.graph(&query));
    }

    let impact_of =
        |root: &EntityRef| index.impact(&ImpactQuery { max_depth: 1_000, ..ImpactQuery::dependents_of(root.clone()) });
    let (root, affected) = root_of_10_000(entities, impact_of)?;
    println!("{root} affects {affected}");
    measure("impact, walk", || impact_of(&root));
    measure("impact, total and by distance", || {
        impact_of(&root).map(|impact| (impact.affected().len(), impact.by_distance()))
    });
    measure("impact, with owner facet", || {
        impact_of(&root)
            .map(|impact| (impact.affected().len(), impact.by_distance(), index.facet(impact.affected(), "owner", 20)))
    });
    if let Some(impact) = impact_of(&root) {
        measure("owner facet alone", || index.facet(&impact.affected().clone(), "owner", 20));
    }
    measure("impact, with first page and paths", || {
        impact_of(&root).map(|impact| {
            let page = impact.page(None, 50, None);
            page.map(|page| page.affected.iter().map(|it| impact.path_to(it)).collect::<Vec<_>>())
        })
    });

    let nobody: EntityRef = "component:default/nobody".parse()?;
    measure("unknown root, graph", || index.graph(&GraphQuery::around(vec![nobody.clone()])));
    measure("unknown root, impact", || index.impact(&ImpactQuery::dependents_of(nobody.clone())));
    measure("unknown root, paths", || index.paths(&PathQuery::between(nobody.clone(), root.clone())));
    let lonely: EntityRef = "group:default/lonely".parse()?;
    measure("edgeless root, graph", || index.graph(&GraphQuery::around(vec![lonely.clone()])));
    measure("edgeless root, impact", || index.impact(&ImpactQuery::dependents_of(lonely.clone())));
    measure("edgeless root, paths", || index.paths(&PathQuery::between(lonely.clone(), root.clone())));

    let far: EntityRef = format!("component:default/service-{}", (entities - 2 * GROUPS) / 20 * 20 + 7).parse()?;
    let between = |mode| PathQuery { mode, max_length: 40, ..PathQuery::between(far.clone(), root.clone()) };
    for (what, mode) in [
        ("one shortest path", PathMode::Shortest),
        ("all shortest paths, first 5", PathMode::AllShortest),
        ("all simple paths, first 5", PathMode::AllSimple),
    ] {
        let found = index.paths(&between(mode));
        println!("{} paths of length {:?}, {:?}", found.paths.len(), found.length, found.truncation);
        measure(what, || index.paths(&between(mode)));
    }

    let cycles = CycleQuery { types: vec![RelationType::DependsOn], filter: None, first: 20, after: None };
    let started = Instant::now();
    println!("{} cycles", index.cycles(&cycles)?.total);
    println!("{:<34} {:>10.1?}", "cycles, first question", started.elapsed());
    measure("cycles, asked again", || index.cycles(&cycles));
    Ok(())
}

/// Returns the entity whose impact is nearest to 10,000 entities.
fn root_of_10_000(
    entities: usize,
    impact_of: impl Fn(&EntityRef) -> Option<Impact>,
) -> Result<(EntityRef, u64), Box<dyn Error>> {
    let mut best = None;
    for number in (7..entities).step_by((entities / 4_000).max(1) * 20) {
        let root: EntityRef = format!("component:default/service-{number}").parse()?;
        let Some(affected) = impact_of(&root).map(|impact| impact.affected().len()) else { continue };
        if best.as_ref().is_none_or(|(_, other): &(_, u64)| affected.abs_diff(10_000) < other.abs_diff(10_000)) {
            best = Some((root, affected));
        }
    }
    best.ok_or_else(|| "there are no components".into())
}

/// Makes the entities: of twenty, one group at most, one API, three resources, and components.
fn records(count: usize, relations: usize) -> Result<Vec<Arc<EntityRecord>>, Box<dyn Error>> {
    let mut random = Random(7);
    let mut records = vec![record("Group", "lonely", json!({"type": "team", "children": []}))?];
    for number in 0..GROUPS {
        let parent = (number > 0).then(|| format!("group-{}", number / 8));
        let spec = json!({"type": "team", "children": [], "parent": parent});
        records.push(record("Group", &format!("group-{number}"), spec)?);
    }
    for number in 0..count - GROUPS - 1 {
        let owner = format!("group-{}", random.below(GROUPS));
        let system = format!("system-{}", number / 25);
        let back = |random: &mut Random| number.saturating_sub(1 + random.below(500));
        let (kind, spec) = match number % 20 {
            0 => ("System", json!({"owner": owner, "domain": format!("domain-{}", number / 2_500)})),
            1 => ("API", json!({"type": "openapi", "owner": owner, "system": system, "definition": "x"})),
            2..5 => ("Resource", json!({"type": "database", "owner": owner, "system": system})),
            _ => {
                let mut depends_on: Vec<String> = (3..relations + 2).map(|_| name(back(&mut random))).collect();
                // Now and then two need each other.
                match number % 2_000 {
                    5 => depends_on.push(name(number + 20)),
                    25 => depends_on.push(name(number - 20)),
                    _ => {}
                }
                depends_on.retain(|name| !name.starts_with("api:") && !name.starts_with("system:"));
                let api = |number: usize| format!("service-{}", number / 20 * 20 + 1);
                let provides = if number % 20 == 5 { vec![api(number)] } else { Vec::new() };
                let consumes = [api(back(&mut random)), api(back(&mut random))];
                let spec = json!({
                    "type": "service", "lifecycle": "production", "owner": owner, "system": system,
                    "dependsOn": depends_on, "providesApis": provides, "consumesApis": consumes,
                });
                ("Component", spec)
            }
        };
        let name = if kind == "System" { format!("system-{}", number / 20) } else { format!("service-{number}") };
        records.push(record(kind, &name, spec)?);
    }
    Ok(records)
}

fn name(number: usize) -> String {
    let kind = match number % 20 {
        0 => "system",
        1 => "api",
        2..5 => "resource",
        _ => "component",
    };
    format!("{kind}:service-{number}")
}

fn record(kind: &str, name: &str, spec: Value) -> Result<Arc<EntityRecord>, Box<dyn Error>> {
    let document = json!({
        "apiVersion": "backstage.io/v1alpha1", "kind": kind,
        "metadata": {"name": name, "namespace": "default"}, "spec": spec,
    });
    Ok(Arc::new(EntityRecord {
        entity_ref: EntityRef::new(kind, "default", name)?,
        document: document.to_string().into(),
        hash: [0; 32],
        revision: Revision(1),
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        source: Uuid::nil(),
        location: "file:/srv/catalog/entities.yaml".into(),
    }))
}

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// Prints the quickest and the median of 51 runs; what others do on the machine makes runs slower, never quicker.
fn measure<T>(what: &str, mut run: impl FnMut() -> T) {
    let mut times: Vec<Duration> = (0..51)
        .map(|_| {
            let started = Instant::now();
            black_box(run());
            started.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!("{what:<34} {:>10.1?}, median {:.1?}", times[0], times[25]);
}

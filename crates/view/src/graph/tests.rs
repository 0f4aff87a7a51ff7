use std::sync::Arc;

use callboard_entity_model::Revision;
use chrono::DateTime;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{EntityRecord, Filter};

fn record(entity_ref: EntityRef, spec: Value) -> Arc<EntityRecord> {
    let metadata = json!({"name": entity_ref.name(), "namespace": entity_ref.namespace()});
    let document = json!({"kind": entity_ref.kind(), "metadata": metadata, "spec": spec});
    Arc::new(EntityRecord {
        entity_ref,
        document: document.to_string().into(),
        hash: [0; 32],
        revision: Revision(1),
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        source: Uuid::nil(),
        location: Arc::from("file:/catalog.yaml"),
    })
}

fn component(name: &str) -> EntityRef {
    EntityRef::new("component", "default", name).expect("the parts are good")
}

/// Makes components from lines such as `web: orders db`, read "web depends on orders and db".
fn catalog(lines: &[&str]) -> Arc<CatalogIndex> {
    let records = lines.iter().map(|line| {
        let (name, targets) = line.split_once(':').expect("there is a colon");
        let targets: Vec<_> = targets.split_whitespace().map(|target| format!("component:{target}")).collect();
        record(component(name), json!({"dependsOn": targets}))
    });
    Arc::new(CatalogIndex::build(Revision(1), records))
}

fn names(refs: &[EntityRef]) -> Vec<&str> {
    refs.iter().map(EntityRef::name).collect()
}

fn check_paths(index: &Arc<CatalogIndex>, query: &PathQuery, expected: &[&[&str]]) -> FoundPaths {
    let found = index.paths(query);
    let paths: Vec<Vec<&str>> = found.paths.iter().map(|path| names(&path.refs)).collect();
    assert_eq!(paths, expected);
    found
}

fn check_cycles(index: &Arc<CatalogIndex>, types: &[RelationType], expected: &[&[&str]]) {
    let query = CycleQuery { types: types.to_vec(), filter: None, first: 10, after: None };
    let page = index.cycles(&query).expect("there is no filter and no cursor");
    let members = |cycle: &Cycle| cycle.members().map(|it| it.entity_ref().name().to_owned()).collect::<Vec<_>>();
    assert_eq!(page.cycles.iter().map(members).collect::<Vec<_>>(), expected);
}

#[test]
fn a_diamond_has_two_shortest_paths_and_one_alone_says_that_there_are_more() {
    let index = catalog(&["web: left right", "left: db", "right: db", "db:"]);
    let one = PathQuery::between(component("web"), component("db"));
    let found = check_paths(&index, &one, &[&["web", "left", "db"]]);
    assert_eq!((found.length, found.is_exhaustive, found.truncation), (Some(2), false, None));
    let all = PathQuery { mode: PathMode::AllShortest, ..one };
    let found = check_paths(&index, &all, &[&["web", "left", "db"], &["web", "right", "db"]]);
    assert!(found.is_exhaustive);
}

#[test]
fn a_path_that_is_longer_than_asked_for_is_not_denied() {
    let index = catalog(&["a: b", "b: c", "c: d", "d:", "alone:"]);
    let query = PathQuery { max_length: 2, ..PathQuery::between(component("a"), component("d")) };
    let found = check_paths(&index, &query, &[]);
    assert!(!found.is_exhaustive);
    assert_eq!(found.truncation.map(|it| (it.reason, it.limit)), Some((TruncationReason::MaxDepth, 2)));
    let found = check_paths(&index, &PathQuery { to: component("alone"), ..query }, &[]);
    assert!(found.is_exhaustive, "there is none, however long");
}

#[test]
fn a_search_that_takes_too_many_steps_ends_and_says_so() {
    // Each entity depends on all others: nobody lives to see all simple paths.
    let all: Vec<String> = (0..20).map(|number| format!("c{number}")).collect();
    let lines: Vec<String> = all.iter().map(|name| format!("{name}: {}", all.join(" "))).collect();
    let index = catalog(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let query = PathQuery {
        mode: PathMode::AllSimple,
        max_length: 19,
        first: 10_000_000,
        max_steps: 100_000,
        ..PathQuery::between(component("c0"), component("c1"))
    };
    let found = index.paths(&query);
    assert_eq!((found.length, found.is_exhaustive), (Some(1), false));
    assert_eq!(found.truncation.map(|it| (it.reason, it.limit)), Some((TruncationReason::MaxSteps, 100_000)));
    assert!(found.paths.len() > 300, "those of two and three steps at least");
}

#[test]
fn steps_are_counted_over_the_whole_walk() {
    let index = catalog(&["a: b", "b: c", "c: d", "d:"]);
    let depth = |max_steps| {
        let direction = GraphDirection::Outgoing;
        let around = GraphQuery::around(vec![component("a")]);
        index.graph(&GraphQuery { direction, depth: 9, max_steps, ..around }).expect("there is no filter")
    };
    let three = depth(3);
    assert_eq!((three.nodes.len(), three.truncation), (4, None));
    let two = depth(2);
    let truncation = two.truncation.expect("it is cut");
    assert_eq!((two.nodes.len(), truncation.reason, truncation.limit), (3, TruncationReason::MaxSteps, 2));
    assert!(truncation.is_lower_bound);
}

#[test]
fn an_unknown_root_is_passed_over_and_a_dangling_one_is_not() {
    let index = catalog(&["web: missing"]);
    let around = |name| index.graph(&GraphQuery::around(vec![component(name)])).expect("there is no filter");
    assert_eq!(around("nobody"), EntityGraph { nodes: Vec::new(), edges: Vec::new(), truncation: None });
    let graph = around("missing");
    let nodes: Vec<_> = graph.nodes.iter().map(|it| (it.entity_ref.name(), it.entity.is_some())).collect();
    assert_eq!(nodes, [("missing", false), ("web", true)]);
    assert!(index.impact(&ImpactQuery::dependents_of(component("missing"))).is_none());
}

#[test]
fn failure_spreads_through_the_apis_that_a_component_provides() {
    let orders = record(component("orders"), json!({"providesApis": ["orders-api"], "dependsOn": ["resource:db"]}));
    let web = record(component("web"), json!({"consumesApis": ["orders-api"], "owner": "team"}));
    let api = EntityRef::new("api", "default", "orders-api").expect("the parts are good");
    let index = Arc::new(CatalogIndex::build(Revision(1), [orders, web, record(api, json!({"owner": "team"}))]));
    let impact = index.impact(&ImpactQuery::dependents_of(component("orders"))).expect("it is there");
    assert_eq!(impact.by_distance(), [(1, 1), (2, 1)]);
    let page = impact.page(Some(&Filter::kind("component")), 5, None).expect("there is no cursor");
    let path = impact.path_to(&page.affected[0]);
    assert_eq!(names(&path.refs), ["orders", "orders-api", "web"]);
    let kinds: Vec<_> = path.steps.iter().map(|step| step.kind).collect();
    assert_eq!(kinds, [RelationType::ProvidesApi, RelationType::ApiConsumedBy]);
    let needed =
        ImpactQuery { direction: ImpactDirection::Dependencies, ..ImpactQuery::dependents_of(component("web")) };
    let impact = index.impact(&needed).expect("it is there");
    assert_eq!(impact.by_distance(), [(1, 1), (2, 1)], "the API and its provider; there is no database");
}

#[test]
fn what_only_leads_to_a_cycle_is_not_in_it() {
    let index = catalog(&["a: b c e", "b: a", "c: d", "d: c", "e: c", "self: self", "f: missing"]);
    check_cycles(&index, &[RelationType::DependsOn], &[&["a", "b"], &["c", "d"]]);
    check_cycles(&index, &[RelationType::DependencyOf, RelationType::DependsOn], &[&["a", "b"], &["c", "d"]]);
    check_cycles(&index, &[], &[]);
}

#[test]
fn cycles_are_known_for_many_sets_of_types_and_forgotten_with_the_snapshot() {
    let index = catalog(&["a: b", "b: a"]);
    for kind in RelationType::ALL {
        let expected: &[&[&str]] =
            if matches!(kind, RelationType::DependsOn | RelationType::DependencyOf) { &[&["a", "b"]] } else { &[] };
        check_cycles(&index, &[kind], expected);
    }
    let removed = vec![crate::ViewChange::Remove(component("b"))];
    check_cycles(&Arc::new(index.apply(Revision(2), removed)), &[RelationType::DependsOn], &[]);
}

#[test]
fn a_circle_of_very_many_needs_no_deep_stack() {
    let count = 30_000;
    let lines: Vec<String> = (0..count).map(|number| format!("c{number}: c{}", (number + 1) % count)).collect();
    let index = catalog(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let query = CycleQuery { types: vec![RelationType::DependsOn], filter: None, first: 1, after: None };
    let page = index.cycles(&query).expect("there is no filter and no cursor");
    assert_eq!((page.total, page.cycles[0].member_count()), (1, count));
}

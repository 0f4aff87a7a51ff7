//! Neighbourhoods, impact, paths and cycles against trying everything, on small random catalogs.

use std::collections::BTreeSet;

use callboard_entity_model::EntityRef;
use callboard_view::{
    Affected, CycleQuery, EntityPath, Filter, GraphDirection, GraphQuery, ImpactDirection, ImpactQuery, PathMode,
    PathQuery, TruncationReason,
};
use proptest::{prelude::*, sample::select, test_runner::Config};

use crate::{
    graphs::{Twice, any_ref, catalog, direction, kind_filter, some_ref, types},
    walks::{Relations, Rule, Way, inverse},
};

type Edge = (EntityRef, &'static str, EntityRef);

fn check_graph(twice: &Twice, query: &GraphQuery) {
    let relations = Relations::of(&twice.model);
    let rule = Rule::new(query.types.as_ref(), query.direction);
    let passing = query.filter.as_ref().map(|filter| twice.model.select(filter));
    let admits = |it: &EntityRef| passing.as_ref().is_none_or(|passing| passing.contains(it));
    let mut reached: Vec<(usize, EntityRef)> = relations
        .distances(&query.roots, &rule, &admits)
        .into_iter()
        .filter(|(_, distance)| *distance <= query.depth)
        .map(|(it, distance)| (distance, it))
        .collect();
    reached.sort();
    let omitted = reached.len().saturating_sub(query.max_nodes);
    reached.truncate(query.max_nodes);

    let graph = twice.index.graph(query).expect("the filter is not too deep");
    let nodes: Vec<_> = graph.nodes.iter().map(|node| (node.distance, node.entity_ref.clone())).collect();
    assert_eq!(nodes, reached);
    let kept: BTreeSet<&EntityRef> = reached.iter().map(|(_, it)| it).collect();
    for node in &graph.nodes {
        let neighbors = relations.neighbors(&node.entity_ref, &rule);
        let hidden: Vec<_> = neighbors.iter().filter(|it| !kept.contains(it)).collect();
        assert_eq!(node.hidden_neighbors, hidden.len() as u64, "hidden from {}", node.entity_ref);
        let is_expanded = node.distance < query.depth && !hidden.iter().any(|it| admits(it));
        assert_eq!(node.is_expanded, is_expanded, "{} is expanded", node.entity_ref);
        assert_eq!(node.is_root, query.roots.contains(&node.entity_ref));
        assert_eq!(node.entity.is_some(), twice.model.has(&node.entity_ref));
    }
    let shown = |kind: &str| match query.merge_inverse {
        true => rule.merged().contains(kind),
        false => rule.types.contains(kind) || rule.types.contains(inverse(kind)),
    };
    let mut edges: Vec<Edge> = Vec::new();
    for source in &kept {
        let seen = relations.seen_from(source).into_iter();
        let between = seen.filter(|(kind, target)| shown(kind) && kept.contains(target));
        edges.extend(between.map(|(kind, target)| ((*source).clone(), kind, target)));
    }
    let omitted_edges = edges.len().saturating_sub(query.max_edges);
    let distance = |it: &EntityRef| reached.iter().find(|(_, other)| other == it).expect("it is kept").0;
    edges.sort_by_key(|edge| (distance(&edge.0).max(distance(&edge.2)), edge.clone()));
    edges.truncate(query.max_edges);
    edges.sort();
    let answered: Vec<Edge> =
        graph.edges.iter().map(|it| (it.source.clone(), it.kind.as_str(), it.target.clone())).collect();
    assert_eq!(answered, edges);
    for edge in &graph.edges {
        assert_eq!(edge.inverse, query.merge_inverse.then(|| edge.kind.inverse()));
    }
    let truncation = graph.truncation.map(|it| (it.reason, it.limit, it.omitted_nodes, it.omitted_edges));
    let expected = match (omitted as u64, omitted_edges as u64) {
        (0, 0) => None,
        (0, edges) => Some((TruncationReason::MaxEdges, query.max_edges as u64, 0, edges)),
        (nodes, edges) => Some((TruncationReason::MaxNodes, query.max_nodes as u64, nodes, edges)),
    };
    assert_eq!(truncation, expected);
    assert!(graph.truncation.is_none_or(|truncation| !truncation.is_lower_bound));
}

fn way_of(path: &EntityPath) -> Way {
    assert_eq!(path.refs.len(), path.steps.len() + 1);
    let mut way = vec![("", path.refs[0].clone())];
    for (step, pair) in path.steps.iter().zip(path.refs.windows(2)) {
        assert_eq!([&step.source, &step.target], [&pair[0], &pair[1]]);
        way.push((step.kind.as_str(), step.target.clone()));
    }
    way
}

fn check_impact(twice: &Twice, query: &ImpactQuery, filter: Option<&Filter>, first: usize) {
    let Some(impact) = twice.index.impact(query) else {
        assert!(!twice.model.has(&query.root));
        return;
    };
    assert_eq!(impact.root().entity_ref(), &query.root);
    let types = query.types.clone().unwrap_or_else(|| {
        let names = ["dependsOn", "consumesApi", "apiProvidedBy"];
        names.iter().filter_map(|name| callboard_entity_model::RelationType::from_name(name)).collect()
    });
    let direction = match query.direction {
        ImpactDirection::Dependents => GraphDirection::Incoming,
        ImpactDirection::Dependencies => GraphDirection::Outgoing,
    };
    let relations = Relations::of(&twice.model);
    let rule = Rule::new(Some(&types), direction);
    let distances = relations.distances(std::slice::from_ref(&query.root), &rule, &|_| true);
    let all = distances.iter().filter(|(it, _)| **it != query.root && twice.model.has(it));
    let (mut within, mut beyond) = (Vec::new(), 0);
    for (it, distance) in all {
        if *distance <= query.max_depth { within.push((*distance, it.clone())) } else { beyond += 1 }
    }
    within.sort();
    assert_eq!(impact.affected().len(), within.len() as u64);
    let counted: u64 = impact.by_distance().iter().map(|(_, count)| count).sum();
    assert_eq!(counted, within.len() as u64);
    for (distance, count) in impact.by_distance() {
        assert_eq!(within.iter().filter(|(other, _)| *other == distance).count() as u64, count);
    }
    let truncation = impact.truncation().map(|it| (it.reason, it.limit, it.omitted_nodes, it.is_lower_bound));
    let expected = (beyond > 0).then_some((TruncationReason::MaxDepth, query.max_depth as u64, beyond, false));
    assert_eq!(truncation, expected);
    let mut owners: Vec<_> = within.iter().map(|(_, it)| it.clone()).collect();
    owners.sort();
    let facet = twice.index.facet(impact.affected(), "owner", 3).expect("the field is known");
    let values: Vec<_> = facet.values.into_iter().map(|value| (value.value, value.count)).collect();
    assert_eq!((values, facet.other_count), twice.model.facet(&owners, "owner", 3));

    let passing = filter.map(|filter| twice.model.select(filter));
    let expected: Vec<_> =
        within.into_iter().filter(|(_, it)| passing.as_ref().is_none_or(|passing| passing.contains(it))).collect();
    let mut paged: Vec<(usize, EntityRef)> = Vec::new();
    let mut after = None;
    loop {
        let page = impact.page(filter, first, after.as_deref()).expect("the cursor is good");
        assert_eq!((page.total, page.has_previous), (expected.len() as u64, after.is_some()));
        for affected in &page.affected {
            check_path_to(&relations, &rule, &impact.path_to(affected), affected, &query.root);
        }
        paged.extend(page.affected.iter().map(|it| (it.distance, it.entity.entity_ref().clone())));
        assert!(paged.len() <= expected.len(), "the pages repeat themselves");
        if !page.has_next {
            break;
        }
        after = page.affected.last().map(Affected::cursor);
    }
    assert_eq!(paged, expected);
}

fn check_path_to(relations: &Relations, rule: &Rule, path: &EntityPath, affected: &Affected, root: &EntityRef) {
    let way = way_of(path);
    assert_eq!(path.len(), affected.distance);
    let all = relations.simple_paths(root, affected.entity.entity_ref(), rule);
    let mut shortest: Vec<_> = all.into_iter().filter(|other| other.len() == way.len()).collect();
    shortest.sort_by_key(|way| way.iter().rev().map(|(_, it)| it.clone()).collect::<Vec<_>>());
    assert_eq!(way, shortest[0]);
}

fn check_paths(twice: &Twice, query: &PathQuery) {
    let relations = Relations::of(&twice.model);
    let rule = Rule::new(query.types.as_ref(), query.direction);
    let all = relations.simple_paths(&query.from, &query.to, &rule);
    let shortest = all.first().map(|way| way.len() - 1);
    let asked: Vec<&Way> = match query.mode {
        PathMode::AllSimple => all.iter().collect(),
        _ => all.iter().filter(|way| Some(way.len() - 1) == shortest).collect(),
    };
    let most = if query.mode == PathMode::Shortest { query.first.min(1) } else { query.first };
    let short = asked.iter().filter(|way| way.len() - 1 <= query.max_length);
    let expected: Vec<Way> = short.clone().take(most).map(|way| (*way).clone()).collect();

    let found = twice.index.paths(query);
    assert_eq!(found.paths.iter().map(way_of).collect::<Vec<_>>(), expected);
    assert_eq!(found.length, shortest.filter(|_| !expected.is_empty()));
    assert_eq!(found.is_exhaustive, expected.len() == asked.len(), "{found:?} of {asked:?}");
    // Only a length that is too short cuts here; that there are more than asked for is no cut.
    let is_cut = short.count() == expected.len() && expected.len() < asked.len();
    let reason = found.truncation.map(|truncation| (truncation.reason, truncation.limit));
    assert_eq!(reason, is_cut.then_some((TruncationReason::MaxDepth, query.max_length as u64)));
}

fn check_cycles(twice: &Twice, query: &CycleQuery) {
    let relations = Relations::of(&twice.model);
    let rule = Rule::new(Some(&query.types), GraphDirection::Outgoing);
    let expected = relations.cycles(&twice.model, &rule, query.filter.as_ref());
    let mut paged: Vec<Vec<EntityRef>> = Vec::new();
    let mut query = query.clone();
    loop {
        let page = twice.index.cycles(&query).expect("the cursor is good");
        assert_eq!((page.total, page.has_previous), (expected.len(), query.after.is_some()));
        for cycle in &page.cycles {
            let members: Vec<EntityRef> = cycle.members().map(|it| it.entity_ref().clone()).collect();
            let mut edges: Vec<Edge> = Vec::new();
            for source in &members {
                let seen = relations.seen_from(source).into_iter();
                let inside = seen.filter(|(kind, target)| rule.merged().contains(kind) && members.contains(target));
                edges.extend(inside.map(|(kind, target)| (source.clone(), kind, target)));
            }
            let edge = |it: &callboard_view::GraphEdge| (it.source.clone(), it.kind.as_str(), it.target.clone());
            assert_eq!(cycle.edges().iter().map(edge).collect::<Vec<_>>(), edges);
            assert_eq!(cycle.member_count(), members.len());
            paged.push(members);
        }
        assert!(paged.len() <= expected.len(), "the pages repeat themselves");
        if !page.has_next {
            break;
        }
        query.after = page.cycles.last().map(callboard_view::Cycle::cursor);
    }
    assert_eq!(paged, expected);
}

proptest! {
    #![proptest_config(Config { cases: 400, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_neighbourhood_is_what_trying_everything_finds(
        twice in catalog(),
        roots in prop::collection::vec(any_ref(), 0..3),
        direction in direction(),
        types in types(),
        depth in 0usize..5,
        filter in kind_filter(),
        max_nodes in select(vec![1, 2, 3, 5, 100]),
        max_edges in select(vec![0, 2, 5, 1000]),
        merge_inverse in any::<bool>(),
    ) {
        let around = GraphQuery::around(roots);
        let query = GraphQuery { direction, types, depth, filter, max_nodes, max_edges, merge_inverse, ..around };
        check_graph(&twice, &query);
    }

    #[test]
    fn impact_is_what_trying_everything_finds(
        twice in catalog(),
        root in any_ref(),
        direction in select(vec![ImpactDirection::Dependents, ImpactDirection::Dependencies]),
        types in types(),
        max_depth in 0usize..6,
        filter in kind_filter(),
        first in 1usize..4,
    ) {
        let query = ImpactQuery { direction, types, max_depth, ..ImpactQuery::dependents_of(root) };
        check_impact(&twice, &query, filter.as_ref(), first);
    }

    #[test]
    fn paths_are_what_trying_everything_finds(
        twice in catalog(),
        (from, to) in (any_ref(), any_ref()),
        direction in direction(),
        types in types(),
        mode in select(vec![PathMode::Shortest, PathMode::AllShortest, PathMode::AllSimple]),
        max_length in 0usize..8,
        first in select(vec![0, 1, 2, 3, 1000]),
    ) {
        let query = PathQuery { direction, types, mode, max_length, first, ..PathQuery::between(from, to) };
        check_paths(&twice, &query);
    }

    #[test]
    fn cycles_are_what_trying_everything_finds(
        twice in catalog(),
        types in types(),
        filter in kind_filter(),
        first in 1usize..3,
    ) {
        let types = types.unwrap_or_else(|| vec![callboard_entity_model::RelationType::DependsOn]);
        check_cycles(&twice, &CycleQuery { types, filter, first, after: None });
    }

    #[test]
    fn a_walk_that_runs_out_of_steps_says_so_and_shows_nothing_wrong(
        twice in catalog(),
        (from, to) in (some_ref(), some_ref()),
        direction in direction(),
        max_steps in 0u64..12,
    ) {
        let whole = GraphQuery { direction, depth: 9, ..GraphQuery::around(vec![from.clone()]) };
        let all = twice.index.graph(&whole).expect("there is no filter");
        let some = twice.index.graph(&GraphQuery { max_steps, ..whole }).expect("there is no filter");
        prop_assert_eq!(some.truncation.is_some_and(|it| it.is_lower_bound), some.truncation.is_some());
        prop_assert!(some.truncation.is_some() || some == all);
        let shown = all.nodes.iter().take(some.nodes.len()).map(|node| (&node.entity_ref, node.distance));
        prop_assert!(some.nodes.iter().map(|node| (&node.entity_ref, node.distance)).eq(shown));

        let whole = ImpactQuery { max_depth: 99, ..ImpactQuery::dependents_of(from.clone()) };
        if let Some(all) = twice.index.impact(&whole) {
            let some = twice.index.impact(&ImpactQuery { max_steps, ..whole }).expect("the root is there");
            prop_assert!(some.affected().len() <= all.affected().len());
            let is_whole = some.affected().len() == all.affected().len();
            prop_assert!(some.truncation().is_some() || is_whole);
        }

        let mode = PathMode::AllSimple;
        let whole = PathQuery { direction, mode, max_length: 20, first: 10_000, ..PathQuery::between(from, to) };
        let all = twice.index.paths(&whole);
        let some = twice.index.paths(&PathQuery { max_steps, ..whole });
        prop_assert!(all.is_exhaustive && all.truncation.is_none());
        prop_assert_eq!(some.is_exhaustive, some.truncation.is_none());
        prop_assert!(some.truncation.is_some() || some.paths == all.paths);
        prop_assert_eq!(&some.paths[..], &all.paths[..some.paths.len()]);
    }
}

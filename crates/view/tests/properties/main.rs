//! The view against a plain model: whatever changes were applied, every query answers as a walk over all documents does.
//!
//! `catalogs` makes random catalogs and changes, `queries` random questions, `model` answers them the slow way. What goes
//! along relations is in `walking`, on the catalogs of `graphs`, with `walks` as the slow way.
#![allow(clippy::expect_used, reason = "a test may fail by panicking, in its helpers too")]

mod catalogs;
mod graphs;
mod model;
mod queries;
mod walking;
mod walks;

use std::sync::Arc;

use callboard_entity_model::Revision;
use callboard_view::{CatalogIndex, Filter, Order, PageRequest, Selection};
use proptest::{prelude::*, test_runner::Config};

use self::{catalogs::Change, model::Model, queries::FACET_FIELDS};

/// Applies the changes to an empty index and to a model, and asks both after each batch.
fn check_batches(batches: &[Vec<Change>], filters: &[Filter], orders: &[Order], limit: usize) {
    let mut index = Arc::new(CatalogIndex::empty());
    let mut model = Model::default();
    let mut revision = Revision(0);
    let mut earlier = Vec::new();
    for batch in batches {
        earlier.push((Arc::clone(&index), model.clone()));
        revision = revision.next();
        batch.iter().for_each(|change| model.apply(change));
        index = Arc::new(index.apply(revision, batch.iter().map(Change::to_view).collect()));
        check_queries(&index, &model, filters, orders, limit);
    }
    let built = Arc::new(CatalogIndex::build(revision, model.records()));
    check_queries(&built, &model, filters, orders, limit);
    // Older snapshots have not moved, though newer ones have changed the parts that they share.
    for (index, model) in earlier {
        check_queries(&index, &model, filters, orders, limit);
    }
}

fn check_queries(index: &Arc<CatalogIndex>, model: &Model, filters: &[Filter], orders: &[Order], limit: usize) {
    assert_eq!(index.len(), model.len());
    assert_eq!(index.kind_counts(), model.kind_counts());
    assert_eq!(index.relation_counts(), model.relation_counts());
    for record in model.records() {
        let entity = index.entity(&record.entity_ref).expect("the entity is there");
        assert_eq!(entity.record(), &record);
        let relations: Vec<_> = entity.relations().into_iter().map(|it| (it.kind, it.direction, it.target)).collect();
        assert_eq!(relations, model.relations(&record.entity_ref), "relations of {}", record.entity_ref);
        for relation in entity.relations() {
            assert_eq!(relation.is_dangling(), !model.has(&relation.target));
        }
    }
    for filter in filters {
        let selection = index.select(Some(filter)).expect("the filter is not too deep");
        let mut selected: Vec<_> = index.handles(&selection).map(|entity| entity.entity_ref().clone()).collect();
        selected.sort();
        assert_eq!(selected, model.select(filter), "{filter:?}");
        assert_eq!(selection.len(), selected.len() as u64);
        check_pages(index, model, filter, &selection, orders, limit);
        for field in FACET_FIELDS {
            let facet = index.facet(&selection, field, limit).expect("the field is known");
            let values: Vec<_> = facet.values.into_iter().map(|value| (value.value, value.count)).collect();
            assert_eq!(
                (values, facet.other_count),
                model.facet(&selected, field, limit),
                "facet {field} of {filter:?}"
            );
        }
        for record in model.records().into_iter().step_by(7) {
            let is_selected = selected.binary_search(&record.entity_ref).is_ok();
            assert_eq!(index.matches(filter, &record), Ok(is_selected));
        }
    }
}

/// Pages through the whole list in both directions.
fn check_pages(
    index: &Arc<CatalogIndex>,
    model: &Model,
    filter: &Filter,
    selection: &Selection,
    orders: &[Order],
    limit: usize,
) {
    let expected = model.sorted(&model.select(filter), orders);
    let mut forward = Vec::new();
    let mut after = None;
    loop {
        let request = PageRequest::Forward { first: limit, after: after.clone() };
        let page = index.page(selection, orders, &request).expect("the order is known");
        assert_eq!(page.has_previous, after.is_some(), "has_previous under {orders:?}");
        assert_eq!(page.total, expected.len() as u64);
        forward.extend(page.edges.iter().map(|edge| edge.entity.entity_ref().clone()));
        after = page.end_cursor();
        assert!(forward.len() <= expected.len(), "the pages of {filter:?} under {orders:?} repeat themselves");
        if !page.has_next {
            break;
        }
    }
    assert_eq!(forward, expected, "forward through {filter:?} under {orders:?}");
    let mut backward = Vec::new();
    let mut before = None;
    loop {
        let request = PageRequest::Backward { last: limit, before: before.clone() };
        let page = index.page(selection, orders, &request).expect("the order is known");
        assert_eq!(page.has_next, before.is_some(), "has_next under {orders:?}");
        backward.extend(page.edges.iter().rev().map(|edge| edge.entity.entity_ref().clone()));
        before = page.start_cursor();
        assert!(backward.len() <= expected.len(), "the pages of {filter:?} under {orders:?} repeat themselves");
        if !page.has_previous {
            break;
        }
    }
    backward.reverse();
    assert_eq!(backward, expected, "backward through {filter:?} under {orders:?}");
}

proptest! {
    #![proptest_config(Config { cases: 40, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_query_answers_as_a_walk_over_all_documents(
        batches in prop::collection::vec(prop::collection::vec(catalogs::change(), 0..24), 1..5),
        filters in prop::collection::vec(queries::filter(), 1..5),
        orders in prop::collection::vec(queries::order(), 0..3),
        limit in 1usize..6,
    ) {
        check_batches(&batches, &filters, &orders, limit);
    }
}

#[test]
fn a_page_goes_on_where_it_ended_whatever_came_and_went_in_between() {
    let mut runner =
        proptest::test_runner::TestRunner::new(Config { cases: 100, failure_persistence: None, ..Config::default() });
    let strategy = (
        prop::collection::vec(catalogs::change(), 1..40),
        prop::collection::vec(catalogs::change(), 1..20),
        prop::collection::vec(queries::order(), 0..3),
        1usize..5,
    );
    runner
        .run(&strategy, |(before, changes, orders, limit)| {
            let mut model = Model::default();
            before.iter().for_each(|change| model.apply(change));
            let index = Arc::new(CatalogIndex::build(Revision(1), model.records()));
            let all = index.select(None).expect("no filter is no problem");
            let first = index.page(&all, &orders, &PageRequest::first(limit)).expect("the order is known");
            let seen: Vec<_> = first.edges.iter().map(|edge| edge.entity.entity_ref().clone()).collect();

            let old = model.clone();
            changes.iter().for_each(|change| model.apply(change));
            let index = Arc::new(index.apply(Revision(2), changes.iter().map(Change::to_view).collect()));
            let all = index.select(None).expect("no filter is no problem");
            let rest = PageRequest::Forward { first: 1000, after: first.end_cursor() };
            let rest = index.page(&all, &orders, &rest).expect("the cursor is good");
            let rest: Vec<_> = rest.edges.iter().map(|edge| edge.entity.entity_ref().clone()).collect();
            for record in old.records().into_iter().filter(|record| model.records().contains(record)) {
                let times =
                    usize::from(seen.contains(&record.entity_ref)) + usize::from(rest.contains(&record.entity_ref));
                prop_assert_eq!(times, 1, "{} was seen {} times", record.entity_ref, times);
            }
            Ok(())
        })
        .expect("the property holds");
}

//! The removal guard: large removals wait for somebody to confirm them.

use callboard_catalog::{CatalogError, RemovalGuard};
use callboard_testkit::on_each_database;
use uuid::Uuid;

use crate::world::{World, alice};

/// `a: component:default/c0=1 … ` with so many entities.
fn file(location: &str, count: usize) -> String {
    let entities: Vec<String> = (0..count).map(|n| format!("component:default/{location}{n}=1")).collect();
    format!("{location}: {}", entities.join(" "))
}

fn check_count(world: &World, entities: usize, held: usize, source: Uuid) {
    let snapshot = world.catalog.snapshot();
    assert_eq!(snapshot.index.len(), entities);
    assert_eq!(snapshot.sources.held_removals(source).len(), held);
}

#[test]
fn the_guard_holds_only_what_is_both_many_and_a_large_share() {
    let guard = RemovalGuard { share: 0.5, more_than: 10 };
    for (removed, total, holds) in [(10, 10, false), (11, 11, true), (11, 22, false), (12, 22, true)] {
        assert_eq!(guard.holds(removed, total), holds, "{removed} of {total}");
    }
    assert!(!RemovalGuard { share: 1.0, more_than: 0 }.holds(5, 5), "a share of 1 switches the guard off");
}

#[tokio::test]
async fn a_large_removal_waits_while_additions_and_changes_are_committed() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", &file("a", 20)).await;
        let outcome = world.change(source, "a: component:default/a0=2 component:default/new=1").await;
        assert_eq!((outcome.held.len(), outcome.added.len(), outcome.changed.len()), (19, 1, 1));
        check_count(&world, 21, 19, source);
        world.check_problems(
            source,
            "REMOVAL_HELD 19 entities would go, for example `component:default/a1`; \
             they stay until somebody confirms the removal",
        );
    })
    .await;
}

#[tokio::test]
async fn a_held_removal_stays_held_at_the_next_reading() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", &file("a", 20)).await;
        world.change(source, "a: ").await;
        let outcome = world.read(source).await;
        check_count(&world, 20, 20, source);
        assert!(outcome.is_unchanged());
    })
    .await;
}

#[tokio::test]
async fn confirming_removes_what_waits() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", &file("a", 20)).await;
        world.change(source, "a: component:default/a0=1").await;
        let outcome = world.catalog.confirm_removal(source, &alice()).await.unwrap();
        assert_eq!(outcome.removed.len(), 19);
        check_count(&world, 1, 0, source);
        world.check_problems(source, "");
        world.check_view_is_log().await;
        let again = world.catalog.confirm_removal(source, &alice()).await;
        assert!(matches!(again, Err(CatalogError::NothingHeld { .. })));
    })
    .await;
}

#[tokio::test]
async fn what_a_changed_file_brings_back_no_longer_waits() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", &file("a", 20)).await;
        world.change(source, "a: component:default/a0=1").await;
        let outcome = world.change(source, &file("a", 20)).await;
        assert!(outcome.is_unchanged() && outcome.held.is_empty());
        check_count(&world, 20, 0, source);
        world.check_problems(source, "");
    })
    .await;
}

#[tokio::test]
async fn a_file_that_vanishes_and_comes_back_leaves_no_trace_in_the_log() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let both = format!("{}\n{}", file("a", 20), file("b", 2));
        let source = world.source("/catalog", &both).await;
        let revision = world.catalog.snapshot().revision();
        world.change(source, &file("b", 2)).await;
        check_count(&world, 22, 20, source);
        world.read(source).await;
        check_count(&world, 22, 20, source);
        world.change(source, &both).await;
        check_count(&world, 22, 0, source);
        assert_eq!(world.catalog.snapshot().revision(), revision);
    })
    .await;
}

#[tokio::test]
async fn confirming_a_vanished_file_forgets_it() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", &format!("{}\n{}", file("a", 20), file("b", 2))).await;
        world.change(source, &file("b", 2)).await;
        let outcome = world.catalog.confirm_removal(source, &alice()).await.unwrap();
        assert_eq!((outcome.removed.len(), outcome.file_count), (20, 1));
        check_count(&world, 2, 0, source);
        assert!(world.read(source).await.is_unchanged());
    })
    .await;
}

#[tokio::test]
async fn a_location_dropped_from_the_configuration_waits_too() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", &file("a", 20)).await;
        world.catalog.sync_config_locations(Vec::new()).await.unwrap();
        world.catalog.sync_config_locations(Vec::new()).await.unwrap();
        check_count(&world, 20, 20, source);
        assert!(world.catalog.snapshot().sources.source(source).unwrap().removed_at.is_some());
        world.catalog.confirm_removal(source, &alice()).await.unwrap();
        assert!(world.catalog.snapshot().sources.source(source).is_none());
        world.check_entities("");
        world.check_view_is_log().await;
    })
    .await;
}

#[tokio::test]
async fn a_location_that_comes_back_into_the_configuration_waits_no_longer() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", &file("a", 20)).await;
        let revision = world.catalog.snapshot().revision();
        world.catalog.sync_config_locations(Vec::new()).await.unwrap();
        let back = world.source("/catalog", &file("a", 20)).await;
        assert_eq!(back, source);
        check_count(&world, 20, 0, source);
        assert_eq!(world.catalog.snapshot().revision(), revision);
    })
    .await;
}

#[tokio::test]
async fn a_small_location_dropped_from_the_configuration_goes_at_once() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        world.source("/catalog", &file("a", 5)).await;
        world.catalog.sync_config_locations(Vec::new()).await.unwrap();
        world.check_entities("");
        assert!(world.catalog.snapshot().sources.is_empty());
    })
    .await;
}

//! Two claims on one entity: the first keeps it, the second waits, visible, and takes over.

use callboard_catalog::{Actor, CatalogError};
use callboard_testkit::on_each_database;

use crate::world::{World, alice, reference, url};

const WEB: &str = "component:default/web";

#[tokio::test]
async fn the_first_source_keeps_an_entity_and_the_claim_of_the_second_is_visible() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let first = world.source("/first", "a: component:default/web=1").await;
        let second = world.source("/second", "b: component:default/web=2 component:default/app=1").await;
        world.check_entities("component:default/app=1 b\ncomponent:default/web=1 a");
        world.check_problems(first, "");
        world.check_problems(
            second,
            "CONFLICT `component:default/web` was declared first in a, which keeps it until it lets go",
        );
        let snapshot = world.catalog.snapshot();
        let claims = snapshot.sources.claims_of(&reference(WEB));
        assert_eq!(claims.len(), 1);
        assert_eq!((claims[0].source, claims[0].holder), (second, Some(first)));
        assert!(snapshot.sources.claims_of(&reference("component:default/app")).is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_claim_takes_over_when_the_first_lets_go() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let first = world.source("/first", "a: component:default/web=1").await;
        let second = world.source("/second", "b: component:default/web=2").await;
        let outcome = world.change(first, "a: ").await;
        assert_eq!(outcome.changed, [reference(WEB)]);
        world.check_log(1, "2 updated component:default/web b").await;
        world.check_entities("component:default/web=2 b");
        world.check_problems(second, "");
        world.change(second, "b: ").await;
        world.check_entities("");
    })
    .await;
}

#[tokio::test]
async fn a_claim_that_changes_while_it_waits_takes_over_with_what_it_says_last() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let first = world.source("/first", "a: component:default/web=1").await;
        let second = world.source("/second", "b: component:default/web=2").await;
        let outcome = world.change(second, "b: component:default/web=3").await;
        assert!(outcome.is_unchanged());
        world.change(first, "a: ").await;
        world.check_entities("component:default/web=3 b");
    })
    .await;
}

#[tokio::test]
async fn a_claim_that_is_withdrawn_leaves_nothing_behind() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let first = world.source("/first", "a: component:default/web=1").await;
        let second = world.source("/second", "b: component:default/web=2").await;
        world.change(second, "b: ").await;
        world.check_problems(second, "");
        world.change(first, "a: ").await;
        world.check_entities("");
    })
    .await;
}

#[tokio::test]
async fn the_oldest_of_two_claims_takes_over() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let first = world.source("/first", "a: component:default/web=1").await;
        world.source("/third", "c: component:default/web=3").await;
        world.source("/second", "b: component:default/web=2").await;
        world.change(first, "a: ").await;
        world.check_entities("component:default/web=3 c");
    })
    .await;
}

#[tokio::test]
async fn another_file_of_the_same_source_takes_over_before_an_older_claim() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let first = world.source("/first", "a: component:default/web=1").await;
        world.source("/second", "b: component:default/web=2").await;
        world.change(first, "a: component:default/web=1\nc: component:default/web=3").await;
        world.check_problems(first, "CONFLICT `component:default/web` is declared in a already");
        world.change(first, "c: component:default/web=3").await;
        world.check_entities("component:default/web=3 c");
        world.check_problems(first, "");
    })
    .await;
}

#[tokio::test]
async fn unregistering_the_holder_passes_its_entities_on() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        world.reader.set("https://a", "a: component:default/web=1 component:default/app=1");
        let registered = world.catalog.register_location(url("https://a"), false, &alice()).await.unwrap();
        let id = registered.source.unwrap().id;
        world.source("/second", "b: component:default/web=2").await;
        let planned = world.catalog.unregister_location(id, true, &alice()).await.unwrap();
        world.check_entities("component:default/app=1 a\ncomponent:default/web=1 a");
        let outcome = world.catalog.unregister_location(id, false, &alice()).await.unwrap();
        assert_eq!((&planned.removed, &planned.taken_over), (&outcome.removed, &outcome.taken_over));
        assert_eq!(outcome.removed, [reference("component:default/app")]);
        assert_eq!(outcome.taken_over, [reference(WEB)]);
        world.check_entities("component:default/web=2 b");
        assert!(world.catalog.snapshot().sources.source(id).is_none());
        world.check_view_is_log().await;
        let again = world.catalog.unregister_location(id, false, &Actor::system()).await;
        assert!(matches!(again, Err(CatalogError::SourceNotFound { .. })));
    })
    .await;
}

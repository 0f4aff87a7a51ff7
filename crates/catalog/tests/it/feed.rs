//! The feed: in order, without gap or duplicate at the seam between log and memory.

use callboard_catalog::CatalogSettings;
use callboard_entity_model::Revision;
use callboard_testkit::on_each_database;
use futures::StreamExt;

use crate::world::{World, describe};

/// Writes two entities before and two after the subscription; `recent` changes stay in memory.
async fn check_feed(recent: usize, after: Option<u64>, expected: &[&str]) {
    on_each_database(async |database| {
        let settings = CatalogSettings { recent_changes: recent, ..CatalogSettings::default() };
        let world = World::with_settings(database.connection(), settings).await;
        let source = world.source("/catalog", "a: component:default/a=1 component:default/b=1").await;
        let feed = world.catalog.changes(after.map(Revision));
        world.change(source, "a: component:default/a=2 component:default/b=1").await;
        world.change(source, "a: component:default/a=2").await;
        let heard: Vec<String> = feed.take(expected.len()).map(|change| describe(&change.unwrap())).collect().await;
        assert_eq!(heard, expected);
    })
    .await;
}

const ALL: [&str; 4] = [
    "1 created component:default/a a",
    "2 created component:default/b a",
    "3 updated component:default/a a",
    "4 deleted component:default/b a",
];

#[tokio::test]
async fn a_subscriber_that_starts_now_hears_only_what_comes() {
    check_feed(100, None, &ALL[2..]).await;
}

#[tokio::test]
async fn a_subscriber_that_resumes_hears_everything_after_its_revision() {
    check_feed(100, Some(1), &ALL[1..]).await;
}

#[tokio::test]
async fn what_memory_no_longer_holds_comes_from_the_log() {
    check_feed(1, Some(0), &ALL).await;
}

#[tokio::test]
async fn a_subscriber_can_look_up_what_it_hears_of() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let mut feed = std::pin::pin!(world.catalog.changes(None));
        world.source("/catalog", "a: component:default/a=1").await;
        let change = feed.next().await.unwrap().unwrap();
        assert!(world.catalog.snapshot().index.record(&change.entity_ref).is_some());
        world.catalog.revision_at_least(change.revision).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_page_ends_at_its_limit_and_goes_on_after_it() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", "a: component:default/a=1 component:default/b=1").await;
        world.change(source, "a: component:default/a=2").await;
        let first = world.catalog.changes_page(Revision(0), 3).await.unwrap();
        let rest = world.catalog.changes_page(first[2].revision, 3).await.unwrap();
        assert_eq!((first.len(), rest.len()), (3, 1));
    })
    .await;
}

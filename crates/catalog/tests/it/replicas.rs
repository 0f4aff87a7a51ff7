//! Several replicas on one database: each sees every revision once, in order.

use std::sync::Arc;

use callboard_catalog::{Actor, Cause, ReadMode};
use callboard_entity_model::Revision;
use callboard_testkit::on_each_database;
use futures::StreamExt;

use crate::world::{World, alice, check_log_is_consistent, url};

const WRITERS: usize = 2;
const ROUNDS: usize = 15;

#[tokio::test]
async fn a_replica_catches_up_with_what_another_wrote() {
    on_each_database(async |database| {
        let first = World::new(database).await;
        let second = first.replica(database.connect_again().await.unwrap()).await;
        let source = first.source("/catalog", "a: component:default/web=1 PROBLEM:odd").await;
        second.catalog.catch_up().await.unwrap();
        second.check_entities("component:default/web=1 a");
        second.check_problems(source, "INVALID_ENTITY odd");
        first.change(source, "a: component:default/web=2").await;
        second.catalog.catch_up().await.unwrap();
        second.check_entities("component:default/web=2 a");
        second.check_problems(source, "");
        second.check_log(0, "1 created component:default/web a\n2 updated component:default/web a").await;
    })
    .await;
}

#[tokio::test]
async fn a_replica_that_writes_after_another_shows_both() {
    on_each_database(async |database| {
        let first = World::new(database).await;
        let source = first.source("/catalog", "a: component:default/web=1").await;
        let second = first.replica(database.connect_again().await.unwrap()).await;
        first.change(source, "a: component:default/web=2").await;
        let outcome = second.change(source, "a: component:default/web=2 component:default/app=1").await;
        assert_eq!(outcome.added.len(), 1);
        second.check_entities("component:default/app=1 a\ncomponent:default/web=2 a");
    })
    .await;
}

#[tokio::test]
async fn a_small_index_takes_in_a_large_import_of_another_replica_whole() {
    on_each_database(async |database| {
        let first = World::new(database).await;
        let second = first.replica(database.connect_again().await.unwrap()).await;
        let many: Vec<String> = (0..10_100).map(|n| format!("component:default/c{n}=1")).collect();
        first.reader.set("https://many", &format!("a: {}", many.join(" ")));
        first.catalog.register_location(url("https://many"), false, &alice()).await.unwrap();
        second.catalog.catch_up().await.unwrap();
        assert_eq!(second.catalog.snapshot().index.len(), 10_100);
        assert_eq!(second.catalog.snapshot().revision(), Revision(10_100));
        let page = second.catalog.changes_page(Revision(10_000), 1_000).await.unwrap();
        assert_eq!(page.len(), 100);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_writers_leave_no_gap_and_a_tailer_sees_each_revision_once() {
    on_each_database(async |database| {
        let observer = World::new(database).await;
        let mut writers = Vec::new();
        for writer in 0..WRITERS {
            let replica = observer.replica(database.connect_again().await.unwrap()).await;
            writers.push(tokio::spawn(write_rounds(replica, writer)));
        }
        let tail = observer.catalog.clone();
        let follow = tokio::spawn(async move {
            let mut heard = Vec::new();
            let feed = tail.changes(Some(Revision(0)));
            let mut feed = std::pin::pin!(feed);
            while heard.len() < expected_changes() {
                tokio::select! {
                    change = feed.next() => heard.push(change.unwrap().unwrap().revision.0),
                    caught_up = tail.catch_up() => { caught_up.unwrap(); tokio::task::yield_now().await; }
                }
            }
            heard
        });
        for writer in writers {
            let catalog = writer.await.unwrap();
            check_log_is_consistent(&catalog).await;
        }
        let heard = follow.await.unwrap();
        assert_eq!(heard, (1..=expected_changes() as u64).collect::<Vec<_>>());
        check_log_is_consistent(&observer.catalog).await;
    })
    .await;
}

/// Each round but the first changes one entity, adds one, and (beyond the second) removes one.
fn expected_changes() -> usize {
    WRITERS * (1 + (ROUNDS - 1) * 2 + (ROUNDS - 2))
}

async fn write_rounds(world: World, writer: usize) -> callboard_catalog::Catalog {
    let target = format!("https://{writer}");
    let file = format!("file{writer}");
    let text = |round: usize| {
        let newest = format!("component:default/w{writer}-{round}=1");
        let before = round.checked_sub(1).map(|n| format!("component:default/w{writer}-{n}=2")).unwrap_or_default();
        format!("{file}: {newest} {before}")
    };
    world.reader.set(&target, &text(0));
    let registered = world.catalog.register_location(url(&target), false, &alice()).await.unwrap();
    let id = registered.source.unwrap().id;
    for round in 1..ROUNDS {
        world.reader.set(&target, &text(round));
        let outcome =
            world.catalog.refresh_source(id, ReadMode::Conditional, Cause::Watch, &Actor::system()).await.unwrap();
        assert!(world.catalog.snapshot().revision() >= outcome.revision, "a write is not visible to its writer");
    }
    world.catalog.catch_up().await.unwrap();
    world.catalog
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_that_read_the_same_source_at_once_write_each_change_once() {
    on_each_database(async |database| {
        let first = World::new(database).await;
        let source = first.source("/catalog", "a: component:default/web=0").await;
        let second = Arc::new(first.replica(database.connect_again().await.unwrap()).await);
        for round in 1..10u64 {
            first.reader.set("/catalog", &format!("a: component:default/web={round}"));
            let actor = Actor::system();
            let both = tokio::join!(
                first.catalog.refresh_source(source, ReadMode::Conditional, Cause::Watch, &actor),
                second.catalog.refresh_source(source, ReadMode::Conditional, Cause::Watch, &actor),
            );
            both.0.unwrap();
            both.1.unwrap();
            first.catalog.catch_up().await.unwrap();
            assert_eq!(first.catalog.snapshot().revision(), Revision(round + 1), "round {round}");
        }
        check_log_is_consistent(&first.catalog).await;
    })
    .await;
}

//! Cursors: what they are good for on this log, on others, and after the log has changed.

use callboard_catalog::{At, CatalogError, ChangeCursor, Resume};
use callboard_entity_model::Revision;
use callboard_testkit::on_each_database;
use futures::StreamExt;
use sea_orm::ConnectionTrait;

use crate::world::World;

/// Checks that a cursor is answered with a reset to the newest revision.
async fn check_reset(world: &World, cursor: ChangeCursor, newest: u64) {
    match world.catalog.resume(cursor).await.unwrap() {
        Resume::Reset(reset) => {
            assert_eq!(reset.cursor.revision, Revision(newest));
            let again = world.catalog.resume(reset.cursor).await.unwrap();
            assert_eq!(again, Resume::After(Revision(newest)), "the cursor of a reset is of use");
        }
        other => panic!("{cursor:?}: {other:?}"),
    }
}

async fn check_usable(world: &World, cursor: ChangeCursor) {
    assert_eq!(world.catalog.resume(cursor).await.unwrap(), Resume::After(cursor.revision));
}

#[tokio::test]
async fn a_cursor_is_good_on_every_replica_and_after_a_restart() {
    on_each_database(async |database| {
        let first = World::new(database).await;
        let second = first.replica(database.connect_again().await.unwrap()).await;
        first.source("/catalog", "a: component:default/a=1 component:default/b=1").await;
        for revision in 0..=2 {
            let cursor: ChangeCursor = first.catalog.cursor_at(Revision(revision)).to_string().parse().unwrap();
            check_usable(&first, cursor).await;
            // The second has not heard of it yet, and asks the database instead of calling it wrong.
            check_usable(&second, cursor).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_cursor_ahead_of_the_log_or_of_another_log_is_reset() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        world.source("/catalog", "a: component:default/a=1").await;
        check_reset(&world, world.catalog.cursor_at(Revision(2)), 1).await;
        let cursor = world.catalog.cursor_at(Revision(1));
        // Written by an earlier version: `revision:1`.
        check_reset(&world, "cmV2aXNpb246MQ".parse().unwrap(), 1).await;
        database.connection().execute_unprepared("UPDATE log_head SET log_id = log_id - 1").await.unwrap();
        let other = World::new(database).await;
        check_reset(&other, cursor, 1).await;
        // The first replica learns of it from the database.
        check_reset(&world, other.catalog.cursor_at(Revision(7)), 1).await;
        check_usable(&world, other.catalog.cursor_at(Revision(1))).await;
    })
    .await;
}

#[tokio::test]
async fn a_log_that_was_taken_back_is_another_log() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let second = world.replica(database.connect_again().await.unwrap()).await;
        let source = world.source("/catalog", "a: component:default/a=1").await;
        let early = world.catalog.cursor_at(Revision(1));
        let mut feed = std::pin::pin!(world.catalog.changes(None));
        world.change(source, "a: component:default/a=1 component:default/b=1").await;
        second.catalog.catch_up().await.unwrap();
        let late = world.catalog.cursor_at(Revision(2));
        // What restoring a backup of before the second change does.
        let undo = "DELETE FROM changes WHERE revision > 1; DELETE FROM entities WHERE revision > 1; \
                    UPDATE log_head SET revision = 1";
        for statement in undo.split("; ") {
            database.connection().execute_unprepared(statement).await.unwrap();
        }
        assert_eq!(feed.next().await.unwrap().unwrap().revision, Revision(2));
        world.catalog.catch_up().await.unwrap();
        assert!(matches!(feed.next().await, Some(Err(CatalogError::LogReplaced))));
        // The second has not looked at the database since; it does not undo in its view what the other log says.
        let past = second.catalog.snapshot_at(At::Revision(Revision(1))).await.unwrap();
        assert_eq!(past.snapshot.index.len(), 1);
        for world in [&world, &second] {
            check_reset(world, early, 1).await;
            check_reset(world, late, 1).await;
            world.check_entities("component:default/a=1 a");
        }
        assert_eq!(world.catalog.cursor_at(Revision(1)), second.catalog.cursor_at(Revision(1)));
    })
    .await;
}

#[tokio::test]
async fn waiting_for_a_revision_ends_when_the_catalog_is_told_to_stop() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let shutdown = tokio_util::sync::CancellationToken::new();
        let (ran, waited) = tokio::join!(world.catalog.run(shutdown.clone()), async {
            shutdown.cancel();
            world.catalog.revision_at_least(Revision(1)).await
        });
        assert_eq!(ran, ());
        assert!(matches!(waited, Err(CatalogError::ShuttingDown)));
    })
    .await;
}

//! Bringing deleted entities back.

use callboard_catalog::{CatalogError, Cause, Operation, SourceOrigin};
use callboard_entity_model::Revision;
use callboard_testkit::{TestDatabase, on_each_database};
use uuid::Uuid;

use crate::world::{World, alice, reference};

const WEB: &str = "component:default/web";

/// `web` was 1, then 2, then deleted: revisions 1, 3 and 4.
async fn world_without_web(database: &TestDatabase) -> (World, Uuid) {
    let world = World::new(database).await;
    let source = world.source("/catalog", "a: component:default/web=1 component:default/app=1").await;
    world.change(source, "a: component:default/web=2 component:default/app=1").await;
    world.change(source, "a: component:default/app=1").await;
    (world, source)
}

async fn restore(world: &World, revision: Option<u64>) -> Result<callboard_catalog::RestoreOutcome, CatalogError> {
    world.catalog.restore_entity(&reference(WEB), revision.map(Revision), &alice()).await
}

#[tokio::test]
async fn a_restored_entity_is_as_it_was_last_and_no_reading_takes_it_away() {
    on_each_database(async |database| {
        let (world, source) = world_without_web(database).await;
        let outcome = restore(&world, None).await.unwrap();
        world.check_entities("component:default/app=1 a\ncomponent:default/web=2 restored:component:default/web");
        assert_eq!((outcome.revision, outcome.source.origin), (Revision(5), SourceOrigin::Restored));
        world.change(source, "a: component:default/app=2").await;
        for (_, refreshed) in world.catalog.refresh_due().await {
            refreshed.unwrap();
        }
        world.catalog.refresh_entity(&reference(WEB), &alice()).await.unwrap();
        world.catalog.sync_config_locations(Vec::new()).await.unwrap();
        world.check_entities("component:default/web=2 restored:component:default/web");
        world.check_problems(outcome.source.id, "");
        world.check_view_is_log().await;
        let changes = world.catalog.changes_page(Revision(4), 1).await.unwrap();
        assert_eq!((changes[0].operation, changes[0].cause), (Operation::Created, Cause::Restore));
        assert_eq!(changes[0].actor, alice());
    })
    .await;
}

#[tokio::test]
async fn a_source_that_declares_it_again_takes_it_over() {
    on_each_database(async |database| {
        let (world, source) = world_without_web(database).await;
        let restored = restore(&world, None).await.unwrap().source.id;
        let created_at = world.catalog.snapshot().index.record(&reference(WEB)).unwrap().created_at;
        world.change(source, "a: component:default/web=3 component:default/app=1\nb: component:default/web=4").await;
        world.check_entities("component:default/app=1 a\ncomponent:default/web=3 a");
        let snapshot = world.catalog.snapshot();
        assert!(snapshot.sources.source(restored).is_none(), "it holds nothing any more");
        assert_eq!(snapshot.index.record(&reference(WEB)).unwrap().created_at, created_at);
        world.check_log(5, "6 updated component:default/web a").await;
        world.check_problems(source, "CONFLICT `component:default/web` is declared in a already");
        // From here on it is that source's like any other.
        world.change(source, "a: component:default/app=1").await;
        world.check_entities("component:default/app=1 a");
        // And it can be brought back again.
        restore(&world, None).await.unwrap();
        world.check_entities("component:default/app=1 a\ncomponent:default/web=3 restored:component:default/web");
    })
    .await;
}

#[tokio::test]
async fn another_source_takes_it_over_just_as_well() {
    on_each_database(async |database| {
        let (world, _) = world_without_web(database).await;
        restore(&world, None).await.unwrap();
        let other = world.source("/other", "o: component:default/web=7").await;
        world.check_entities("component:default/app=1 a\ncomponent:default/web=7 o");
        world.check_problems(other, "");
        assert_eq!(world.catalog.snapshot().sources.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_earlier_state_can_be_brought_back() {
    on_each_database(async |database| {
        for (revision, content) in [(1, 1), (2, 1), (3, 2)] {
            let (world, source) = world_without_web(database).await;
            let outcome = restore(&world, Some(world.catalog.snapshot().revision().0 - 4 + revision)).await.unwrap();
            world.check_entities(&format!(
                "component:default/app=1 a\ncomponent:default/web={content} restored:component:default/web"
            ));
            world.catalog.unregister_location(outcome.source.id, false, &alice()).await.unwrap();
            world.check_entities("component:default/app=1 a");
            // So that the next time begins with nothing again.
            world.change(source, "a: ").await;
            world.catalog.sync_config_locations(Vec::new()).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn what_can_not_be_brought_back_is_refused() {
    on_each_database(async |database| {
        let (world, _) = world_without_web(database).await;
        assert!(matches!(restore(&world, Some(4)).await, Err(CatalogError::NoSuchState { .. })));
        assert!(matches!(restore(&world, Some(0)).await, Err(CatalogError::NoSuchState { .. })));
        assert!(matches!(restore(&world, Some(9)).await, Err(CatalogError::RevisionNotReached { .. })));
        let never = world.catalog.restore_entity(&reference("component:default/never"), None, &alice()).await;
        assert!(matches!(never, Err(CatalogError::EntityNotFound { .. })));
        restore(&world, None).await.unwrap();
        assert!(matches!(restore(&world, None).await, Err(CatalogError::EntityExists { .. })));
        let settings = callboard_catalog::CatalogSettings { is_readonly: true, ..Default::default() };
        let readonly = World::with_settings(database.connection(), settings).await;
        assert!(matches!(restore(&readonly, None).await, Err(CatalogError::CatalogIsReadOnly)));
    })
    .await;
}

//! Registering, configuring, importing and refreshing sources.

use callboard_catalog::{Actor, CatalogError, Cause, ConfiguredLocation, ImportProgress, ReadMode, SourceOrigin};
use callboard_entity_model::Revision;
use callboard_testkit::on_each_database;

use crate::world::{World, alice, location, reference, url};

#[tokio::test]
async fn registering_commits_the_source_with_all_that_it_declares() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        world.reader.set("https://a", "a: component:default/web=1 PROBLEM:odd");
        let outcome = world.catalog.register_location(url("https://a"), false, &alice()).await.unwrap();
        assert_eq!((outcome.added.len(), outcome.entities.len(), outcome.problems.len()), (1, 1, 1));
        let source = outcome.source.unwrap();
        assert_eq!((source.origin, source.created_by.as_str()), (SourceOrigin::Registered, "user:default/alice"));
        let changes = world.catalog.changes_page(Revision(0), 10).await.unwrap();
        assert_eq!((changes[0].actor.clone(), changes[0].cause), (alice(), Cause::Register));
        world.check_view_is_log().await;
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_says_what_would_happen_and_writes_nothing() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        world.source("/first", "a: component:default/web=1").await;
        world.reader.set("https://b", "b: component:default/web=2 component:default/app=1");
        let outcome = world.catalog.register_location(url("https://b"), true, &alice()).await.unwrap();
        assert!(outcome.source.is_none());
        assert_eq!(outcome.added, [reference("component:default/app")]);
        assert_eq!(outcome.entities[0].revision, Revision(0));
        assert!(outcome.problems[0].message.contains("was declared first in a"));
        assert_eq!(world.catalog.snapshot().sources.len(), 1);
        world.check_log(1, "").await;
        let outcome = world.catalog.register_location(url("https://b"), false, &alice()).await.unwrap();
        assert_eq!(outcome.added, [reference("component:default/app")]);
    })
    .await;
}

#[tokio::test]
async fn a_location_is_registered_once() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        world.reader.set("https://a", "a: component:default/web=1");
        let first = world.catalog.register_location(url("https://a"), false, &alice()).await.unwrap();
        let id = first.source.unwrap().id;
        let second = world.catalog.register_location(url("https://a"), false, &alice()).await;
        assert!(matches!(second, Err(CatalogError::LocationExists { source_id, .. }) if source_id == id));
    })
    .await;
}

#[tokio::test]
async fn a_location_that_cannot_be_read_is_not_registered() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        world.reader.set("https://a", "a: FAILED");
        let outcome = world.catalog.register_location(url("https://a"), false, &alice()).await;
        assert!(matches!(outcome, Err(CatalogError::LocationUnreadable { problems, .. }) if problems.len() == 1));
        assert!(world.catalog.snapshot().sources.is_empty());
    })
    .await;
}

#[tokio::test]
async fn users_cannot_register_files() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let outcome = world.catalog.register_location(location("/etc"), false, &alice()).await;
        assert!(matches!(outcome, Err(CatalogError::LocationTypeNotAllowed { .. })));
    })
    .await;
}

#[tokio::test]
async fn locations_of_the_configuration_cannot_be_unregistered() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", "a: component:default/web=1").await;
        let outcome = world.catalog.unregister_location(source, false, &alice()).await;
        assert!(matches!(outcome, Err(CatalogError::SourceIsReadOnly { .. })));
    })
    .await;
}

#[tokio::test]
async fn other_rules_make_a_configured_location_read_anew() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", "a: component:default/web=1").await;
        let rules = Some(serde_json::json!([{"allow": ["Component"]}]));
        let configured = ConfiguredLocation { location: location("/catalog"), rules: rules.clone() };
        world.catalog.sync_config_locations(vec![configured]).await.unwrap();
        assert_eq!(world.catalog.snapshot().sources.source(source).unwrap().rules, rules);
        let parsed = world.reader.parsed.load(std::sync::atomic::Ordering::SeqCst);
        assert!(world.catalog.refresh_due().await.into_iter().all(|(_, outcome)| outcome.is_ok()));
        assert_eq!(world.reader.parsed.load(std::sync::atomic::Ordering::SeqCst), parsed + 1);
        world.check_log(1, "").await;
    })
    .await;
}

#[tokio::test]
async fn sources_are_due_at_start_and_again_after_the_interval() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let configured = ConfiguredLocation { location: location("/catalog"), rules: None };
        world.reader.set("/catalog", "a: component:default/web=1");
        world.catalog.sync_config_locations(vec![configured]).await.unwrap();
        assert_eq!(world.catalog.refresh_due().await.len(), 1);
        assert_eq!(world.catalog.refresh_due().await.len(), 0);
        world.clock.advance(chrono::TimeDelta::seconds(121));
        assert_eq!(world.catalog.refresh_due().await.len(), 1);
        world.check_entities("component:default/web=1 a");
    })
    .await;
}

#[tokio::test]
async fn importing_registers_a_location_or_reads_it_again() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        world.reader.set("/catalog", "a: component:default/web=1");
        let steps = std::sync::Mutex::new(Vec::new());
        let progress = |step| steps.lock().unwrap().push(step);
        let first = world.catalog.import(location("/catalog"), &alice(), &progress).await.unwrap();
        assert_eq!((first.added.len(), first.file_count), (1, 1));
        world.reader.set("/catalog", "a: component:default/web=2");
        let second = world.catalog.import(location("/catalog"), &alice(), &progress).await.unwrap();
        assert_eq!((second.source, second.changed.len()), (first.source, 1));
        assert_eq!(
            steps.into_inner().unwrap()[..4],
            [
                ImportProgress::Reading,
                ImportProgress::Read { files: 1, entities: 1 },
                ImportProgress::Writing { changes: 1 },
                ImportProgress::Done
            ]
        );
        let configured = ConfiguredLocation { location: location("/other"), rules: None };
        world.catalog.sync_config_locations(vec![configured]).await.unwrap();
        world.check_entities("component:default/web=2 a");
    })
    .await;
}

#[tokio::test]
async fn refreshing_an_entity_reads_its_source() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        world.source("/catalog", "a: component:default/web=1").await;
        world.reader.set("/catalog", "a: component:default/web=2");
        let outcome = world.catalog.refresh_entity(&reference("component:default/web"), &alice()).await.unwrap();
        assert_eq!(outcome.changed.len(), 1);
        let missing = world.catalog.refresh_entity(&reference("component:default/none"), &alice()).await;
        assert!(matches!(missing, Err(CatalogError::EntityNotFound { .. })));
    })
    .await;
}

#[tokio::test]
async fn refreshing_an_unknown_source_is_an_error() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let id = callboard_foundation::new_id();
        let outcome = world.catalog.refresh_source(id, ReadMode::Full, Cause::Request, &Actor::system()).await;
        assert!(matches!(outcome, Err(CatalogError::SourceNotFound { .. })));
    })
    .await;
}

#[tokio::test]
async fn a_database_in_memory_does_with_its_only_connection() {
    let db = callboard_db::connect(&callboard_db::DatabaseTarget::SqliteMemory).await.unwrap();
    callboard_migrations::up(&db).await.unwrap();
    let world = World::with_settings(db, callboard_catalog::CatalogSettings::default()).await;
    let source = world.source("/catalog", "a: component:default/web=1").await;
    world.change(source, "a: component:default/web=2").await;
    world.check_entities("component:default/web=2 a");
}

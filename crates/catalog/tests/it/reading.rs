//! What a reading writes: text in, log out.

use std::sync::atomic::Ordering;

use callboard_testkit::on_each_database;

use crate::world::World;

/// Reads `first`, then `second`, and checks what the second adds to the log.
async fn check_second_reading(first: &str, second: &str, log: &str, entities: &str) {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", first).await;
        let before = world.catalog.snapshot().revision().0;
        world.change(source, second).await;
        world.check_log(before, log).await;
        world.check_entities(entities);
    })
    .await;
}

#[tokio::test]
async fn everything_in_a_first_reading_is_created_in_order() {
    check_second_reading(
        "",
        "a: component:default/web=1 api:default/pets=1\nb: system:default/shop=1",
        "1 created component:default/web a\n2 created api:default/pets a\n3 created system:default/shop b",
        "api:default/pets=1 a\ncomponent:default/web=1 a\nsystem:default/shop=1 b",
    )
    .await;
}

#[tokio::test]
async fn a_changed_document_is_an_update_and_others_write_nothing() {
    check_second_reading(
        "a: component:default/web=1 component:default/app=1",
        "a: component:default/web=2 component:default/app=1",
        "3 updated component:default/web a",
        "component:default/app=1 a\ncomponent:default/web=2 a",
    )
    .await;
}

#[tokio::test]
async fn a_document_that_is_no_longer_there_is_deleted() {
    check_second_reading(
        "a: component:default/web=1 component:default/app=1",
        "a: component:default/web=1",
        "3 deleted component:default/app a",
        "component:default/web=1 a",
    )
    .await;
}

#[tokio::test]
async fn an_entity_that_moves_to_another_file_is_an_update() {
    check_second_reading(
        "a: component:default/web=1\nb: component:default/app=1",
        "a: \nb: component:default/app=1 component:default/web=1",
        "3 updated component:default/web b",
        "component:default/app=1 b\ncomponent:default/web=1 b",
    )
    .await;
}

#[tokio::test]
async fn an_entity_that_moves_to_a_new_file_is_an_update() {
    check_second_reading(
        "a: component:default/web=1",
        "b: component:default/web=1",
        "2 updated component:default/web b",
        "component:default/web=1 b",
    )
    .await;
}

#[tokio::test]
async fn files_missing_from_a_complete_reading_lose_their_entities() {
    check_second_reading(
        "a: component:default/web=1\nb: component:default/app=1",
        "b: component:default/app=1",
        "3 deleted component:default/web a",
        "component:default/app=1 b",
    )
    .await;
}

#[tokio::test]
async fn files_missing_from_a_partial_reading_keep_their_entities() {
    check_second_reading(
        "a: component:default/web=1\nb: component:default/app=1",
        "PARTIAL\nb: component:default/app=2",
        "3 updated component:default/app b",
        "component:default/app=2 b\ncomponent:default/web=1 a",
    )
    .await;
}

#[tokio::test]
async fn a_file_that_cannot_be_read_keeps_its_entities() {
    check_second_reading(
        "a: component:default/web=1\nb: component:default/app=1",
        "a: FAILED\nb: component:default/app=1",
        "",
        "component:default/app=1 b\ncomponent:default/web=1 a",
    )
    .await;
}

#[tokio::test]
async fn a_file_that_is_gone_and_may_be_loses_its_entities() {
    check_second_reading(
        "a: component:default/web=1\nb: component:default/app=1",
        "a: GONE\nb: component:default/app=1",
        "3 deleted component:default/web a",
        "component:default/app=1 b",
    )
    .await;
}

#[tokio::test]
async fn an_entity_too_broken_to_take_keeps_its_last_good_version() {
    check_second_reading(
        "a: component:default/web=1 component:default/app=1",
        "a: component:default/app=2 KEEP:component:default/web",
        "3 updated component:default/app a",
        "component:default/app=2 a\ncomponent:default/web=1 a",
    )
    .await;
}

#[tokio::test]
async fn nothing_of_a_file_goes_while_one_of_its_documents_is_unreadable() {
    check_second_reading(
        "a: component:default/web=1 component:default/app=1",
        "a: component:default/app=2 UNKNOWN",
        "3 updated component:default/app a",
        "component:default/app=2 a\ncomponent:default/web=1 a",
    )
    .await;
}

#[tokio::test]
async fn an_entity_that_comes_back_is_created_again() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", "a: component:default/web=1").await;
        world.change(source, "a: ").await;
        world.change(source, "a: component:default/web=2").await;
        world
            .check_log(
                0,
                "1 created component:default/web a\n2 deleted component:default/web a\n3 created component:default/web a",
            )
            .await;
    })
    .await;
}

#[tokio::test]
async fn a_second_reading_of_the_same_content_writes_no_row() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", "a: component:default/web=1\nb: component:default/app=1").await;
        let parsed = world.reader.parsed.load(Ordering::SeqCst);
        let version = world.catalog.snapshot().sources.source(source).unwrap().version;
        let outcome = world.read(source).await;
        assert!(outcome.is_unchanged());
        assert_eq!(world.reader.parsed.load(Ordering::SeqCst), parsed, "an unchanged file was parsed");
        let snapshot = world.catalog.snapshot();
        assert_eq!(snapshot.revision().0, 2);
        assert_eq!(snapshot.sources.source(source).unwrap().version, version, "the source was written");
        assert_eq!(snapshot.sources.source(source).unwrap().last_read_at, Some(world.clock.now()));
    })
    .await;
}

#[tokio::test]
async fn an_entity_keeps_the_time_of_its_creation_when_it_changes() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", "a: component:default/web=1").await;
        let created = world.clock.now();
        world.change(source, "a: component:default/web=2").await;
        let snapshot = world.catalog.snapshot();
        let record = snapshot.index.record(&crate::world::reference("component:default/web")).unwrap();
        assert_eq!((record.created_at, record.updated_at), (created, world.clock.now()));
    })
    .await;
}

#[tokio::test]
async fn problems_are_replaced_with_their_file_and_keep_their_age() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", "a: PROBLEM:bad UNKNOWN\nb: PROBLEM:worse").await;
        let first_seen = world.clock.now();
        world.check_problems(source, "INVALID_ENTITY bad\nINVALID_ENTITY worse");
        world.change(source, "a: component:default/web=1 PROBLEM:bad\nb: component:default/app=1").await;
        world.check_problems(source, "INVALID_ENTITY bad");
        let snapshot = world.catalog.snapshot();
        assert_eq!(snapshot.sources.problems()[0].since, first_seen);
    })
    .await;
}

#[tokio::test]
async fn a_problem_of_the_whole_source_stays_until_a_reading_without_it() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", "PARTIAL\nPROBLEM:no-listing").await;
        world.check_problems(source, "UNREADABLE no-listing");
        world.change(source, "a: component:default/web=1").await;
        world.check_problems(source, "");
    })
    .await;
}

#[tokio::test]
async fn a_failed_file_that_recovers_unchanged_loses_its_problem_and_its_state() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", "a: component:default/web=1").await;
        world.change(source, "a: FAILED").await;
        world.check_problems(source, "NOT_FOUND it is not there");
        world.change(source, "a: component:default/web=1").await;
        world.check_problems(source, "");
        world.check_log(1, "").await;
    })
    .await;
}

#[tokio::test]
async fn a_large_reading_is_written_in_chunks_and_seen_whole() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let many: Vec<String> = (0..3_000).map(|n| format!("component:default/c{n}=1")).collect();
        let source = world.source("/catalog", &format!("a: {}", many.join(" "))).await;
        assert_eq!(world.catalog.snapshot().index.len(), 3_000);
        let changed: Vec<String> = (0..3_000).map(|n| format!("component:default/c{n}=2")).collect();
        let outcome = world.change(source, &format!("a: {}", changed.join(" "))).await;
        assert_eq!(outcome.changed.len(), 3_000);
    })
    .await;
}

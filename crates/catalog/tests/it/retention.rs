//! Shortening the log: what is older than the retention time goes, and everything else is as if it had not.

use std::time::Duration;

use callboard_catalog::{At, CatalogError, CatalogSettings, HistoryPage, Resume};
use callboard_entity_model::Revision;
use callboard_testkit::{TestDatabase, on_each_database};
use chrono::TimeDelta;
use futures::StreamExt;
use sea_orm::{ConnectionTrait, Statement};

use crate::{
    past::{check_past, write_at_random},
    world::{World, check_log_is_consistent, reference},
};

/// A catalog that keeps changes for ten seconds; reading something takes one.
async fn forgetful_world(database: &TestDatabase) -> World {
    let settings = CatalogSettings {
        history_retention: Some(Duration::from_secs(10)),
        recent_changes: 1,
        ..CatalogSettings::default()
    };
    World::with_settings(database.connect_again().await.unwrap(), settings).await
}

async fn count_rows(world: &World) -> i64 {
    let count = Statement::from_string(world.db.get_database_backend(), "SELECT COUNT(*) FROM changes");
    world.db.query_one_raw(count).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn what_is_kept_is_answered_as_before_and_what_is_not_is_said_to_be_gone() {
    on_each_database(async |database| {
        let world = forgetful_world(database).await;
        let source = world.source("/catalog", "a: ").await;
        let remembered = write_at_random(&world, source, 3).await;
        let rows = count_rows(&world).await;
        let deleted = world.catalog.shorten_log().await.unwrap();
        assert!(deleted > 0 && count_rows(&world).await == rows - i64::try_from(deleted).unwrap());
        let oldest = world.catalog.oldest_revision();
        let kept: Vec<_> = remembered.iter().filter(|then| then.revision >= oldest).collect();
        // One a second: ten of them, and the one that says what was when the ten seconds began.
        assert_eq!(kept.len(), 11);
        let fresh = world.replica(database.connect_again().await.unwrap()).await;
        for replica in [&world, &fresh] {
            assert_eq!(replica.catalog.oldest_revision(), oldest);
            check_log_is_consistent(&replica.catalog).await;
            for then in &kept {
                check_past(replica, then).await;
            }
            for then in remembered.iter().filter(|then| then.revision < oldest) {
                let gone = replica.catalog.snapshot_at(At::Revision(then.revision)).await;
                assert!(matches!(gone, Err(CatalogError::HistoryExpired { oldest: it }) if it == oldest));
                let reset = replica.catalog.resume(replica.catalog.cursor_at(then.revision)).await.unwrap();
                let is_last = then.revision.next() == oldest;
                assert_eq!(matches!(reset, Resume::Reset(_)), !is_last, "{}", then.revision);
            }
        }
        assert_eq!(world.catalog.shorten_log().await.unwrap(), 0, "there is nothing left to do");
    })
    .await;
}

#[tokio::test]
async fn the_state_that_later_changes_start_with_stays() {
    on_each_database(async |database| {
        let world = forgetful_world(database).await;
        let source = world.source("/catalog", "a: component:default/a=1 component:default/gone=1").await;
        for version in 2..5 {
            world.change(source, &format!("a: component:default/a={version} component:default/b={version}")).await;
        }
        world.clock.advance(TimeDelta::days(1));
        world.catalog.shorten_log().await.unwrap();
        // Of `a` its state; of `b` the newest change of all and the state before. `gone` went, its deletion included.
        assert_eq!(count_rows(&world).await, 3);
        assert_eq!(world.catalog.oldest_revision(), world.catalog.snapshot().revision());
        world.change(source, "a: component:default/a=9").await;
        let history = async |name: &str| {
            let page = HistoryPage::Newest { limit: 10, older_than: None };
            world.catalog.history(&reference(name), Revision(100), page).await.unwrap().changes
        };
        let of_a = history("component:default/a").await;
        assert_eq!((of_a.len(), &of_a[0].before), (2, &of_a[1].after));
        let of_b = history("component:default/b").await;
        assert!(of_b[0].after.is_none() && of_b[0].before.is_some());
        assert!(history("component:default/gone").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_quiet_catalog_keeps_its_newest_change() {
    on_each_database(async |database| {
        let world = forgetful_world(database).await;
        world.source("/catalog", "a: component:default/a=1 component:default/b=1").await;
        world.clock.advance(TimeDelta::days(365));
        world.catalog.shorten_log().await.unwrap();
        let yesterday = At::Time(world.clock.now() - TimeDelta::seconds(5));
        assert_eq!(world.catalog.snapshot_at(yesterday).await.unwrap().snapshot.index.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_log_that_is_kept_for_ever_is_not_shortened() {
    on_each_database(async |database| {
        let settings = CatalogSettings { history_retention: None, ..CatalogSettings::default() };
        let world = World::with_settings(database.connection(), settings).await;
        let source = world.source("/catalog", "a: component:default/a=1").await;
        world.change(source, "a: component:default/a=2").await;
        world.clock.advance(TimeDelta::days(36_500));
        assert_eq!(world.catalog.shorten_log().await.unwrap(), 0);
        assert_eq!(world.catalog.oldest_revision(), Revision(1));
    })
    .await;
}

/// `a: component:default/c0=<content> …` with so many entities.
fn many(content: &str) -> String {
    let entities: Vec<String> = (0..700).map(|n| format!("component:default/c{n}={content}")).collect();
    format!("a: {}", entities.join(" "))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_that_shorten_a_log_at_once_while_a_third_writes_lose_nothing() {
    on_each_database(async |database| {
        let worlds =
            [forgetful_world(database).await, forgetful_world(database).await, forgetful_world(database).await];
        let source = worlds[0].source("/catalog", &many("0")).await;
        for version in 1..4 {
            worlds[0].change(source, &many(&version.to_string())).await;
        }
        worlds[0].clock.advance(TimeDelta::days(1));
        worlds[1].clock.advance(TimeDelta::days(2));
        let writing = async {
            for version in 4..8 {
                worlds[2].reader.set("/catalog", &many(&version.to_string()));
                let cause = callboard_catalog::Cause::Watch;
                let actor = callboard_catalog::Actor::system();
                let mode = callboard_catalog::ReadMode::Conditional;
                worlds[2].catalog.refresh_source(source, mode, cause, &actor).await.unwrap();
            }
        };
        let (one, other, ()) = tokio::join!(worlds[0].catalog.shorten_log(), worlds[1].catalog.shorten_log(), writing);
        assert!(one.unwrap() + other.unwrap() > 0);
        for world in &worlds {
            world.catalog.catch_up().await.unwrap();
            check_log_is_consistent(&world.catalog).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_reader_that_the_log_was_shortened_past_is_told() {
    on_each_database(async |database| {
        let world = forgetful_world(database).await;
        let source = world.source("/catalog", &many("0")).await;
        let mut feed = std::pin::pin!(world.catalog.changes(Some(Revision(0))));
        assert_eq!(feed.next().await.unwrap().unwrap().revision, Revision(1));
        for version in 1..3 {
            world.change(source, &many(&version.to_string())).await;
        }
        world.clock.advance(TimeDelta::days(1));
        world.catalog.shorten_log().await.unwrap();
        let mut last = Revision(1);
        loop {
            match feed.next().await.unwrap() {
                Ok(change) => {
                    assert_eq!(change.revision, last.next(), "a gap was passed over in silence");
                    last = change.revision;
                }
                Err(CatalogError::HistoryExpired { oldest }) => break assert_eq!(oldest, Revision(2_100)),
                Err(other) => panic!("{other}"),
            }
        }
        // A replica that had not heard of anything yet reads everything anew instead.
        assert!(last < Revision(1_000));
    })
    .await;
}

#[tokio::test]
async fn a_replica_that_the_log_was_shortened_past_reads_everything_anew() {
    on_each_database(async |database| {
        let world = forgetful_world(database).await;
        let source = world.source("/catalog", "a: component:default/a=1").await;
        let behind = world.replica(database.connect_again().await.unwrap()).await;
        for version in 2..9 {
            world.change(source, &format!("a: component:default/a={version}")).await;
        }
        world.clock.advance(TimeDelta::days(1));
        world.catalog.shorten_log().await.unwrap();
        behind.catalog.catch_up().await.unwrap();
        behind.check_entities("component:default/a=8 a");
        assert_eq!(behind.catalog.oldest_revision(), Revision(8));
    })
    .await;
}

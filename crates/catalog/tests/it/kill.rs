//! kill -9 in the middle of writing: nothing acknowledged is lost, nothing is half-visible.
//!
//! The test starts this test binary again as a child that writes round after round, each round one transaction that
//! changes every entity, and acknowledges each on its standard output. The parent kills it at a random point.

use std::{
    process::{ExitStatus, Stdio},
    time::Duration,
};

use callboard_catalog::{Actor, CatalogSettings, Cause, ReadMode};
use callboard_db::DatabaseTarget;
use callboard_entity_model::Revision;
use callboard_testkit::{TestDatabase, on_each_database};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

use crate::world::{World, check_log_is_consistent, location};

const TARGET: &str = "CALLBOARD_KILL_TEST_TARGET";
/// Whether the child deletes what is old from the log after each round.
const SHORTENS: &str = "CALLBOARD_KILL_TEST_SHORTENS";
const ENTITIES: usize = 400;
const KILLS: u64 = 8;

#[tokio::test]
async fn a_killed_writer_loses_nothing_acknowledged_and_leaves_nothing_half_visible() {
    check_kills(false).await;
}

#[tokio::test]
async fn a_writer_that_is_killed_while_it_shortens_the_log_leaves_one_that_is_complete_from_somewhere_on() {
    check_kills(true).await;
}

async fn check_kills(shortens: bool) {
    on_each_database(async |database| {
        let mut acknowledged = 0;
        for _ in 0..KILLS {
            acknowledged = check_kill(database, acknowledged, shortens).await;
        }
        assert!(acknowledged > 0, "no child came far enough to acknowledge anything");
        let oldest = World::new(database).await.catalog.oldest_revision();
        assert_eq!(oldest > Revision(1), shortens, "the log begins at {oldest}");
    })
    .await;
}

/// Kills one child at a random point and checks what it left; returns the newest round.
async fn check_kill(database: &TestDatabase, before: u64, shortens: bool) -> u64 {
    let mut child = start_child(database.target(), shortens);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // The first acknowledgement proves that it writes; from there it lives for a random time.
    let mut acknowledged = next_acknowledged(&mut lines).await.unwrap_or(before);
    let lifetime = Duration::from_micros(random() % 60_000);
    let listening = async {
        while let Some(round) = next_acknowledged(&mut lines).await {
            acknowledged = round;
        }
    };
    let ended_by_itself = tokio::time::timeout(lifetime, listening).await.is_ok();
    assert!(!ended_by_itself, "the child ended before it was killed");
    kill(&mut child).await;
    while let Some(round) = next_acknowledged(&mut lines).await {
        acknowledged = round;
    }
    let world = World::new(database).await;
    check_log_is_consistent(&world.catalog).await;
    let snapshot = world.catalog.snapshot();
    let mut rounds: Vec<u64> = snapshot.index.records().map(|record| round_of(&record.document)).collect();
    assert_eq!(rounds.len(), ENTITIES);
    rounds.dedup();
    assert_eq!(rounds.len(), 1, "a transaction is half visible");
    assert!(
        (acknowledged..=acknowledged + 1).contains(&rounds[0]),
        "round {acknowledged} was acknowledged, but the database has {}",
        rounds[0]
    );
    rounds[0]
}

fn round_of(document: &str) -> u64 {
    let document: serde_json::Value = serde_json::from_str(document).unwrap();
    document["metadata"]["description"].as_str().unwrap().parse().unwrap()
}

#[allow(clippy::disallowed_methods, reason = "a new id is as random as is needed here")]
fn random() -> u64 {
    uuid::Uuid::now_v7().as_u64_pair().1
}

fn start_child(target: &DatabaseTarget, shortens: bool) -> Child {
    let target = match target {
        DatabaseTarget::SqliteFile(path) => path.display().to_string(),
        DatabaseTarget::Postgres { url, .. } => url.clone(),
        DatabaseTarget::SqliteMemory => panic!("a database in memory dies with its process"),
    };
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child_that_writes_until_it_is_killed", "--nocapture"])
        .env(TARGET, target)
        .env(SHORTENS, shortens.to_string())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

async fn next_acknowledged(lines: &mut Lines<BufReader<ChildStdout>>) -> Option<u64> {
    loop {
        let line = lines.next_line().await.unwrap()?;
        if let Some(round) = line.strip_prefix("acknowledged ") {
            return Some(round.parse().unwrap());
        }
    }
}

async fn kill(child: &mut Child) {
    child.start_kill().unwrap();
    let status: ExitStatus = child.wait().await.unwrap();
    assert!(!status.success());
}

#[tokio::test]
#[allow(clippy::disallowed_methods, clippy::print_stdout, reason = "it is a child process that talks to its parent")]
async fn child_that_writes_until_it_is_killed() {
    let Ok(target) = std::env::var(TARGET) else { return };
    let target = match target.starts_with("postgres") {
        true => DatabaseTarget::Postgres { url: target, max_connections: 2 },
        false => DatabaseTarget::SqliteFile(target.into()),
    };
    let db = callboard_db::connect(&target).await.unwrap();
    // The clock of the child stands still, so that everything but the newest change is old at once.
    let shortens = std::env::var(SHORTENS).is_ok_and(|shortens| shortens == "true");
    let history_retention = shortens.then_some(Duration::ZERO);
    let settings = CatalogSettings { history_retention, ..CatalogSettings::default() };
    let world = World::with_settings(db, settings).await;
    let newest = world.catalog.snapshot().index.records().map(|record| round_of(&record.document)).max();
    for round in newest.unwrap_or(0) + 1.. {
        let entities: Vec<String> = (0..ENTITIES).map(|n| format!("component:default/c{n}={round}")).collect();
        world.reader.set("/catalog", &format!("a: {}", entities.join(" ")));
        if world.catalog.snapshot().sources.is_empty() {
            world.catalog.import(location("/catalog"), &Actor::system(), &|_| {}).await.unwrap();
        } else {
            let id = world.catalog.snapshot().sources.sources().next().unwrap().id;
            let outcome =
                world.catalog.refresh_source(id, ReadMode::Conditional, Cause::Watch, &Actor::system()).await.unwrap();
            assert_eq!(outcome.changed.len(), ENTITIES);
        }
        println!("acknowledged {round}");
        world.catalog.shorten_log().await.unwrap();
    }
}

//! The past: what was answered then is answered now, byte for byte.

use callboard_catalog::{At, CatalogError, CatalogSettings, Operation};
use callboard_entity_model::{EntityRef, Revision};
use callboard_testkit::on_each_database;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{
    answers::answers,
    world::{World, alice, reference, url},
};

const ROUNDS: usize = 25;
const ENTITIES: u64 = 12;

/// What was answered at a revision, when it was the newest.
pub(crate) struct Remembered {
    pub(crate) revision: Revision,
    at: DateTime<Utc>,
    answers: String,
}

/// A sequence of numbers that is the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Writes the file anew again and again, with random entities that say random things, and remembers what was answered
/// after each time.
pub(crate) async fn write_at_random(world: &World, source: Uuid, seed: u64) -> Vec<Remembered> {
    let mut numbers = Numbers(seed);
    let mut remembered = Vec::new();
    for _ in 0..ROUNDS {
        let mut entities = Vec::new();
        for n in 0..ENTITIES {
            let (owner, other, tag) = (numbers.below(3), numbers.below(ENTITIES + 2), numbers.below(6));
            let tag = ["Java", "java", "JAVA", "go"].get(tag as usize).map(|tag| format!(",tag:{tag}"));
            let owner = ["team-a", "team-b", "Team-B"][owner as usize];
            if numbers.below(4) > 0 {
                let version = numbers.below(3);
                let content = format!("{version},owner:{owner},dependsOn:c{other}{}", tag.unwrap_or_default());
                entities.push(format!("component:default/c{n}={content}"));
            }
        }
        // Sometimes what is known of sources changes, and no entity.
        let problem = ["", " PROBLEM:odd"][numbers.below(2) as usize];
        world.change(source, &format!("a: {}{problem}", entities.join(" "))).await;
        let snapshot = world.catalog.snapshot();
        remembered.push(Remembered {
            revision: snapshot.revision(),
            at: world.clock.now(),
            answers: answers(&snapshot),
        });
    }
    remembered
}

/// Checks that a replica answers as of a revision what was answered then.
pub(crate) async fn check_past(world: &World, then: &Remembered) {
    for at in [At::Revision(then.revision), At::Time(then.at)] {
        let past = world.catalog.snapshot_at(at).await.unwrap();
        assert_eq!(past.snapshot.revision(), then.revision, "{at:?}");
        assert_eq!(answers(&past.snapshot), then.answers, "{at:?}");
        assert!(past.committed_at.is_some_and(|committed| committed <= then.at));
    }
}

#[tokio::test]
async fn a_past_answer_is_given_again_byte_for_byte() {
    on_each_database(async |database| {
        let settings = CatalogSettings { recent_changes: 10, ..CatalogSettings::default() };
        let mut world = World::with_settings(database.connection(), settings).await;
        let source = world.source("/catalog", "a: ").await;
        let mut remembered = write_at_random(&world, source, 1).await;
        for then in &remembered {
            check_past(&world, then).await;
        }
        // A replica that has seen nothing of it numbers everything in another way.
        world = world.replica(database.connect_again().await.unwrap()).await;
        remembered.reverse();
        for then in &remembered {
            check_past(&world, then).await;
        }
    })
    .await;
}

#[tokio::test]
async fn between_two_revisions_of_one_transaction_there_is_a_past_too() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", "a: component:default/a=1 component:default/b=1").await;
        world.change(source, "a: component:default/a=2 component:default/b=2").await;
        let past = world.catalog.snapshot_at(At::Revision(Revision(3))).await.unwrap().snapshot;
        let revision_of = |name: &str| past.index.record(&reference(name)).unwrap().revision;
        assert_eq!(
            (revision_of("component:default/a"), revision_of("component:default/b")),
            (Revision(3), Revision(2))
        );
    })
    .await;
}

#[tokio::test]
async fn before_the_first_change_there_is_nothing() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let before = world.clock.now();
        world.source("/catalog", "a: component:default/a=1").await;
        for at in [At::Revision(Revision(0)), At::Time(before)] {
            let past = world.catalog.snapshot_at(at).await.unwrap();
            assert!(past.snapshot.index.is_empty() && past.committed_at.is_none());
        }
        let later = At::Time(world.clock.now() + TimeDelta::days(1));
        assert_eq!(world.catalog.snapshot_at(later).await.unwrap().snapshot.revision(), Revision(1));
        let missing = world.catalog.snapshot_at(At::Revision(Revision(2))).await;
        assert!(matches!(missing, Err(CatalogError::RevisionNotReached { newest: Revision(1), .. })));
    })
    .await;
}

#[tokio::test]
async fn when_most_has_changed_since_the_past_is_built_anew() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        world.source("/catalog", "a: component:default/a=1 component:default/b=1").await;
        let then = answers(&world.catalog.snapshot());
        let many: Vec<String> = (0..10_100).map(|n| format!("component:default/c{n}=1")).collect();
        world.reader.set("https://many", &format!("m: {}", many.join(" ")));
        world.catalog.register_location(url("https://many"), false, &alice()).await.unwrap();
        let past = world.catalog.snapshot_at(At::Revision(Revision(2))).await.unwrap();
        assert_eq!(answers(&past.snapshot), then);
        let half = world.catalog.snapshot_at(At::Revision(Revision(5_000))).await.unwrap();
        assert_eq!(half.snapshot.index.len(), 5_000);
    })
    .await;
}

#[tokio::test]
async fn a_replica_that_is_behind_catches_up_before_it_looks_back() {
    on_each_database(async |database| {
        let first = World::new(database).await;
        let second = first.replica(database.connect_again().await.unwrap()).await;
        first.source("/catalog", "a: component:default/a=1").await;
        let past = second.catalog.snapshot_at(At::Revision(Revision(1))).await.unwrap();
        assert_eq!(past.snapshot.index.len(), 1);
    })
    .await;
}

/// Checks the difference between two revisions, as `<operation> <ref> <before> <after> <revision>`.
async fn check_diff(world: &World, from: u64, to: u64, expected: &[&str]) {
    let at = async |revision| world.catalog.snapshot_at(At::Revision(Revision(revision))).await.unwrap().snapshot;
    let (from, to) = (at(from).await, at(to).await);
    let refs = world.catalog.diff(&from, &to).await.unwrap();
    let changes = world.catalog.diff_changes(&from, &to, &refs).await.unwrap();
    let content = |record: &Option<std::sync::Arc<callboard_view::EntityRecord>>| {
        let text = record.as_ref().map(|record| record.envelope().description.unwrap_or_default().into_owned());
        text.unwrap_or_else(|| "-".to_owned())
    };
    let rows: Vec<String> = changes
        .iter()
        .map(|change| {
            let (operation, name) = (change.operation.as_str(), change.entity_ref.name());
            format!("{operation} {name} {} {} {}", content(&change.before), content(&change.after), change.revision)
        })
        .collect();
    assert_eq!(rows, expected, "from {} to {}", from.revision(), to.revision());
}

#[tokio::test]
async fn a_difference_is_what_is_not_the_same_in_the_end() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let e = |name: &str, content: u64| format!("component:default/{name}={content}");
        let source = world.source("/catalog", &format!("a: {} {} {}", e("a", 1), e("b", 1), e("c", 1))).await;
        // 4: a changes, 5: d comes, 6: c goes.
        world.change(source, &format!("a: {} {} {}", e("a", 2), e("b", 1), e("d", 1))).await;
        // 7: a changes back, 8: b changes, 9: d goes.
        world.change(source, &format!("a: {} {}", e("a", 1), e("b", 2))).await;
        assert_eq!(world.catalog.snapshot().revision(), Revision(9));
        check_diff(&world, 3, 6, &["updated a 1 2 4", "deleted c 1 - 6", "created d - 1 5"]).await;
        check_diff(&world, 3, 9, &["updated b 1 2 8", "deleted c 1 - 6"]).await;
        check_diff(&world, 9, 3, &["updated b 2 1 8", "created c - 1 6"]).await;
        check_diff(&world, 0, 9, &["created a - 1 7", "created b - 2 8"]).await;
        check_diff(&world, 4, 4, &[]).await;
    })
    .await;
}

#[tokio::test]
async fn applying_a_difference_leads_from_one_point_to_the_other() {
    on_each_database(async |database| {
        let world = World::new(database).await;
        let source = world.source("/catalog", "a: ").await;
        let remembered = write_at_random(&world, source, 2).await;
        for (one, other) in remembered.iter().zip(remembered.iter().skip(3)) {
            let at = async |then: &Remembered| {
                world.catalog.snapshot_at(At::Revision(then.revision)).await.unwrap().snapshot
            };
            let (from, to) = (at(one).await, at(other).await);
            let refs = world.catalog.diff(&from, &to).await.unwrap();
            let changed: Vec<EntityRef> = (0..ENTITIES)
                .map(|n| reference(&format!("component:default/c{n}")))
                .filter(|it| from.index.record(it).map(|it| &it.document) != to.index.record(it).map(|it| &it.document))
                .collect();
            let mut sorted = changed.clone();
            sorted.sort();
            assert_eq!(refs.to_vec(), sorted);
            let changes = world.catalog.diff_changes(&from, &to, &refs).await.unwrap();
            assert_eq!(changes.len(), refs.len());
            for change in changes {
                assert_eq!(change.before.as_ref(), from.index.record(&change.entity_ref));
                assert_eq!(change.after.as_ref(), to.index.record(&change.entity_ref));
                assert_eq!(change.operation == Operation::Deleted, change.after.is_none());
            }
        }
    })
    .await;
}

//! Several replicas, and those that die.

use std::{collections::BTreeMap, sync::Arc};

use callboard_testkit::on_each_database;
use tokio::sync::Notify;

use crate::{
    receiver::{Answer, Receiver},
    world::{World, settings},
};

#[tokio::test]
async fn two_replicas_tell_each_change_once_and_the_other_goes_on_when_one_stops() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let first = World::new(database, settings(&receiver)).await;
        let second = first.replica(database).await;
        let (id, _) = first.subscribe(&receiver).await;
        let (one, other) = (first.run(), second.run());
        for round in 1..=10 {
            first.set(&format!("component:default/a={round}")).await;
            second.catalog.catch_up().await.unwrap();
        }
        first.until_position(id, 10).await;
        assert_eq!(receiver.next_told(10).await.len(), 10);
        assert_eq!(receiver.waiting().await, 0);
        one.stop().await;
        // The clock stands still: the lease was given back, it did not run out.
        first.set("component:default/a=11").await;
        second.catalog.catch_up().await.unwrap();
        second.until_position(id, 11).await;
        other.stop().await;
        assert_eq!(receiver.next_told(1).await.len(), 1);
        assert_eq!(receiver.waiting().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_replica_that_was_killed_is_replaced_when_its_lease_ends_and_nothing_is_lost() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let first = World::new(database, settings(&receiver)).await;
        let (id, _) = first.subscribe(&receiver).await;
        let running = first.run();
        first.set("component:default/a=1").await;
        first.until_position(id, 1).await;
        receiver.will([Answer::Held(Arc::new(Notify::new()))]);
        first.set("component:default/a=2 component:default/b=1").await;
        let mut told = receiver.next_told(2).await;
        running.kill().await;

        let second = first.replica(database).await;
        let running = second.run();
        let idle = second.subscribe(&receiver).await.0;
        second.set("component:default/a=2 component:default/b=2").await;
        // A new subscription is served at once, the old one belongs to the dead until its lease ends.
        second.until_position(idle, 4).await;
        assert_eq!(receiver.next_told(1).await, ["updated component:default/b"]);
        assert_eq!((second.find(id).await.position.0, receiver.waiting().await), (1, 0));
        second.wait(100);
        told.extend(receiver.next_told(3).await);
        second.until_position(id, 4).await;
        let expected = [
            "created component:default/a",
            "updated component:default/a",
            "updated component:default/a",
            "created component:default/b",
            "updated component:default/b",
        ];
        assert_eq!(told, expected);
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn killed_again_and_again_everything_is_told_at_least_once_and_in_order() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let mut world = World::new(database, settings(&receiver)).await;
        let (id, _) = world.subscribe(&receiver).await;
        let entities = |round: u64| (0..20).map(|n| format!("component:default/c{n}={round} ")).collect::<String>();
        let mut heard = Vec::new();
        for round in 1..=4 {
            let running = world.run();
            world.set(&entities(round)).await;
            for _ in 0..=round * 3 {
                heard.push(receiver.next().await);
            }
            running.kill().await;
            world.wait(1_000);
            world = world.replica(database).await;
        }
        let running = world.run();
        world.until_position(id, 80).await;
        running.stop().await;
        while receiver.waiting().await > 0 {
            heard.push(receiver.next().await);
        }
        let mut times: BTreeMap<u64, usize> = BTreeMap::new();
        let mut furthest = 0;
        for arrived in &heard {
            let revision = arrived.json()["data"]["revision"].as_u64().unwrap();
            assert!(revision <= furthest + 1, "{revision} came before {}", furthest + 1);
            furthest = furthest.max(revision);
            *times.entry(revision).or_default() += 1;
        }
        assert_eq!(times.keys().copied().collect::<Vec<_>>(), (1..=80).collect::<Vec<_>>());
        // Each kill can repeat the one event that was on its way, or whose acceptance was not written down.
        assert!(heard.len() <= 84, "{times:?}");
    })
    .await;
}

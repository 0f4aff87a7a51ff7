//! What happens when a receiver does not accept an event.

use std::{sync::Arc, time::Duration};

use callboard_testkit::on_each_database;
use callboard_webhooks::{SubscriptionState, WebhookSettings};
use chrono::TimeDelta;
use tokio::sync::Notify;

use crate::{
    receiver::{Answer, Receiver},
    world::{World, settings},
};

#[tokio::test]
async fn the_wait_grows_and_survives_a_restart() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        let (id, _) = world.subscribe(&receiver).await;
        receiver.will([Answer::Status(503), Answer::Status(503)]);
        let running = world.run();
        world.set("component:default/a=1").await;
        let first = world.until(id, |subscription| subscription.failures == 1).await;
        let wait = first.next_attempt_at.unwrap() - world.clock.now();
        assert!((TimeDelta::milliseconds(500)..=TimeDelta::seconds(1)).contains(&wait), "{wait}");
        assert_eq!((first.state, first.last_failure_at), (SubscriptionState::Failing, Some(world.clock.now())));
        assert_eq!(first.last_failure.unwrap(), "the receiver answered 503 Service Unavailable");
        world.wait(1);
        let second = world.until(id, |subscription| subscription.failures == 2).await;
        let wait = second.next_attempt_at.unwrap() - world.clock.now();
        assert!((TimeDelta::seconds(1)..=TimeDelta::seconds(2)).contains(&wait), "{wait}");
        running.stop().await;

        let restarted = world.replica(database).await;
        let running = restarted.run();
        assert_eq!(restarted.find(id).await.next_attempt_at, second.next_attempt_at);
        world.wait(2);
        let accepted = restarted.until_position(id, 1).await;
        assert_eq!((accepted.state, accepted.failures), (SubscriptionState::Active, 0));
        assert_eq!(accepted.next_attempt_at, None);
        assert_eq!(restarted.log(id).await.last().unwrap(), "1 #3 204 accepted");
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_receiver_that_names_a_time_is_left_alone_until_then() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        let (id, _) = world.subscribe(&receiver).await;
        let seconds = Answer::With(429, vec![("retry-after", "120".to_owned())], "slow down\n\u{7}please".to_owned());
        let date = "Tue, 14 Nov 2023 22:20:00 GMT".to_owned();
        let forever = Answer::With(503, vec![("retry-after", "999999999".to_owned())], String::new());
        receiver.will([seconds, Answer::With(503, vec![("retry-after", date.clone())], String::new()), forever]);
        let running = world.run();
        world.set("component:default/a=1").await;
        let asked = world.until(id, |subscription| subscription.failures == 1).await;
        assert_eq!(asked.next_attempt_at, Some(world.clock.now() + TimeDelta::seconds(120)));
        let deliveries = world.webhooks.deliveries(&[id]).await.unwrap();
        assert_eq!(deliveries[0].excerpt.as_deref(), Some("slow down  please"));
        world.wait(120);
        let asked = world.until(id, |subscription| subscription.failures == 2).await;
        assert_eq!(asked.next_attempt_at.unwrap().to_rfc2822(), date.replace("GMT", "+0000"));
        world.wait(3_600);
        let asked = world.until(id, |subscription| subscription.failures == 3).await;
        assert_eq!(asked.next_attempt_at, Some(world.clock.now() + TimeDelta::hours(24)));
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_paused_until_somebody_resumes_it() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        let (id, _) = world.subscribe(&receiver).await;
        receiver.will([Answer::Status(410)]);
        let running = world.run();
        world.set("component:default/a=1 component:default/b=1").await;
        let gone = world.until(id, |subscription| subscription.state == SubscriptionState::Gone).await;
        assert_eq!((gone.position.0, gone.next_attempt_at), (0, None));
        world.webhooks.resume(id).await.unwrap();
        let told = receiver.next_told(3).await;
        assert_eq!(told[0], told[1], "what was refused is told again: {told:?}");
        assert_eq!(world.until_position(id, 2).await.state, SubscriptionState::Active);
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn while_paused_nothing_is_sent_and_nothing_is_lost() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        let (id, _) = world.subscribe(&receiver).await;
        let (other, _) = world.subscribe(&receiver).await;
        let running = world.run();
        assert_eq!(world.webhooks.pause(id).await.unwrap().state, SubscriptionState::Paused);
        world.set("component:default/a=1 component:default/b=1").await;
        // That the other has been told of everything shows that there was time for this one.
        world.until_position(other, 2).await;
        assert_eq!(receiver.next_told(2).await.len(), 2);
        assert_eq!((receiver.waiting().await, world.find(id).await.position.0), (0, 0));
        world.webhooks.resume(id).await.unwrap();
        assert_eq!(receiver.next_told(2).await, ["created component:default/a", "created component:default/b"]);
        world.until_position(id, 2).await;
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn redirects_silence_and_endless_answers_are_failures_within_bounds() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let elsewhere = Receiver::start().await;
        let settings = WebhookSettings { timeout: Duration::from_millis(500), ..settings(&receiver) };
        let world = World::new(database, settings).await;
        let (id, _) = world.subscribe(&receiver).await;
        let redirect = Answer::With(307, vec![("location", elsewhere.url())], String::new());
        receiver.will([redirect, Answer::Silence, Answer::Endless(500)]);
        let running = world.run();
        world.set("component:default/a=1").await;
        for failures in 1..=3 {
            world.until(id, |subscription| subscription.failures == failures).await;
            world.wait(3_600);
        }
        world.until_position(id, 1).await;
        let expected = [
            "1 #1 307 the receiver answered 307 Temporary Redirect; redirects are not followed",
            "1 #2 - the receiver did not answer in time",
            "1 #3 500 the receiver answered 500 Internal Server Error",
            "1 #4 204 accepted",
        ];
        assert_eq!(world.log(id).await, expected);
        assert_eq!(elsewhere.waiting().await, 0);
        let deliveries = world.webhooks.deliveries(&[id]).await.unwrap();
        assert_eq!(deliveries[1].excerpt.as_ref().unwrap().len(), 300);
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn only_the_newest_attempts_are_remembered() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, WebhookSettings { deliveries_kept: 2, ..settings(&receiver) }).await;
        let (id, _) = world.subscribe(&receiver).await;
        let running = world.run();
        for round in 1..=5 {
            world.set(&format!("component:default/a={round}")).await;
        }
        world.until_position(id, 5).await;
        assert_eq!(world.log(id).await, ["4 #1 204 accepted", "5 #1 204 accepted"]);
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn what_was_begun_before_a_replay_does_not_undo_it() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        let (id, _) = world.subscribe(&receiver).await;
        let running = world.run();
        world.set("component:default/a=1").await;
        world.until_position(id, 1).await;
        let gate = Arc::new(Notify::new());
        receiver.will([Answer::Held(Arc::clone(&gate))]);
        world.set("component:default/a=2").await;
        assert_eq!(receiver.next_told(2).await, ["created component:default/a", "updated component:default/a"]);
        world.webhooks.replay(id, callboard_entity_model::Revision(1)).await.unwrap();
        gate.notify_one();
        assert_eq!(receiver.next_told(2).await, ["created component:default/a", "updated component:default/a"]);
        world.until_position(id, 2).await;
        running.stop().await;
    })
    .await;
}

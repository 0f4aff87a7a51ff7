//! What arrives: every wanted change, in order, signed.

use callboard_catalog::Operation;
use callboard_entity_model::Revision;
use callboard_testkit::on_each_database;
use callboard_webhooks::{NewSubscription, SubscriptionEdit, WebhookSecret};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::{
    receiver::{Answer, Receiver},
    world::{World, settings},
};

#[tokio::test]
async fn every_change_arrives_in_order_as_a_signed_cloud_event() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        world.set("component:default/old=1").await;
        let (id, secret) = world.subscribe(&receiver).await;
        let running = world.run();
        world.set("component:default/old=1 component:default/web=1").await;
        world.set("component:default/old=1 component:default/web=2").await;
        world.set("component:default/old=1").await;

        let created = receiver.next().await;
        assert_eq!(created.header("content-type"), "application/cloudevents+json");
        assert_eq!(created.header("webhook-id"), format!("msg_{}_{}", id.simple(), world.catalog.cursor_at(Revision(2))));
        assert_eq!(created.header("webhook-timestamp"), "1700000000");
        assert_eq!(created.right_signatures(&secret), 1);
        assert_eq!(created.right_signatures(&WebhookSecret::generate().unwrap().expose()), 0);
        let mut event = created.json();
        let after = event["data"]["after"].take();
        assert_eq!(after["metadata"]["description"], "1");
        assert_eq!(
            event,
            json!({
                "specversion": "1.0", "id": world.catalog.cursor_at(Revision(2)).to_string(), "source": "https://portal.example.com",
                "type": "dev.callboard.entity.created", "subject": "component:default/web",
                "time": "2023-11-14T22:13:20.000000Z", "datacontenttype": "application/json",
                "data": { "revision": 2, "cursor": world.cursor(2), "ref": "component:default/web", "type": "CREATED",
                    "actor": "system", "cause": "watch", "before": null, "after": null, "changedPaths": [] },
            })
        );

        let updated = receiver.next().await;
        assert_eq!(updated.right_signatures(&secret), 1);
        let event = updated.json();
        assert_eq!((&event["type"], &event["id"]), (&json!("dev.callboard.entity.updated"), &json!(world.catalog.cursor_at(Revision(3)).to_string())));
        assert_eq!(event["data"]["changedPaths"], json!(["metadata.description"]));
        assert_eq!(event["data"]["before"]["metadata"]["description"], "1");
        assert_eq!(event["data"]["after"]["metadata"]["description"], "2");

        let deleted = receiver.next().await.json();
        assert_eq!(
            (&deleted["type"], &deleted["data"]["after"]),
            (&json!("dev.callboard.entity.deleted"), &json!(null))
        );
        assert_eq!(deleted["data"]["before"]["metadata"]["description"], "2");

        let subscription = world.until_position(id, 4).await;
        assert_eq!(subscription.last_success_at, Some(world.clock.now()));
        assert_eq!(world.log(id).await, ["2 #1 204 accepted", "3 #1 204 accepted", "4 #1 204 accepted"]);
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn the_next_event_waits_until_the_former_was_accepted() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        let (id, _) = world.subscribe(&receiver).await;
        receiver.will([Answer::Status(500), Answer::Status(400)]);
        let running = world.run();
        world.set("component:default/a=1 component:default/b=1").await;
        let mut ids = Vec::new();
        for failures in 1..=2 {
            ids.push(receiver.next().await.header("webhook-id").to_owned());
            world.until(id, |subscription| subscription.failures == failures).await;
            world.wait(3_600);
        }
        ids.push(receiver.next().await.header("webhook-id").to_owned());
        ids.push(receiver.next().await.header("webhook-id").to_owned());
        assert!(ids[0] == ids[1] && ids[1] == ids[2] && ids[2] != ids[3], "{ids:?}");
        world.until_position(id, 2).await;
        let expected = [
            "1 #1 500 the receiver answered 500 Internal Server Error",
            "1 #2 400 the receiver answered 400 Bad Request",
            "1 #3 204 accepted",
            "2 #1 204 accepted",
        ];
        assert_eq!(world.log(id).await, expected);
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn an_entity_that_enters_or_leaves_the_filter_is_told_of() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        let filter = Some(r#"{"description": "red"}"#.to_owned());
        let (id, _) = world.subscribe_with(&receiver, NewSubscription { filter, ..Default::default() }).await;
        let running = world.run();
        for color in ["blue", "red", "red2", "blue", "red"] {
            world.set(&format!("component:default/web={color} component:default/other=blue")).await;
        }
        world.set("component:default/other=blue").await;
        // Entering, leaving, entering again, and being deleted from within; not what happens outside.
        let mut told = Vec::new();
        for _ in 0..4 {
            let data = receiver.next().await.json()["data"].take();
            let color = |state: &str| data[state]["metadata"]["description"].as_str().unwrap_or("-").to_owned();
            told.push(format!("{} {}", color("before"), color("after")));
        }
        assert_eq!(told, ["blue red", "red red2", "blue red", "red -"]);
        world.until_position(id, 7).await;
        assert_eq!(receiver.waiting().await, 0);
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn changes_that_nobody_wants_are_passed_over_and_not_looked_at_again() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        let operations = Some(vec![Operation::Deleted]);
        let (id, _) = world.subscribe_with(&receiver, NewSubscription { operations, ..Default::default() }).await;
        let running = world.run();
        world.set("component:default/a=1 component:default/b=1").await;
        world.until_position(id, 2).await;
        world.set("component:default/a=2").await;
        let told = receiver.next().await;
        assert_eq!(told.told(), "deleted component:default/b");
        world.until_position(id, 4).await;
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_subscription_may_begin_in_the_past_and_be_replayed() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        world.set("component:default/a=1 component:default/b=1").await;
        world.set("component:default/a=2 component:default/b=1").await;
        let from_revision = Some(Revision(2));
        let (id, _) = world.subscribe_with(&receiver, NewSubscription { from_revision, ..Default::default() }).await;
        let running = world.run();
        let expected = ["created component:default/b", "updated component:default/a"];
        assert_eq!(receiver.next_told(2).await, expected);
        world.until_position(id, 3).await;
        world.webhooks.replay(id, Revision(2)).await.unwrap();
        assert_eq!(receiver.next_told(2).await, expected);
        let error = world.webhooks.replay(id, Revision(9)).await.unwrap_err();
        assert_eq!(error.to_string(), "revision 9 lies ahead of the log, which ends at 3");
        world.webhooks.replay(id, Revision(0)).await.unwrap();
        assert_eq!(receiver.next_told(3).await.len(), 3);
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_log_that_was_shortened_past_the_position_is_a_reset_with_a_place_to_go_on() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        let (id, _) = world.subscribe(&receiver).await;
        world.set("component:default/a=1 component:default/b=1").await;
        world.set("component:default/a=2 component:default/b=1").await;
        world.wait(7_200);
        world.catalog.shorten_log().await.unwrap();
        assert_eq!(world.catalog.oldest_revision(), Revision(3));
        let running = world.run();
        let reset = receiver.next().await.json();
        assert_eq!(reset["type"], "dev.callboard.reset");
        assert_eq!(reset["data"], json!({ "revision": 3, "cursor": world.cursor(3) }));
        world.until_position(id, 3).await;
        world.set("component:default/a=3 component:default/b=1").await;
        assert_eq!(receiver.next().await.told(), "updated component:default/a");
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_database_that_was_taken_back_is_a_reset_too() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        world.set("component:default/a=1").await;
        let (id, _) = world.subscribe(&receiver).await;
        for (nth, what) in ["position = 50", "log_id = 1"].into_iter().enumerate() {
            world.db.execute_unprepared(&format!("UPDATE webhook_subscriptions SET {what}")).await.unwrap();
            let running = world.run();
            assert_eq!(receiver.next().await.told(), "reset 1");
            world.until(id, |it| it.position.0 == 1 && it.failures == 0).await;
            running.stop().await;
            assert_eq!(world.log(id).await.len(), nth + 1);
            assert_eq!(receiver.waiting().await, 0);
        }
    })
    .await;
}

#[tokio::test]
async fn a_log_that_is_taken_back_while_nothing_happens_is_told_at_once() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        world.set("component:default/a=1 component:default/b=1").await;
        let (id, _) = world.subscribe(&receiver).await;
        let running = world.run();
        world.set("component:default/a=2 component:default/b=1").await;
        assert_eq!(receiver.next().await.told(), "updated component:default/a");
        world.until_position(id, 3).await;
        world.db.execute_unprepared("DELETE FROM entities WHERE revision > 2").await.unwrap();
        world.db.execute_unprepared("UPDATE log_head SET revision = 2").await.unwrap();
        world.db.execute_unprepared("DELETE FROM changes WHERE revision > 2").await.unwrap();
        world.catalog.catch_up().await.unwrap();
        assert_eq!(receiver.next().await.told(), "reset 2");
        world.until_position(id, 2).await;
        running.stop().await;
    })
    .await;
}

#[tokio::test]
async fn during_a_rotation_both_secrets_hold() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        let (id, old) = world.subscribe(&receiver).await;
        let new = WebhookSecret::generate().unwrap();
        let edit = SubscriptionEdit { secret: Some(new.clone()), ..SubscriptionEdit::default() };
        world.webhooks.update(id, edit).await.unwrap();
        let running = world.run();
        world.set("component:default/a=1").await;
        let during = receiver.next().await;
        assert_eq!((during.right_signatures(&old), during.right_signatures(&new.expose())), (1, 1));
        world.until_position(id, 1).await;
        world.wait(25 * 3_600);
        world.set("component:default/a=2").await;
        let after = receiver.next().await;
        assert_eq!((after.right_signatures(&old), after.right_signatures(&new.expose())), (0, 1));
        running.stop().await;
    })
    .await;
}

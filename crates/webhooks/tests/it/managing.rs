//! Making, changing, testing and deleting subscriptions.

use callboard_catalog::Operation;
use callboard_entity_model::Revision;
use callboard_testkit::on_each_database;
use callboard_webhooks::{NewSubscription, SubscriptionEdit, SubscriptionState, WebhookError, WebhookSettings};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

use crate::{
    receiver::{Answer, Receiver},
    world::{World, alice, settings},
};

#[tokio::test]
async fn a_subscription_is_kept_as_it_was_made_and_changed() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        world.set("component:default/a=1").await;
        let new = NewSubscription {
            name: Some("Search".to_owned()),
            filter: Some(r#"{"description": "1"}"#.to_owned()),
            operations: Some(vec![Operation::Deleted, Operation::Created, Operation::Deleted]),
            ..NewSubscription::default()
        };
        let (id, secret) = world.subscribe_with(&receiver, new).await;
        assert!(secret.starts_with("whsec_"), "{secret}");
        let made = world.find(id).await;
        assert_eq!(made.name.as_deref(), Some("Search"));
        assert_eq!(made.target, receiver.url());
        assert_eq!(made.operations, Some(vec![Operation::Created, Operation::Deleted]));
        assert_eq!((made.position, made.state), (Revision(1), SubscriptionState::Active));
        assert_eq!((made.created_at, made.created_by.as_str()), (world.clock.now(), "user:default/alice"));
        let edit = SubscriptionEdit {
            name: Some(None),
            target: Some(format!("http://{}/other", receiver.host())),
            filter: Some(None),
            operations: Some(None),
            ..SubscriptionEdit::default()
        };
        let changed = world.webhooks.update(id, edit).await.unwrap();
        assert_eq!((&changed.name, &changed.filter, &changed.operations), (&None, &None, &None));
        assert_eq!(changed.target, format!("http://{}/other", receiver.host()));
        assert_eq!(world.webhooks.list().await.unwrap(), [changed]);
    })
    .await;
}

#[tokio::test]
async fn what_can_not_be_used_is_refused() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        let refused = async |new: NewSubscription| {
            let new = if new.target.is_empty() { NewSubscription { target: receiver.url(), ..new } } else { new };
            world.webhooks.create(new, &alice()).await.unwrap_err().to_string()
        };
        let target = "http://127.0.0.1:1/".to_owned();
        let error = refused(NewSubscription { target, ..NewSubscription::default() }).await;
        assert!(error.contains("the target can't be used"), "{error}");
        let error = refused(NewSubscription { name: Some("x".repeat(201)), ..NewSubscription::default() }).await;
        assert_eq!(error, "the name has 201 characters, more than the 200 allowed");
        let error = refused(NewSubscription { filter: Some("{}".to_owned()), ..NewSubscription::default() }).await;
        assert_eq!(error, "the filter can't be used: it has no `description`");
        let error = refused(NewSubscription { operations: Some(Vec::new()), ..NewSubscription::default() }).await;
        assert_eq!(error, "a webhook needs at least one type of change");
        let error = refused(NewSubscription { from_revision: Some(Revision(2)), ..NewSubscription::default() }).await;
        assert_eq!(error, "revision 2 lies ahead of the log, which ends at 0");
        assert_eq!(world.webhooks.list().await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn there_are_never_more_than_allowed() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let settings = WebhookSettings { max_subscriptions: 2, ..settings(&receiver) };
        let world = World::new(database, settings).await;
        let new = || NewSubscription { target: receiver.url(), ..NewSubscription::default() };
        let actor = alice();
        let three = futures::future::join_all((0..3).map(|_| world.webhooks.create(new(), &actor))).await;
        let refused: Vec<_> = three.into_iter().filter_map(Result::err).collect();
        assert!(matches!(&refused[..], [WebhookError::TooMany { max: 2 }]), "{refused:?}");
        assert_eq!(world.webhooks.list().await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_test_says_what_became_of_it_and_changes_nothing_else() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        world.set("component:default/a=1").await;
        let (id, secret) = world.subscribe(&receiver).await;
        let before = world.webhooks.pause(id).await.unwrap();
        let accepted = world.webhooks.test(id).await.unwrap();
        assert_eq!((accepted.status, accepted.is_accepted()), (Some(204), true));
        let arrived = receiver.next().await;
        assert_eq!(arrived.json()["type"], "dev.callboard.test");
        assert_eq!(arrived.right_signatures(&secret), 1);
        receiver.will([Answer::With(410, Vec::new(), "never here".to_owned())]);
        let refused = world.webhooks.test(id).await.unwrap();
        assert_eq!((refused.status, refused.excerpt.as_deref()), (Some(410), Some("never here")));
        assert_eq!(world.find(id).await, before);
        assert_eq!(world.webhooks.deliveries(&[id]).await.unwrap(), [refused, accepted]);
    })
    .await;
}

#[tokio::test]
async fn a_subscription_that_is_deleted_leaves_nothing_behind() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        let (id, _) = world.subscribe(&receiver).await;
        let (other, _) = world.subscribe(&receiver).await;
        let running = world.run();
        world.set("component:default/a=1").await;
        world.until_position(id, 1).await;
        world.until_position(other, 1).await;
        world.webhooks.delete(id).await.unwrap();
        world.set("component:default/a=2").await;
        world.until_position(other, 2).await;
        running.stop().await;
        assert_eq!(receiver.next_told(3).await.len(), 3);
        assert_eq!(receiver.waiting().await, 0);
        assert_eq!(world.webhooks.find(id).await.unwrap(), None);
        let sql = "SELECT COUNT(*) FROM webhook_deliveries";
        let backend = world.db.get_database_backend();
        let row = world.db.query_one_raw(Statement::from_string(backend, sql)).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        let (id, webhooks) = (Uuid::nil(), &world.webhooks);
        let errors = [
            webhooks.update(id, SubscriptionEdit::default()).await.unwrap_err(),
            webhooks.pause(id).await.unwrap_err(),
            webhooks.resume(id).await.unwrap_err(),
            webhooks.replay(id, Revision(0)).await.unwrap_err(),
            webhooks.test(id).await.unwrap_err(),
            webhooks.delete(id).await.unwrap_err(),
        ];
        assert!(errors.iter().all(|error| matches!(error, WebhookError::NotFound { .. })), "{errors:?}");
    })
    .await;
}

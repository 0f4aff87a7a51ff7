//! What nobody can make us do: reach private addresses, or tell secrets.

use std::{
    io::Write,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use callboard_db::tables::webhook_subscriptions;
use callboard_testkit::on_each_database;
use callboard_webhooks::{NewSubscription, SubscriptionEdit, WebhookError, WebhookSettings};
use sea_orm::EntityTrait;

use crate::{
    receiver::{Answer, Receiver},
    world::{World, alice, settings},
};

/// Lets every name have these addresses, one list after the other; the last one stays.
fn resolving(answers: Vec<Vec<&str>>, port: u16, settings: WebhookSettings) -> (WebhookSettings, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let answers: Vec<Vec<SocketAddr>> = answers
        .into_iter()
        .map(|answer| answer.into_iter().map(|ip| SocketAddr::new(ip.parse().unwrap(), port)).collect())
        .collect();
    let lookup = Arc::new(move |_: String| -> futures::future::BoxFuture<'static, _> {
        let turn = count.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
        let answer = answers[turn].clone();
        Box::pin(async move { Ok(answer) })
    });
    (WebhookSettings { lookup, ..settings }, asked)
}

#[tokio::test]
async fn a_name_with_a_private_address_is_not_reached() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        for answers in [vec!["127.0.0.1"], vec!["93.184.216.34", "127.0.0.1"], vec!["::ffff:127.0.0.1"], vec!["::1"]] {
            let (settings, asked) = resolving(
                vec![answers],
                receiver.port(),
                WebhookSettings { allowed_hosts: Vec::new(), ..settings(&receiver) },
            );
            let world = World::new(database, settings).await;
            let target = format!("http://hooks.example.com:{}/", receiver.port());
            let new = NewSubscription { target, ..NewSubscription::default() };
            let (subscription, _) = world.webhooks.create(new, &alice()).await.unwrap();
            let delivery = world.webhooks.test(subscription.id).await.unwrap();
            let error = delivery.error.unwrap();
            assert!(error.contains("hooks.example.com (") && error.contains("reserved address"), "{error}");
            assert_eq!((delivery.status, asked.load(Ordering::SeqCst), receiver.waiting().await), (None, 1, 0));
        }
    })
    .await;
}

#[tokio::test]
async fn a_name_that_changes_its_address_between_attempts_gains_nothing() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        // Refused first; then it answers with an address that nothing can be sent to without leaving the machine.
        let answers = vec![vec!["10.0.0.1"], vec!["169.254.169.254"], vec!["127.0.0.1"]];
        let settings = WebhookSettings { allowed_hosts: vec!["other.example.com".to_owned()], ..settings(&receiver) };
        let (settings, asked) = resolving(answers, receiver.port(), settings);
        let world = World::new(database, settings).await;
        let target = format!("http://hooks.example.com:{}/", receiver.port());
        let new = NewSubscription { target, ..NewSubscription::default() };
        let (subscription, _) = world.webhooks.create(new, &alice()).await.unwrap();
        for address in ["10.0.0.1", "169.254.169.254", "127.0.0.1"] {
            let error = world.webhooks.test(subscription.id).await.unwrap().error.unwrap();
            assert!(error.contains(address), "{error}");
        }
        assert_eq!((asked.load(Ordering::SeqCst), receiver.waiting().await), (3, 0));
        // The same name, allowed, is reached: it was the guard that refused.
        let edit = SubscriptionEdit {
            target: Some(format!("http://other.example.com:{}/", receiver.port())),
            ..SubscriptionEdit::default()
        };
        world.webhooks.update(subscription.id, edit).await.unwrap();
        assert_eq!(world.webhooks.test(subscription.id).await.unwrap().status, Some(204));
    })
    .await;
}

#[tokio::test]
async fn settings_that_became_stricter_hold_for_targets_that_are_there() {
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        let (id, _) = world.subscribe(&receiver).await;
        let strict = WebhookSettings { allowed_hosts: Vec::new(), ..settings(&receiver) };
        let world = World::new(database, strict).await;
        let error = world.webhooks.test(id).await.unwrap().error.unwrap();
        assert!(error.contains("reserved address"), "{error}");
        assert_eq!(receiver.waiting().await, 0);
        let new = NewSubscription { target: receiver.url(), ..NewSubscription::default() };
        let refused = world.webhooks.create(new, &alice()).await.unwrap_err();
        assert!(matches!(refused, WebhookError::BadTarget { .. }), "{refused}");
        let relaxed = WebhookSettings { allows_private_targets: true, ..WebhookSettings::default() };
        let world = World::new(database, relaxed).await;
        assert_eq!(world.webhooks.test(id).await.unwrap().status, Some(204));
    })
    .await;
}

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn nothing_that_is_logged_or_shown_holds_a_secret() {
    let captured = Captured::default();
    let writer = captured.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    // The runtime of this test has one thread, so this sees what the worker logs as well.
    let _guard = tracing::subscriber::set_default(subscriber);
    on_each_database(async |database| {
        let receiver = Receiver::start().await;
        let world = World::new(database, settings(&receiver)).await;
        let (id, secret) = world.subscribe(&receiver).await;
        let new = callboard_webhooks::WebhookSecret::generate().unwrap();
        let shown_new = format!("{new:?}");
        let edit = SubscriptionEdit { secret: Some(new.clone()), ..SubscriptionEdit::default() };
        let mut shown = format!("{edit:?} {shown_new}");
        world.webhooks.update(id, edit).await.unwrap();
        receiver.will([Answer::Status(500), Answer::Status(410)]);
        let running = world.run();
        world.set("component:default/a=1").await;
        world.until(id, |subscription| subscription.failures == 1).await;
        world.wait(10);
        let gone = world.until(id, |subscription| !subscription.state.delivers()).await;
        running.stop().await;
        let rows = webhook_subscriptions::Entity::find().all(&world.db).await.unwrap();
        assert_eq!(rows[0].previous_secret.as_ref().unwrap().0, secret);
        shown.push_str(&format!("{gone:?} {:?} {:?} {rows:?}", world.webhooks, world.webhooks.deliveries(&[id]).await));
        let logged = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
        assert!(logged.contains("a webhook is gone") && logged.contains(&id.to_string()), "{logged}");
        for secret in [secret, new.expose()] {
            let key = secret.strip_prefix("whsec_").unwrap();
            assert!(!logged.contains(key) && !shown.contains(key));
        }
    })
    .await;
}

use std::{convert::Infallible, future::ready};

use futures::future::join_all;
use tokio::sync::Barrier;

use super::*;
use crate::answer::AnswerText;

fn key(revision: u64) -> ShownKey {
    ShownKey { question: Question::of_bytes(b"question"), revision, committed_at: 0 }
}

fn text(bytes: usize) -> Shown {
    Shown::Text(AnswerText::of_data(&"x".repeat(bytes)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_who_come_together_have_it_executed_once() {
    let (events, barrier) = (Arc::new(SharedEvents::default()), Arc::new(Barrier::new(1_000)));
    let asking = (0..1_000).map(|_| {
        let (events, barrier) = (Arc::clone(&events), Arc::clone(&barrier));
        tokio::spawn(async move {
            barrier.wait().await;
            let slow = async {
                tokio::task::yield_now().await;
                Ok::<_, Infallible>(text(10))
            };
            events.show(key(1), slow).await.unwrap_or_else(|never| match never {})
        })
    });
    for shown in join_all(asking).await {
        assert!(matches!(&*shown.expect("joined"), Shown::Text(_)));
    }
    assert_eq!(events.executed(), 1);
}

#[tokio::test]
async fn another_change_or_another_log_is_another_thing() {
    let events = SharedEvents::default();
    let restored = ShownKey { committed_at: 1, ..key(1) };
    let other = ShownKey { question: Question::of_bytes(b"other"), ..key(1) };
    for (count, key) in [key(1), key(2), restored, other].into_iter().enumerate() {
        events.show(key, ready(Ok::<_, Infallible>(text(10)))).await.expect("shown");
        assert_eq!(events.executed(), count as u64 + 1);
    }
}

#[tokio::test]
async fn what_failed_is_tried_again() {
    let events = SharedEvents::default();
    assert_eq!(events.show(key(1), ready(Err("no"))).await.err(), Some("no"));
    assert!(events.show(key(1), ready(Ok::<_, &str>(text(10)))).await.is_ok());
}

#[tokio::test]
async fn whoever_leaves_before_it_is_done_is_followed_by_the_next() {
    let events = SharedEvents::default();
    {
        let leaving = events.show(key(1), std::future::pending::<Result<Shown, Infallible>>());
        assert!(futures::poll!(std::pin::pin!(leaving)).is_pending());
    }
    let shown = events.show(key(1), ready(Ok::<_, Infallible>(Shown::Unwanted))).await;
    assert!(matches!(&*shown.expect("shown"), Shown::Unwanted));
}

#[tokio::test]
async fn no_more_is_kept_than_there_is_room_for() {
    let events = SharedEvents::with_room(100_000);
    for revision in 0..1_000 {
        events.show(key(revision), ready(Ok::<_, Infallible>(text(1_000)))).await.expect("shown");
    }
    assert!(events.shown.weight() <= 100_000, "{}", events.shown.weight());
    assert!(events.shown.len() > 10);
}

use std::{future::poll_fn, time::Duration};

use super::*;

fn settings() -> WebSocketSettings {
    WebSocketSettings {
        init_timeout: Duration::from_secs(10),
        send_timeout: Duration::from_secs(20),
        ping_interval: Duration::from_secs(15),
        silence_limit: Duration::from_secs(40),
        ..WebSocketSettings::default()
    }
}

/// Waits for whatever is due next and returns it, with the seconds that have passed since `start`.
async fn next(deadlines: &mut Deadlines<'_>, start: Instant) -> (u64, Due) {
    loop {
        poll_fn(|cx| deadlines.poll(cx)).await;
        if let Some(due) = deadlines.due() {
            return ((Instant::now() - start).as_secs(), due);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_begin_is_not_waited_for() {
    let settings = settings();
    let mut deadlines = Deadlines::new(&settings);
    assert_eq!(next(&mut deadlines, Instant::now()).await, (10, Due::Init));
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_is_asked_and_then_given_up() {
    let settings = settings();
    let start = Instant::now();
    let mut deadlines = Deadlines::new(&settings);
    deadlines.client_began();
    assert_eq!(next(&mut deadlines, start).await, (15, Due::Ping));
    deadlines.client_was_heard();
    assert_eq!(next(&mut deadlines, start).await, (30, Due::Ping));
    assert_eq!(next(&mut deadlines, start).await, (45, Due::Ping));
    assert_eq!(next(&mut deadlines, start).await, (55, Due::Silence));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_nothing_is_too_slow_and_not_silent() {
    let settings = WebSocketSettings { send_timeout: Duration::from_secs(60), ..settings() };
    let start = Instant::now();
    let mut deadlines = Deadlines::new(&settings);
    deadlines.client_began();
    deadlines.wait_for_client();
    assert_eq!(next(&mut deadlines, start).await, (60, Due::Send));
}

#[tokio::test(start_paused = true)]
async fn taking_what_was_sent_is_a_sign_of_life() {
    let settings = settings();
    let start = Instant::now();
    let mut deadlines = Deadlines::new(&settings);
    deadlines.client_began();
    deadlines.wait_for_client();
    tokio::time::advance(Duration::from_secs(19)).await;
    deadlines.client_took_all();
    assert_eq!(next(&mut deadlines, start).await, (34, Due::Ping));
}

//! Clients that are slow, silent or dead, and that nobody else notices them.

use std::time::Duration;

use callboard_transport::{WebSocketSettings, close_code};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::{
    client::Client,
    world::{FLOOD_EVENT_BYTES, World},
};

/// More than what the system keeps for a socket, on both of its ends, plus what the server keeps.
const MORE_THAN_ANY_BUFFER: u64 = 64 * 1024 * 1024;

#[tokio::test]
async fn a_client_that_takes_nothing_is_told_and_has_lost_nothing_before() {
    let settings = WebSocketSettings {
        send_timeout: Duration::from_millis(200),
        close_timeout: Duration::from_secs(60),
        ..WebSocketSettings::default()
    };
    let world = World::with(settings).await;
    let mut slow = Client::begin(&world).await;
    slow.subscribe("a", "flood").await;
    let mut other = Client::begin(&world).await;
    other.subscribe("b", "ticks").await;
    other.answer("b").await;
    // From here on the slow client reads nothing until the server has given it up.
    assert_eq!(world.ended().await, "flood");
    assert!(world.script.taken() * FLOOD_EVENT_BYTES < MORE_THAN_ANY_BUFFER, "{} events", world.script.taken());
    world.script.tick();
    assert_eq!(other.answer("b").await, json!({ "data": { "number": 1 } }));

    let mut received = 0;
    loop {
        match slow.next_raw().await {
            Message::Text(text) => {
                let message: serde_json::Value = serde_json::from_str(&text).unwrap();
                assert_eq!(message["payload"]["data"]["number"], received);
                received += 1;
            }
            Message::Close(frame) => {
                let frame = frame.unwrap();
                assert_eq!(u16::from(frame.code), close_code::TOO_SLOW);
                assert!(frame.reason.starts_with("too slow"), "{}", frame.reason);
                break;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(received, world.script.taken(), "nothing was taken from the subscription that was not sent");
}

#[tokio::test]
async fn a_flood_does_not_drown_other_operations_or_the_client() {
    let world = World::new().await;
    let mut client = Client::begin(&world).await;
    client.subscribe("a", "flood").await;
    client.subscribe("b", "flood").await;
    client.subscribe("c", "query").await;
    let mut seen = Vec::new();
    while seen.len() < 3 {
        let id = client.next().await["id"].as_str().unwrap().to_owned();
        if !seen.contains(&id) {
            seen.push(id);
        }
    }
    for id in ["a", "b"] {
        client.complete(id).await;
    }
    // Both ended although there was always something to send.
    while client.next().await["type"] != "complete" {}
    client.send(json!({ "type": "ping" })).await;
    while client.next().await["type"] != "pong" {}
    assert_eq!((world.ended().await, world.ended().await), ("flood", "flood"));
}

#[tokio::test]
async fn a_client_that_gives_no_sign_of_life_is_given_up() {
    let settings = WebSocketSettings {
        ping_interval: Duration::from_millis(20),
        silence_limit: Duration::from_secs(1),
        ..WebSocketSettings::default()
    };
    let world = World::with(settings).await;
    let mut client = Client::begin(&world).await;
    client.subscribe("a", "ticks").await;
    // Nobody reads the client's end, so nobody answers what the server asks there.
    assert_eq!(world.ended().await, "ticks");
}

#[tokio::test]
async fn a_client_that_answers_is_kept() {
    let settings = WebSocketSettings { ping_interval: Duration::from_millis(20), ..WebSocketSettings::default() };
    let world = World::with(settings).await;
    let mut client = Client::begin(&world).await;
    for _ in 0..3 {
        assert!(matches!(client.next_raw().await, Message::Ping(_)));
    }
    client.hears_nothing().await;
}

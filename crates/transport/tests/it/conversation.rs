//! graphql-transport-ws: what is allowed when, and how each mistake ends.

use std::time::Duration;

use callboard_transport::{WebSocketSettings, close_code};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use crate::{
    client::Client,
    world::{PATIENCE, World},
};

#[tokio::test]
async fn the_sub_protocol_is_agreed_on() {
    let world = World::new().await;
    let (_, chosen) = Client::open_with(&world, "graphql-transport-ws").await.unwrap();
    assert_eq!(chosen.as_deref(), Some("graphql-transport-ws"));
    let (_, chosen) = Client::open_with(&world, "other, graphql-transport-ws").await.unwrap();
    assert_eq!(chosen.as_deref(), Some("graphql-transport-ws"));
}

#[tokio::test]
async fn an_unknown_sub_protocol_opens_no_socket() {
    let world = World::new().await;
    assert!(Client::open_with(&world, "nope").await.is_err());
    assert!(Client::open_with(&world, "graphql-ws").await.is_err(), "the protocol that this one replaced");
}

#[tokio::test]
async fn a_connection_is_acknowledged_once() {
    let world = World::new().await;
    let mut client = Client::begin(&world).await;
    client.hears_nothing().await;
}

#[tokio::test]
async fn a_connection_may_begin_with_an_object() {
    let world = World::new().await;
    for payload in [json!({ "authorization": "x" }), json!({}), Value::Null] {
        let mut client = Client::open(&world).await;
        client.send(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(client.next().await, json!({ "type": "connection_ack" }));
    }
}

#[tokio::test]
async fn a_connection_may_not_begin_with_anything_else() {
    let world = World::new().await;
    for payload in [json!("x"), json!(1), json!([]), json!(true)] {
        let mut client = Client::open(&world).await;
        client.send(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(client.closed().await.0, close_code::BAD_REQUEST);
    }
}

#[tokio::test]
async fn an_operation_before_the_beginning_closes() {
    let world = World::new().await;
    let mut client = Client::open(&world).await;
    client.subscribe("1", "query").await;
    assert_eq!(client.closed().await, (4401, "Unauthorized".to_owned()));
}

#[tokio::test]
async fn beginning_twice_closes() {
    let world = World::new().await;
    let mut client = Client::begin(&world).await;
    client.send(json!({ "type": "connection_init" })).await;
    assert_eq!(client.closed().await, (4429, "Too many initialisation requests".to_owned()));
}

#[tokio::test]
async fn not_beginning_closes() {
    let settings = WebSocketSettings { init_timeout: Duration::from_millis(20), ..WebSocketSettings::default() };
    let world = World::with(settings).await;
    let mut client = Client::open(&world).await;
    assert_eq!(client.closed().await, (4408, "Connection initialisation timeout".to_owned()));
}

#[tokio::test]
async fn what_is_not_of_the_protocol_closes() {
    let world = World::new().await;
    let wrong = [
        Message::text("not json"),
        Message::text("[]"),
        Message::text(json!({ "type": "wat" }).to_string()),
        Message::text(json!({ "id": "1", "type": "start", "payload": { "query": "query" } }).to_string()),
        Message::text(json!({ "type": "subscribe", "payload": { "query": "query" } }).to_string()),
        Message::text(json!({ "id": 1, "type": "subscribe", "payload": { "query": "query" } }).to_string()),
        Message::text(json!({ "id": "1", "type": "subscribe" }).to_string()),
        Message::text(json!({ "id": "1", "type": "subscribe", "payload": {} }).to_string()),
        Message::text(json!({ "type": "complete" }).to_string()),
        Message::binary(json!({ "type": "ping" }).to_string().into_bytes()),
    ];
    for message in wrong {
        let mut client = Client::begin(&world).await;
        client.send_raw(message.clone()).await;
        let (code, reason) = client.closed().await;
        assert_eq!(code, 4400, "{message}");
        assert!(reason.starts_with("Invalid message: "), "{reason}");
    }
}

#[tokio::test]
async fn a_message_that_is_too_large_closes() {
    let world = World::with(WebSocketSettings { max_message_bytes: 1_000, ..WebSocketSettings::default() }).await;
    let mut client = Client::begin(&world).await;
    client.subscribe("1", &"x".repeat(2_000)).await;
    assert_eq!(client.closed().await, (close_code::TOO_LARGE, "a message may have 1000 bytes".to_owned()));
}

#[tokio::test]
async fn an_id_in_use_closes() {
    let world = World::new().await;
    let mut client = Client::begin(&world).await;
    client.subscribe("1", "ticks").await;
    client.subscribe("1", "query").await;
    assert_eq!(client.closed().await, (4409, "Subscriber for 1 already exists".to_owned()));
    assert_eq!(world.ended().await, "ticks");
}

#[tokio::test]
async fn a_ping_is_answered_with_its_payload_at_any_time() {
    let world = World::new().await;
    let mut client = Client::open(&world).await;
    client.send(json!({ "type": "ping" })).await;
    assert_eq!(client.next().await, json!({ "type": "pong" }));
    client.send(json!({ "type": "connection_init" })).await;
    client.next().await;
    client.send(json!({ "type": "pong" })).await;
    client.send(json!({ "type": "ping", "payload": { "at": 7 } })).await;
    assert_eq!(client.next().await, json!({ "type": "pong", "payload": { "at": 7 } }));
}

#[tokio::test]
async fn a_query_is_answered_and_completed_and_its_id_free_again() {
    let world = World::new().await;
    let mut client = Client::begin(&world).await;
    for number in 1..=3 {
        client.subscribe("a", "query").await;
        let request = format!("socket.{number}");
        assert_eq!(client.answer("a").await, json!({ "data": { "request": request } }));
        assert_eq!(client.next().await, json!({ "id": "a", "type": "complete" }));
    }
}

#[tokio::test]
async fn a_subscription_is_answered_until_it_is_complete() {
    let world = World::new().await;
    let mut client = Client::begin(&world).await;
    client.subscribe("a", "three").await;
    for number in 0..3 {
        assert_eq!(client.answer("a").await, json!({ "data": { "number": number } }));
    }
    assert_eq!(client.next().await, json!({ "id": "a", "type": "complete" }));
    client.complete("a").await;
    client.hears_nothing().await;
}

#[tokio::test]
async fn errors_of_an_answer_are_part_of_it() {
    let world = World::new().await;
    let mut client = Client::begin(&world).await;
    client.subscribe("a", "failing").await;
    client.answer("a").await;
    assert_eq!(client.answer("a").await["errors"][0]["message"], "lost");
    assert_eq!(client.next().await, json!({ "id": "a", "type": "complete" }));
}

#[tokio::test]
async fn a_refused_operation_is_one_error_message_and_frees_its_id() {
    let world = World::new().await;
    let mut client = Client::begin(&world).await;
    for _ in 0..2 {
        client.subscribe("a", "invalid").await;
        let expected = json!({ "id": "a", "type": "error", "payload": [{ "message": "no such field" }] });
        assert_eq!(client.next().await, expected);
    }
    client.hears_nothing().await;
}

#[tokio::test]
async fn an_operation_that_breaks_takes_no_other_with_it() {
    let world = World::new().await;
    let mut client = Client::begin(&world).await;
    client.subscribe("a", "ticks").await;
    client.answer("a").await;
    client.subscribe("b", "panic").await;
    let message = client.next().await;
    assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("b")));
    let expected = json!({ "code": "INTERNAL", "requestId": "socket.2" });
    assert_eq!(message["payload"][0]["extensions"], expected);
    world.script.tick();
    assert_eq!(client.answer("a").await, json!({ "data": { "number": 1 } }));
}

#[tokio::test]
async fn a_client_that_has_heard_enough_hears_no_more() {
    let world = World::new().await;
    let mut client = Client::begin(&world).await;
    client.subscribe("a", "ticks").await;
    client.answer("a").await;
    client.complete("a").await;
    assert_eq!(world.ended().await, "ticks");
    world.script.tick();
    client.hears_nothing().await;
    client.subscribe("a", "ticks").await;
    assert_eq!(client.answer("a").await, json!({ "data": { "number": 1 } }));
}

#[tokio::test]
async fn a_query_that_is_completed_before_its_answer_is_ended() {
    let world = World::new().await;
    let mut client = Client::begin(&world).await;
    client.subscribe("a", "stuck").await;
    client.subscribe("b", "query").await;
    client.answer("b").await;
    client.next().await;
    client.complete("a").await;
    assert_eq!(world.ended().await, "stuck");
    client.hears_nothing().await;
}

#[tokio::test]
async fn completing_what_is_not_there_is_ignored() {
    let world = World::new().await;
    let mut client = Client::begin(&world).await;
    client.complete("nobody").await;
    client.hears_nothing().await;
}

#[tokio::test]
async fn operations_of_one_socket_run_side_by_side() {
    let world = World::new().await;
    let mut client = Client::begin(&world).await;
    for id in ["a", "b"] {
        client.subscribe(id, "ticks").await;
        client.answer(id).await;
    }
    client.subscribe("c", "stuck").await;
    client.subscribe("d", "query").await;
    client.answer("d").await;
    client.next().await;
    world.script.tick();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let message = client.next().await;
        assert_eq!(message["payload"]["data"]["number"], 1);
        ids.push(message["id"].as_str().unwrap().to_owned());
    }
    ids.sort();
    assert_eq!(ids, ["a", "b"]);
}

#[tokio::test]
async fn more_operations_than_allowed_are_refused_one_by_one() {
    let world = World::with(WebSocketSettings { max_operations: 2, ..WebSocketSettings::default() }).await;
    let mut client = Client::begin(&world).await;
    for id in ["a", "b"] {
        client.subscribe(id, "ticks").await;
        client.answer(id).await;
    }
    client.subscribe("c", "query").await;
    let message = client.next().await;
    assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("c")));
    let expected = json!({ "code": "LIMIT_EXCEEDED", "requestId": "socket.3", "max": 2 });
    assert_eq!(message["payload"][0]["extensions"], expected);
    client.complete("a").await;
    client.subscribe("c", "query").await;
    client.answer("c").await;
}

#[tokio::test]
async fn a_server_that_stops_says_so_and_ends_what_runs() {
    let world = World::new().await;
    let mut client = Client::begin(&world).await;
    client.subscribe("a", "ticks").await;
    client.answer("a").await;
    world.closing.cancel();
    assert_eq!(client.closed().await, (close_code::GOING_AWAY, "the server is stopping".to_owned()));
    assert_eq!(world.ended().await, "ticks");
    drop(client);
    world.served.close();
    timeout(PATIENCE, world.served.wait()).await.expect("nothing is served any more");
}

#[tokio::test]
async fn a_client_that_leaves_ends_what_it_started() {
    let world = World::new().await;
    let mut client = Client::begin(&world).await;
    client.subscribe("a", "ticks").await;
    client.answer("a").await;
    client.send_raw(Message::Close(None)).await;
    assert_eq!(world.ended().await, "ticks");
    let mut client = Client::begin(&world).await;
    client.subscribe("a", "stuck").await;
    client.hears_nothing().await;
    drop(client);
    assert_eq!(world.ended().await, "stuck");
}

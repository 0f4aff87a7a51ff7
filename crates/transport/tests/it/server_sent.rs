//! Server-sent events over HTTP.

use std::time::Duration;

use callboard_transport::{SseSettings, WebSocketSettings};
use futures::{Stream, StreamExt};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::world::{FLOOD_EVENT_BYTES, PATIENCE, World};

const COMPLETE: &str = "event: complete\ndata:\n\n";

async fn ask(world: &World, query: &str, last_event_id: Option<&str>) -> reqwest::Response {
    let mut request = reqwest::Client::new().post(format!("http://{}/", world.address));
    if let Some(id) = last_event_id {
        request = request.header("last-event-id", id);
    }
    let body = json!({ "query": query }).to_string();
    request.header("content-type", "application/json").body(body).send().await.unwrap()
}

async fn text(world: &World, query: &str, last_event_id: Option<&str>) -> String {
    timeout(PATIENCE, ask(world, query, last_event_id).await.text()).await.expect("the answer ends").unwrap()
}

/// Returns the next piece of an answer.
async fn piece(body: &mut (impl Stream<Item = reqwest::Result<axum::body::Bytes>> + Unpin)) -> String {
    let piece = timeout(PATIENCE, body.next()).await.expect("something comes").expect("the answer goes on").unwrap();
    String::from_utf8(piece.to_vec()).unwrap()
}

fn next(number: u64) -> String {
    format!("event: next\nid: {number}\ndata: {{\"data\":{{\"number\":{number}}}}}\n\n")
}

#[tokio::test]
async fn an_answer_is_an_event_stream_that_nobody_keeps() {
    let world = World::new().await;
    for query in ["query", "invalid", "three"] {
        let response = ask(&world, query, None).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-cache");
    }
}

#[tokio::test]
async fn a_query_is_one_event() {
    let world = World::new().await;
    let expected = format!("event: next\ndata: {{\"data\":{{\"request\":\"request\"}}}}\n\n{COMPLETE}");
    assert_eq!(text(&world, "query", None).await, expected);
}

#[tokio::test]
async fn a_refused_operation_is_one_event_with_errors() {
    let world = World::new().await;
    let expected = format!("event: next\ndata: {{\"errors\":[{{\"message\":\"no such field\"}}]}}\n\n{COMPLETE}");
    assert_eq!(text(&world, "invalid", None).await, expected);
}

#[tokio::test]
async fn a_subscription_is_sent_with_cursors_and_goes_on_after_one() {
    let world = World::new().await;
    let all = format!("retry: 1000\n\n{}{}{}{COMPLETE}", next(0), next(1), next(2));
    assert_eq!(text(&world, "three", None).await, all);
    let rest = format!("retry: 1000\n\n{}{COMPLETE}", next(2));
    assert_eq!(text(&world, "three", Some("1")).await, rest);
}

#[tokio::test]
async fn events_come_when_they_happen_until_the_client_leaves() {
    let world = World::new().await;
    let mut body = ask(&world, "ticks", None).await.bytes_stream();
    let mut received = String::new();
    while received != format!("retry: 1000\n\n{}", next(0)) {
        received.push_str(&piece(&mut body).await);
    }
    world.script.tick();
    assert_eq!(piece(&mut body).await, next(1));
    drop(body);
    assert_eq!(world.ended().await, "ticks");
}

#[tokio::test]
async fn silence_is_filled_with_comments() {
    let settings = SseSettings { keep_alive: Duration::from_millis(20), ..SseSettings::default() };
    let world = World::start(WebSocketSettings::default(), settings).await;
    let mut body = ask(&world, "ticks", None).await.bytes_stream();
    let mut received = String::new();
    while received.matches(":\n\n").count() < 3 {
        received.push_str(&piece(&mut body).await);
    }
    assert!(received.starts_with(&format!("retry: 1000\n\n{}", next(0))), "{received}");
}

#[tokio::test]
async fn a_server_that_stops_ends_the_answer_without_completing_it() {
    let world = World::new().await;
    let mut body = ask(&world, "ticks", None).await.bytes_stream();
    while piece(&mut body).await != next(0) {}
    world.closing.cancel();
    assert!(timeout(PATIENCE, body.next()).await.expect("the answer ends").is_none());
    assert_eq!(world.ended().await, "ticks");
    world.served.close();
    timeout(PATIENCE, world.served.wait()).await.expect("the guard is dropped");
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_given_up_and_has_lost_nothing_before() {
    let settings = SseSettings { send_timeout: Duration::from_millis(200), ..SseSettings::default() };
    let world = World::start(WebSocketSettings::default(), settings).await;
    let mut connection = TcpStream::connect(&world.address).await.unwrap();
    let body = json!({ "query": "flood" }).to_string();
    // HTTP/1.0 has no chunks, so the body can be read as it is.
    let request =
        format!("POST / HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    connection.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(world.ended().await, "flood");
    assert!(world.script.taken() * FLOOD_EVENT_BYTES < 64 * 1024 * 1024, "{} events", world.script.taken());

    let mut received = String::new();
    timeout(PATIENCE, connection.read_to_string(&mut received)).await.expect("the answer ends").unwrap();
    let events: Vec<_> = received.split("\n\n").filter(|event| event.starts_with("event: next")).collect();
    for (number, event) in events.iter().enumerate() {
        assert!(event.contains(&format!("\nid: {number}\n")), "{number}");
    }
    assert_eq!(u64::try_from(events.len()).unwrap(), world.script.taken());
    let end = received.trim_end().rsplit("\n\n").next().unwrap();
    assert!(end.starts_with(": too slow"), "{end}");
}

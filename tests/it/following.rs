//! Following the catalog from outside: a file is edited, a subscriber hears of it, and a server that is killed in between
//! takes nothing away from either.

use std::{fs, path::Path};

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use crate::server::{PATIENCE, Server, config_with_files};

const QUERY: &str = "subscription($after: String) { entityChanges(after: $after) { __typename
    ... on EntityChange { cursor type ref } ... on ChangeCheckpoint { cursor } ... on ChangeReset { cursor } } }";

#[tokio::test]
async fn an_edited_file_is_read_without_being_asked_for() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("catalog-info.yaml");
    write(&file, &["one"]);
    let server = Server::start(home.path(), &config_with_files(std::slice::from_ref(&file))).await;
    wait_for_total(&server, 1).await;
    write(&file, &["one", "two"]);
    wait_for_total(&server, 2).await;
    assert!(server.terminate().await.success());
}

#[tokio::test]
async fn a_subscriber_that_comes_back_after_a_crash_misses_nothing_and_hears_nothing_twice() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("catalog-info.yaml");
    let mut names: Vec<String> = Vec::new();
    let mut heard: Vec<String> = Vec::new();
    let mut cursor = Value::Null;
    for round in 0..3 {
        // Written while nobody runs: the next server finds it.
        names.push(format!("offline-{round}"));
        write(&file, &names);
        let server = Server::start(home.path(), &config_with_files(std::slice::from_ref(&file))).await;
        if cursor.is_null() {
            cursor = json!(first_cursor(&server).await);
        }
        wait_for_total(&server, names.len()).await;
        names.push(format!("online-{round}"));
        write(&file, &names);
        let mut subscription = Subscription::open(&server, &cursor).await;
        let wanted = format!("component:default/online-{round}");
        while heard.last() != Some(&wanted) {
            let event = subscription.next().await;
            cursor = event["cursor"].clone();
            if let Some(entity_ref) = event["ref"].as_str() {
                assert_eq!(event["type"], "CREATED", "{event}");
                heard.push(entity_ref.to_owned());
            }
        }
        server.kill();
    }
    // The very first name was there before the first cursor was taken, or after; whichever, nothing is repeated.
    let expected: Vec<_> = names.iter().map(|name| format!("component:default/{name}")).collect();
    assert!(heard == expected || heard == expected[1..], "{heard:?}");
}

#[tokio::test]
async fn a_server_that_stops_says_goodbye_to_its_subscribers() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &config_with_files(&[])).await;
    let mut subscription = Subscription::open(&server, &Value::Null).await;
    subscription.next().await;
    let stopped = tokio::spawn(server.terminate());
    let code = subscription.close_code().await;
    assert_eq!(code, 1001);
    assert!(stopped.await.expect("joined").success());
}

#[tokio::test]
async fn a_server_that_stops_ends_event_streams_without_cutting_them_off() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &config_with_files(&[])).await;
    let request = reqwest::Client::new()
        .post(format!("http://{}/graphql", server.address()))
        .header("content-type", "application/json")
        .header("accept", "text/event-stream")
        .body(json!({ "query": "subscription { entityChanges { __typename } }" }).to_string());
    let mut events = request.send().await.expect("an answer").bytes_stream();
    let mut text = String::new();
    let stopped = loop {
        let piece = tokio::time::timeout(PATIENCE, events.next()).await.expect("in time").expect("still open");
        text.push_str(std::str::from_utf8(&piece.expect("a piece")).expect("text"));
        if text.contains("ChangeCheckpoint") {
            break tokio::spawn(server.terminate());
        }
    };
    // The end of the last piece is the end of the answer; a connection that is cut off is an error here.
    while let Some(piece) = tokio::time::timeout(PATIENCE, events.next()).await.expect("in time") {
        text.push_str(std::str::from_utf8(&piece.expect("a piece")).expect("text"));
    }
    assert!(!text.contains("complete"), "{text}");
    assert!(stopped.await.expect("joined").success());
}

async fn wait_for_total(server: &Server, total: usize) {
    server
        .wait_until("the total", async || {
            let data = server.data("{ entities(first: 0) { totalCount } }", json!({})).await;
            data["entities"]["totalCount"] == total
        })
        .await;
}

async fn first_cursor(server: &Server) -> String {
    let event = Subscription::open(server, &Value::Null).await.next().await;
    assert_eq!(event["__typename"], "ChangeCheckpoint");
    event["cursor"].as_str().expect("a cursor").to_owned()
}

fn write<T: AsRef<str>>(file: &Path, names: &[T]) {
    let documents: Vec<_> = names
        .iter()
        .map(|name| {
            let name = name.as_ref();
            format!(
                "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: {name}}}\n\
                 spec: {{type: service, lifecycle: production, owner: team}}\n"
            )
        })
        .collect();
    // Renamed into place, as editors do, so that no reader finds half a file.
    let draft = file.with_extension("draft");
    fs::write(&draft, documents.join("---\n")).expect("the file can be written");
    fs::rename(&draft, file).expect("the file can be put in place");
}

/// A subscription over graphql-transport-ws.
struct Subscription(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Subscription {
    async fn open(server: &Server, after: &Value) -> Self {
        let mut request = format!("ws://{}/graphql", server.address()).into_client_request().expect("a request");
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
        let (socket, _) = tokio_tungstenite::connect_async(request).await.expect("a WebSocket");
        let mut subscription = Self(socket);
        subscription.send(json!({ "type": "connection_init" })).await;
        assert_eq!(subscription.receive().await["type"], "connection_ack");
        let payload = json!({ "query": QUERY, "variables": { "after": after } });
        subscription.send(json!({ "type": "subscribe", "id": "1", "payload": payload })).await;
        subscription
    }

    async fn next(&mut self) -> Value {
        let mut message = self.receive().await;
        assert_eq!(message["type"], "next", "{message}");
        message["payload"]["data"]["entityChanges"].take()
    }

    async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.expect("the server reads");
    }

    async fn close_code(&mut self) -> u16 {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("in time").expect("still open");
            if let Message::Close(frame) = message.expect("a message") {
                return frame.expect("a close frame").code.into();
            }
        }
    }

    async fn receive(&mut self) -> Value {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("in time").expect("still open");
            if let Message::Text(text) = message.expect("a message") {
                return serde_json::from_str(&text).expect("JSON");
            }
        }
    }
}

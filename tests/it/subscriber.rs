//! A subscriber of `entityChanges`, over WebSocket or over server-sent events.
//!
//! Owns both protocols as far as one subscription needs them. A connection that breaks is the end of the subscriber and no
//! failure: some tests are about that.

use axum::body::Bytes;
use futures::{SinkExt, StreamExt, stream::BoxStream};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use crate::server::PATIENCE;

const FIELDS: &str = "{ __typename
    ... on EntityChange { cursor revision type ref entity { description } previous { description } }
    ... on ChangeCheckpoint { cursor revision } ... on ChangeReset { cursor revision } }";

/// How events are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    /// graphql-transport-ws; the last cursor is given as an argument.
    WebSocket,
    /// Server-sent events; the last cursor is given as `Last-Event-ID`.
    ServerSent,
}

/// One connection with one subscription.
pub(crate) enum Subscriber {
    WebSocket(Box<WebSocketStream<MaybeTlsStream<TcpStream>>>),
    ServerSent { body: BoxStream<'static, reqwest::Result<Bytes>>, text: String },
}

impl Subscriber {
    /// Subscribes to all changes after a cursor; nothing when the server can't be reached.
    pub(crate) async fn open(address: &str, transport: Transport, after: Option<&str>) -> Option<Self> {
        match transport {
            Transport::WebSocket => Self::open_websocket(address, after).await,
            Transport::ServerSent => Self::open_server_sent(address, after).await,
        }
    }

    /// Returns the next event and where to go on after it; nothing when the connection is broken or closed.
    pub(crate) async fn next(&mut self) -> Option<(Value, String)> {
        let next = async {
            match self {
                Self::WebSocket(_) => {
                    let mut message = self.message().await?;
                    assert_eq!(message["type"], "next", "{message}");
                    let event = event_of(message["payload"].take());
                    let cursor = event["cursor"].as_str().expect("a cursor").to_owned();
                    Some((event, cursor))
                }
                Self::ServerSent { .. } => self.server_sent().await,
            }
        };
        timeout(PATIENCE, next).await.expect("an event, or the end, in time")
    }

    async fn open_websocket(address: &str, after: Option<&str>) -> Option<Self> {
        let mut request = format!("ws://{address}/graphql").into_client_request().expect("a request");
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
        let (socket, _) = tokio_tungstenite::connect_async(request).await.ok()?;
        let mut subscriber = Self::WebSocket(Box::new(socket));
        subscriber.say(json!({ "type": "connection_init" })).await?;
        assert_eq!(subscriber.message().await?["type"], "connection_ack");
        let query =
            format!("subscription($after: String) {{ entityChanges(after: $after, checkpointSeconds: 1) {FIELDS} }}");
        let payload = json!({ "query": query, "variables": { "after": after } });
        subscriber.say(json!({ "type": "subscribe", "id": "1", "payload": payload })).await?;
        Some(subscriber)
    }

    async fn open_server_sent(address: &str, after: Option<&str>) -> Option<Self> {
        let query = format!("subscription {{ entityChanges(checkpointSeconds: 1) {FIELDS} }}");
        let mut request = reqwest::Client::new()
            .post(format!("http://{address}/graphql"))
            .header("content-type", "application/json")
            .header("accept", "text/event-stream")
            .body(json!({ "query": query }).to_string());
        if let Some(after) = after {
            request = request.header("last-event-id", after);
        }
        let response = request.send().await.ok()?;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Some(Self::ServerSent { body: response.bytes_stream().boxed(), text: String::new() })
    }

    async fn say(&mut self, message: Value) -> Option<()> {
        let Self::WebSocket(socket) = self else { return None };
        socket.send(Message::text(message.to_string())).await.ok()
    }

    async fn message(&mut self) -> Option<Value> {
        let Self::WebSocket(socket) = self else { return None };
        loop {
            match socket.next().await?.ok()? {
                Message::Text(text) => return Some(serde_json::from_str(&text).expect("JSON")),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }

    async fn server_sent(&mut self) -> Option<(Value, String)> {
        let Self::ServerSent { body, text } = self else { return None };
        loop {
            while let Some(end) = text.find("\n\n") {
                let block: String = text.drain(..end + 2).collect();
                let value = |name| block.lines().find_map(|line| line.strip_prefix(name));
                if value("event: ") == Some("next") {
                    let payload = value("data: ").expect("an answer");
                    let event = event_of(serde_json::from_str(payload).expect("JSON"));
                    let cursor = value("id: ").expect("an id").to_owned();
                    assert_eq!(event["cursor"], cursor);
                    return Some((event, cursor));
                }
                assert_eq!(value("event: "), None, "{block}");
            }
            text.push_str(std::str::from_utf8(&body.next().await?.ok()?).expect("text"));
        }
    }
}

fn event_of(mut payload: Value) -> Value {
    assert!(payload["errors"].is_null(), "{payload}");
    payload["data"]["entityChanges"].take()
}

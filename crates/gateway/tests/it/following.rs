//! Subscriptions over real WebSockets and as server-sent events.

use std::time::Duration;

use axum::body::Bytes;
use callboard_gateway::{GatewaySettings, WebSocketSettings};
use futures::{SinkExt, StreamExt, stream::BoxStream};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::support::{TestGateway, component, shop};

/// A client of the protocol graphql-transport-ws with one subscription.
pub(crate) struct Subscriber(WebSocketStream<MaybeTlsStream<TcpStream>>);

pub(crate) async fn serve(gateway: &TestGateway) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = gateway.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("ws://{address}/graphql")
}

impl Subscriber {
    pub(crate) async fn start(address: &str, query: &str) -> Self {
        let mut socket = connect(address, None).await.unwrap();
        for message in [
            json!({ "type": "connection_init" }),
            json!({ "id": "1", "type": "subscribe", "payload": { "query": query } }),
        ] {
            socket.send(Message::text(message.to_string())).await.unwrap();
        }
        let mut subscriber = Self(socket);
        assert_eq!(subscriber.message().await["type"], "connection_ack");
        subscriber
    }

    async fn message(&mut self) -> Value {
        let message = tokio::time::timeout(Duration::from_secs(20), self.0.next()).await.expect("a message in time");
        serde_json::from_str(message.unwrap().unwrap().to_text().unwrap()).unwrap()
    }

    /// Returns the next event.
    pub(crate) async fn event(&mut self) -> Value {
        let mut message = self.message().await;
        assert_eq!(message["type"], "next", "{message}");
        let payload = message["payload"].take();
        assert!(payload.get("errors").is_none(), "{payload}");
        payload["data"]["entityChanges"].clone()
    }
}

async fn connect(
    address: &str,
    origin: Option<&str>,
) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, tokio_tungstenite::tungstenite::Error> {
    let mut request = address.into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().unwrap());
    }
    Ok(connect_async(request).await?.0)
}

/// A client of server-sent events.
struct Listener {
    body: BoxStream<'static, reqwest::Result<Bytes>>,
    text: String,
}

impl Listener {
    async fn start(address: &str, query: &str, last_event_id: Option<&str>) -> Self {
        let address = address.replace("ws://", "http://");
        let mut request = reqwest::Client::new()
            .post(address)
            .header("content-type", "application/json")
            .header("accept", "text/event-stream")
            .header("accept-encoding", "gzip");
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        let response = request.body(json!({ "query": query }).to_string()).send().await.unwrap();
        assert_eq!(
            (response.status().as_u16(), &response.headers()["content-type"]),
            (200, &"text/event-stream".parse().unwrap())
        );
        assert!(!response.headers().contains_key("content-encoding"), "a compressor would hold events back");
        Self { body: response.bytes_stream().boxed(), text: String::new() }
    }

    /// Returns the next event of the stream: its name, id and data.
    async fn block(&mut self) -> (String, Option<String>, String) {
        loop {
            let Some(end) = self.text.find("\n\n") else {
                let piece = tokio::time::timeout(Duration::from_secs(20), self.body.next()).await.expect("in time");
                self.text.push_str(std::str::from_utf8(&piece.unwrap().unwrap()).unwrap());
                continue;
            };
            let block: String = self.text.drain(..end + 2).collect();
            let line =
                |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(|it| it.trim().to_owned());
            if let Some(event) = line("event:") {
                return (event, line("id:"), line("data:").unwrap_or_default());
            }
        }
    }

    /// Returns the next event and its cursor.
    async fn event(&mut self) -> (Value, String) {
        let (name, id, data) = self.block().await;
        assert_eq!(name, "next", "{data}");
        let mut payload: Value = serde_json::from_str(&data).unwrap();
        assert!(payload.get("errors").is_none(), "{payload}");
        (payload["data"]["entityChanges"].take(), id.unwrap())
    }
}

async fn change_lifecycle(gateway: &TestGateway, lifecycle: &str) {
    let mut documents = shop();
    documents[0]["spec"]["lifecycle"] = json!(lifecycle);
    gateway.place("file:/shop.yaml", documents);
    gateway.read_again("file:/shop.yaml").await;
}

#[tokio::test]
async fn a_change_is_sent_with_what_differs() {
    let gateway = TestGateway::of_shop().await;
    let query = "subscription { entityChanges { __typename ... on EntityChange { type ref changedPaths cause \
                 entity { ... on Component { lifecycle system { name } } } previous { ... on Component { lifecycle } } } } }";
    let mut subscriber = Subscriber::start(&serve(&gateway).await, query).await;
    assert_eq!(subscriber.event().await["__typename"], "ChangeCheckpoint");
    change_lifecycle(&gateway, "deprecated").await;
    assert_eq!(
        subscriber.event().await,
        json!({ "__typename": "EntityChange", "type": "UPDATED", "ref": "component:default/web", "changedPaths": ["spec.lifecycle"],
                "cause": "request", "entity": { "lifecycle": "deprecated", "system": { "name": "shop" } },
                "previous": { "lifecycle": "production" } })
    );
}

#[tokio::test]
async fn a_subscription_goes_on_after_a_cursor_without_loss() {
    let gateway = TestGateway::of_shop().await;
    let address = serve(&gateway).await;
    let mut first =
        Subscriber::start(&address, "subscription { entityChanges { ... on ChangeCheckpoint { cursor } } }").await;
    let cursor = first.event().await["cursor"].as_str().unwrap().to_owned();
    drop(first);
    for lifecycle in ["experimental", "deprecated", "production"] {
        change_lifecycle(&gateway, lifecycle).await;
    }
    let query = format!(
        "subscription {{ entityChanges(after: \"{cursor}\") {{ ... on EntityChange {{ revision entity {{ ... on Component {{ lifecycle }} }} }} }} }}"
    );
    let mut second = Subscriber::start(&address, &query).await;
    second.event().await;
    let start = shop().len();
    for (offset, lifecycle) in ["experimental", "deprecated", "production"].into_iter().enumerate() {
        let expected = json!({ "revision": start + offset + 1, "entity": { "lifecycle": lifecycle } });
        assert_eq!(second.event().await, expected);
    }
}

#[tokio::test]
async fn only_wanted_changes_are_sent() {
    let gateway = TestGateway::of_shop().await;
    let query = "subscription { entityChanges(filter: { kind: { eq: \"Component\" } }, types: [DELETED]) \
                 { ... on EntityChange { type ref entity { name } previous { name } relationsRemoved { type targetRef } } } }";
    let mut subscriber = Subscriber::start(&serve(&gateway).await, query).await;
    subscriber.event().await;
    change_lifecycle(&gateway, "deprecated").await;
    gateway.place(
        "file:/shop.yaml",
        shop().into_iter().filter(|it| it["metadata"]["name"] != "orders" && it["kind"] != "User").collect(),
    );
    gateway.read_again("file:/shop.yaml").await;
    let event = subscriber.event().await;
    assert_eq!((&event["type"], &event["ref"]), (&json!("DELETED"), &json!("component:default/orders")));
    assert_eq!((&event["entity"], &event["previous"]["name"]), (&json!(null), &json!("orders")));
    assert_eq!(event["relationsRemoved"].as_array().unwrap().len(), 4, "{event}");
}

#[tokio::test]
async fn checkpoints_are_sent_when_nothing_happens() {
    let gateway = TestGateway::empty().await;
    let query = "subscription { entityChanges(checkpointSeconds: 1) { __typename ... on ChangeCheckpoint { cursor revision } } }";
    let mut subscriber = Subscriber::start(&serve(&gateway).await, query).await;
    let first = subscriber.event().await;
    assert_eq!(first["revision"], 0);
    assert_eq!(subscriber.event().await, first);
}

#[tokio::test]
async fn a_cursor_of_another_log_is_answered_with_a_reset() {
    let gateway = TestGateway::of_shop().await;
    let address = serve(&gateway).await;
    let other = TestGateway::empty().await;
    let many = (0..50).map(|n| component(&format!("c{n}"), "service", "a")).collect();
    other.configure("file:/many.yaml", many).await;
    let mut far = Subscriber::start(
        &serve(&other).await,
        "subscription { entityChanges { ... on ChangeCheckpoint { cursor } } }",
    )
    .await;
    let cursor = far.event().await["cursor"].as_str().unwrap().to_owned();
    let query = format!(
        "subscription {{ entityChanges(after: \"{cursor}\") {{ __typename ... on ChangeReset {{ revision }} }} }}"
    );
    let mut subscriber = Subscriber::start(&address, &query).await;
    assert_eq!(subscriber.event().await, json!({ "__typename": "ChangeReset", "revision": shop().len() }));
}

#[tokio::test]
async fn the_same_is_told_over_both_protocols_and_cursors_are_good_for_either() {
    let gateway = TestGateway::of_shop().await;
    let address = serve(&gateway).await;
    let fields = "{ __typename ... on EntityChange { cursor revision type entity { ... on Component { lifecycle } } } \
                  ... on ChangeCheckpoint { cursor revision } }";
    let query = format!("subscription {{ entityChanges {fields} }}");
    let mut subscriber = Subscriber::start(&address, &query).await;
    let mut listener = Listener::start(&address, &query, None).await;
    let (start, first_cursor) = listener.event().await;
    assert_eq!((&start, &start["cursor"]), (&subscriber.event().await, &json!(first_cursor)));
    let mut told = Vec::new();
    for lifecycle in ["experimental", "deprecated", "production"] {
        change_lifecycle(&gateway, lifecycle).await;
        let (event, cursor) = listener.event().await;
        assert_eq!((&event["entity"]["lifecycle"], &event["cursor"]), (&json!(lifecycle), &json!(cursor)));
        assert_eq!(subscriber.event().await, event);
        told.push(event);
    }
    let cursor = told[0]["cursor"].as_str().unwrap();
    // What a browser says when it connects again counts more than what the page said when it was opened.
    let opened = format!("subscription {{ entityChanges(after: \"{first_cursor}\") {fields} }}");
    let mut resumed = Listener::start(&address, &opened, Some(cursor)).await;
    let mut resumed_socket =
        Subscriber::start(&address, &format!("subscription {{ entityChanges(after: \"{cursor}\") {fields} }}")).await;
    assert_eq!(resumed.event().await.0["cursor"], cursor, "where it stands is told first");
    resumed_socket.event().await;
    for event in &told[1..] {
        assert_eq!(resumed.event().await.0, *event);
        assert_eq!(resumed_socket.event().await, *event);
    }
}

#[tokio::test]
async fn an_entity_that_leaves_or_enters_the_filter_is_told_of() {
    let gateway = TestGateway::of_shop().await;
    let query = "subscription { entityChanges(filter: { lifecycle: { eq: \"deprecated\" } }) \
                 { ... on EntityChange { entity { ... on Component { lifecycle } } } } }";
    let address = serve(&gateway).await;
    let (mut subscriber, mut listener) =
        (Subscriber::start(&address, query).await, Listener::start(&address, query, None).await);
    subscriber.event().await;
    listener.event().await;
    for lifecycle in ["deprecated", "experimental", "production", "experimental", "deprecated"] {
        change_lifecycle(&gateway, lifecycle).await;
    }
    for told in ["deprecated", "experimental", "deprecated"] {
        let expected = json!({ "entity": { "lifecycle": told } });
        assert_eq!(subscriber.event().await, expected);
        assert_eq!(listener.event().await.0, expected);
    }
}

#[tokio::test]
async fn a_subscription_that_is_refused_is_one_event_with_errors() {
    let gateway = TestGateway::of_shop().await;
    let address = serve(&gateway).await;
    for (query, id, code) in [
        ("subscription { nope }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { entityChanges(checkpointSeconds: 0) { __typename } }", None, "BAD_USER_INPUT"),
        ("subscription { entityChanges { __typename } }", Some("nonsense"), "INVALID_CURSOR"),
    ] {
        let mut listener = Listener::start(&address, query, id).await;
        let (name, _, data) = listener.block().await;
        let payload: Value = serde_json::from_str(&data).unwrap();
        assert_eq!((name.as_str(), &payload["errors"][0]["extensions"]["code"]), ("next", &json!(code)), "{payload}");
        assert!(payload.get("data").is_none(), "{payload}");
        assert_eq!(listener.block().await, ("complete".to_owned(), None, String::new()));
    }
}

#[tokio::test]
async fn what_fails_in_an_event_names_the_one_execution_and_the_request() {
    let gateway = TestGateway::of_shop().await;
    let address = serve(&gateway).await;
    // The cost is checked before, what stands in a page only when it is read.
    let query = "subscription { entityChanges { ... on EntityChange { entity { relations(first: 1, after: \"?\") { totalCount } } } } }";
    let mut subscribers = Vec::new();
    for _ in 0..2 {
        let mut subscriber = Subscriber::start(&address, query).await;
        subscriber.event().await;
        subscribers.push(subscriber);
    }
    change_lifecycle(&gateway, "deprecated").await;
    let mut ids = Vec::new();
    for subscriber in &mut subscribers {
        let message = subscriber.message().await;
        let error = &message["payload"]["errors"][0]["extensions"];
        ids.push((error["requestId"].clone(), message["payload"]["extensions"]["requestId"].clone()));
    }
    assert_eq!(ids[0].0, ids[1].0, "one execution");
    assert!(ids[0].0.is_string() && ids[0].1.is_string());
    assert_ne!(ids[0].1, ids[1].1, "two requests");
}

#[tokio::test]
async fn queries_and_errors_go_over_a_websocket_too() {
    let gateway = TestGateway::of_shop().await;
    let address = serve(&gateway).await;
    let mut asking = Subscriber::start(&address, "{ revision }").await;
    assert_eq!(asking.message().await["payload"]["data"]["revision"], shop().len());
    let mut failing =
        Subscriber::start(&address, "subscription { entityChanges(checkpointSeconds: 0) { __typename } }").await;
    let message = failing.message().await;
    assert_eq!(message["payload"][0]["extensions"]["code"], "BAD_USER_INPUT", "{message}");
    assert_eq!(message["type"], "error");
}

#[tokio::test]
async fn web_pages_of_other_origins_may_not_open_a_socket() {
    let allowed = vec!["https://portal.example.com".to_owned()];
    let gateway = TestGateway::with(GatewaySettings { allowed_origins: allowed, ..GatewaySettings::default() }).await;
    let address = serve(&gateway).await;
    let own = address.replace("ws://", "http://").replace("/graphql", "");
    assert!(connect(&address, Some("https://evil.example.com")).await.is_err());
    assert!(connect(&address, Some("https://portal.example.com")).await.is_ok());
    assert!(connect(&address, Some(&own)).await.is_ok());
}

#[tokio::test]
async fn a_silent_socket_is_closed() {
    let settings = GatewaySettings {
        websocket: WebSocketSettings { init_timeout: Duration::from_millis(50), ..WebSocketSettings::default() },
        ..GatewaySettings::default()
    };
    let gateway = TestGateway::with(settings).await;
    let mut socket = connect(&serve(&gateway).await, None).await.unwrap();
    match socket.next().await.unwrap().unwrap() {
        Message::Close(Some(frame)) => assert_eq!(u16::from(frame.code), 4408),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn more_sockets_than_allowed_are_refused() {
    let gateway = TestGateway::with(GatewaySettings { max_streams: 1, ..GatewaySettings::default() }).await;
    let address = serve(&gateway).await;
    let _first = connect(&address, None).await.unwrap();
    assert!(connect(&address, None).await.is_err());
}

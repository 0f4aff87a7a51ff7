//! A client that says exactly what a test wants it to say.
//!
//! Owns sending and receiving messages of a WebSocket; whether they are right is the tests' matter.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use crate::world::{PATIENCE, World};

/// A client's end of a socket.
pub(crate) struct Client(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Client {
    /// Opens a socket and says nothing.
    pub(crate) async fn open(world: &World) -> Self {
        Self::open_with(world, "graphql-transport-ws").await.expect("the server takes the socket").0
    }

    /// Opens a socket for a sub-protocol and returns which one the server chose.
    pub(crate) async fn open_with(world: &World, protocol: &str) -> Result<(Self, Option<String>), Box<Error>> {
        let mut request = format!("ws://{}/", world.address).into_client_request().unwrap();
        request.headers_mut().insert("sec-websocket-protocol", protocol.parse().unwrap());
        let (socket, response) = connect_async(request).await?;
        let chosen = response.headers().get("sec-websocket-protocol").map(|it| it.to_str().unwrap().to_owned());
        Ok((Self(socket), chosen))
    }

    /// Opens a socket and begins.
    pub(crate) async fn begin(world: &World) -> Self {
        let mut client = Self::open(world).await;
        client.send(json!({ "type": "connection_init" })).await;
        assert_eq!(client.next().await, json!({ "type": "connection_ack" }));
        client
    }

    pub(crate) async fn send(&mut self, message: Value) {
        self.send_raw(Message::text(message.to_string())).await;
    }

    pub(crate) async fn send_raw(&mut self, message: Message) {
        self.0.send(message).await.expect("the socket takes a message");
    }

    pub(crate) async fn subscribe(&mut self, id: &str, query: &str) {
        self.send(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
    }

    pub(crate) async fn complete(&mut self, id: &str) {
        self.send(json!({ "id": id, "type": "complete" })).await;
    }

    /// Returns the next message of any sort.
    pub(crate) async fn next_raw(&mut self) -> Message {
        let message = timeout(PATIENCE, self.0.next()).await.expect("a message comes");
        message.expect("the socket is open").expect("the message is whole")
    }

    /// Returns the next message of the protocol.
    pub(crate) async fn next(&mut self) -> Value {
        loop {
            match self.next_raw().await {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?} instead of a message"),
            }
        }
    }

    /// Returns the next answer for an operation.
    pub(crate) async fn answer(&mut self, id: &str) -> Value {
        let mut message = self.next().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message}");
        message["payload"].take()
    }

    /// Sees that nothing but the answer to this comes.
    pub(crate) async fn hears_nothing(&mut self) {
        self.send(json!({ "type": "ping", "payload": { "barrier": 1 } })).await;
        assert_eq!(self.next().await, json!({ "type": "pong", "payload": { "barrier": 1 } }));
    }

    /// Waits until the server closes the socket and returns code and reason.
    pub(crate) async fn closed(&mut self) -> (u16, String) {
        loop {
            match self.next_raw().await {
                Message::Close(Some(frame)) => return (frame.code.into(), frame.reason.to_string()),
                Message::Close(None) => panic!("closed without a reason"),
                _ => {}
            }
        }
    }
}

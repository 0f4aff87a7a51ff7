//! A subscriber: one WebSocket with one `entityChanges` subscription (graphql-transport-ws).
//!
//! Owns the protocol on the client's side, as far as one subscription needs it. What the events are compared with is
//! `crate::change`'s business. Start reading at [`Subscriber::connect`].

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

/// How long the handshake may take.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(10);

/// A change of an entity, as the subscriber learns of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SeenChange {
    /// The entity's description after the change; empty when it has none.
    pub(crate) description: String,
    /// When the server says that it was committed, RFC 3339.
    pub(crate) occurred_at: String,
}

/// An open subscription.
pub(crate) struct Subscriber {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Subscriber {
    /// Connects and subscribes to the changes of one entity.
    pub(crate) async fn connect(address: &str, entity_ref: &str) -> Result<Self> {
        let mut request = format!("ws://{address}/graphql").into_client_request().context("the address is no URL")?;
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
        let (socket, _) = connect_async(request).await.context("failed to open the WebSocket")?;
        let mut subscriber = Self { socket };
        subscriber.send(&json!({ "type": "connection_init" })).await?;
        let acknowledged = timeout(ACKNOWLEDGED_WITHIN, subscriber.next_message()).await;
        let message = acknowledged.context("the server did not acknowledge the connection")??;
        if message["type"] != "connection_ack" {
            bail!("the server answered the handshake with {message}");
        }
        let query = format!(
            "subscription {{ entityChanges(filter: {{ ref: [{}] }}) {{ ... on EntityChange {{ occurredAt \
             entity {{ description }} }} }} }}",
            Value::from(entity_ref)
        );
        subscriber.send(&json!({ "id": "1", "type": "subscribe", "payload": { "query": query } })).await?;
        Ok(subscriber)
    }

    /// Waits for the next change of the entity; checkpoints and pings are passed over.
    pub(crate) async fn next_change(&mut self) -> Result<SeenChange> {
        loop {
            let message = self.next_message().await?;
            match message["type"].as_str() {
                Some("ping") => self.send(&json!({ "type": "pong" })).await?,
                Some("next") => {
                    if let Some(errors) = message["payload"].get("errors") {
                        bail!("the subscription answered with errors: {errors}");
                    }
                    if let Some(change) = change(&message["payload"]["data"]["entityChanges"]) {
                        return Ok(change);
                    }
                }
                _ => bail!("the subscription ended with {message}"),
            }
        }
    }

    async fn send(&mut self, message: &Value) -> Result<()> {
        self.socket.send(Message::text(message.to_string())).await.context("failed to send over the WebSocket")
    }

    async fn next_message(&mut self) -> Result<Value> {
        while let Some(message) = self.socket.next().await {
            match message.context("the WebSocket broke")? {
                Message::Text(text) => return serde_json::from_str(&text).context("the message is not JSON"),
                Message::Close(frame) => bail!("the server closed the WebSocket: {frame:?}"),
                // Pings of the WebSocket itself are answered by the library.
                _ => {}
            }
        }
        bail!("the WebSocket ended")
    }
}

fn change(event: &Value) -> Option<SeenChange> {
    let occurred_at = event["occurredAt"].as_str()?.to_owned();
    let description = event["entity"]["description"].as_str().unwrap_or_default().to_owned();
    Some(SeenChange { description, occurred_at })
}

#[cfg(test)]
mod tests;

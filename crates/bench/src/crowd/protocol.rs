//! A subscription on a plain connection.
//!
//! Owns the bytes that open one and what shows that it is open.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// How events are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// graphql-transport-ws.
    WebSocket,
    /// Server-sent events.
    ServerSent,
}

impl Protocol {
    /// Both of them.
    pub(crate) const ALL: [Self; 2] = [Self::WebSocket, Self::ServerSent];

    /// Returns what its rows begin with.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::WebSocket => "crowd_websocket",
            Self::ServerSent => "crowd_sse",
        }
    }

    /// Subscribes to the changes of one entity; returns when the first event has come.
    pub(crate) async fn open(self, address: &str, entity_ref: &str) -> Result<TcpStream> {
        let mut connection = TcpStream::connect(address).await.context("failed to connect")?;
        connection.set_nodelay(true).context("failed to set up the connection")?;
        let request = json!({ "query": query(entity_ref) });
        match self {
            Self::ServerSent => {
                let body = request.to_string();
                let head = format!(
                    "POST /graphql HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
                     accept: text/event-stream\r\ncontent-length: {}\r\n\r\n",
                    body.len()
                );
                connection.write_all(format!("{head}{body}").as_bytes()).await?;
            }
            Self::WebSocket => {
                let head = format!(
                    "GET /graphql HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                     sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
                     sec-websocket-protocol: graphql-transport-ws\r\n\r\n"
                );
                connection.write_all(head.as_bytes()).await?;
                read_until(&mut connection, "\r\n\r\n").await?;
                connection.write_all(&frame(&json!({ "type": "connection_init" }))).await?;
                read_until(&mut connection, "connection_ack").await?;
                connection.write_all(&frame(&json!({ "id": "1", "type": "subscribe", "payload": request }))).await?;
            }
        }
        read_until(&mut connection, "ChangeCheckpoint").await?;
        Ok(connection)
    }
}

fn query(entity_ref: &str) -> String {
    format!(
        "subscription {{ entityChanges(filter: {{ ref: [{}] }}, checkpointSeconds: 3600) {{ __typename \
         ... on EntityChange {{ cursor type ref occurredAt changedPaths entity {{ description }} }} }} }}",
        Value::from(entity_ref)
    )
}

/// Makes a WebSocket frame of a message. Clients mask what they send; with zeros, which changes nothing.
fn frame(message: &Value) -> Vec<u8> {
    let text = message.to_string();
    let mut frame = vec![0x81];
    match u16::try_from(text.len()) {
        Ok(short @ ..126) => frame.push(0x80 | short.to_be_bytes()[1]),
        Ok(long) => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&long.to_be_bytes());
        }
        Err(_) => {
            frame.push(0x80 | 127);
            frame.extend_from_slice(&(text.len() as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(text.as_bytes());
    frame
}

async fn read_until(connection: &mut TcpStream, marker: &str) -> Result<()> {
    let mut text = Vec::new();
    while !super::contains(&text, marker.as_bytes()) {
        let read = connection.read_buf(&mut text).await.context("the connection broke")?;
        ensure!(read > 0, "the server closed the connection: {}", String::from_utf8_lossy(&text));
    }
    Ok(())
}

#[cfg(test)]
mod tests;

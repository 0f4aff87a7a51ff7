//! GraphQL over WebSocket: the sub-protocol graphql-transport-ws.
//!
//! Owns the settings, the handshake and the order of a socket's life: talk, then say goodbye. The conversation is
//! [`session`]'s, the messages are [`message`]'s and [`frame`]'s, the operations [`running`]'s.

mod frame;
mod goodbye;
mod message;
mod running;
mod session;

use std::time::Duration;

use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use tokio_util::sync::CancellationToken;

pub use self::goodbye::close_code;
use self::session::{End, Session};
use crate::Operations;

/// The sub-protocol that clients ask for.
pub const WEBSOCKET_PROTOCOL: &str = "graphql-transport-ws";

/// Bytes read from a socket at once; kept for as long as it is open.
const READ_BUFFER_BYTES: usize = 4 * 1024;

/// What a socket may take, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebSocketSettings {
    /// The most bytes of a client's message; a longer one closes the socket.
    pub max_message_bytes: usize,
    /// The most operations that run at once on a socket; one more is answered with an error.
    pub max_operations: usize,
    /// How many bytes of messages are gathered before they are written. Nothing is taken from a subscription while these
    /// have not gone out, so a socket never holds more than these and the message that went over.
    pub write_buffer_bytes: usize,
    /// How long a socket may be open before it must have said `connection_init`.
    pub init_timeout: Duration,
    /// How long a client may take to receive what was written; a slower one is disconnected, to resume after its last
    /// cursor.
    pub send_timeout: Duration,
    /// After how much silence of the client it is asked for a sign of life.
    pub ping_interval: Duration,
    /// After how much silence of the client it is taken for dead. Longer than `ping_interval`.
    pub silence_limit: Duration,
    /// How long to wait for the client to hear why the socket is closed.
    pub close_timeout: Duration,
}

impl Default for WebSocketSettings {
    fn default() -> Self {
        Self {
            max_message_bytes: 256 * 1024,
            max_operations: 100,
            write_buffer_bytes: 16 * 1024,
            init_timeout: Duration::from_secs(10),
            send_timeout: Duration::from_secs(20),
            ping_interval: Duration::from_secs(15),
            silence_limit: Duration::from_secs(40),
            close_timeout: Duration::from_secs(3),
        }
    }
}

/// Agrees on the sub-protocol and on sizes; nothing when the client does not ask for [`WEBSOCKET_PROTOCOL`].
pub fn accept_websocket(upgrade: WebSocketUpgrade, settings: &WebSocketSettings) -> Option<WebSocketUpgrade> {
    let upgrade = upgrade.protocols([WEBSOCKET_PROTOCOL]);
    upgrade.selected_protocol()?;
    Some(
        upgrade
            .max_message_size(settings.max_message_bytes)
            .max_frame_size(settings.max_message_bytes)
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(settings.write_buffer_bytes),
    )
}

/// Talks with a client over a socket that [`accept_websocket`] agreed to, until one of them ends it or `closing` says that
/// the server stops. Operations are named by the request id of the socket and their number.
pub async fn serve_websocket<O: Operations>(
    socket: WebSocket,
    operations: O,
    settings: &WebSocketSettings,
    closing: CancellationToken,
    request_id: String,
) {
    let mut session = Session::new(socket, operations, settings, closing, request_id);
    let end = session.run().await;
    // Whatever still runs is of no use any more, also while the goodbye is being said.
    let socket = session.into_socket();
    if let End::Goodbye(goodbye) = end {
        goodbye.say(socket, settings.close_timeout).await;
    }
}

//! Closing a socket, and saying why.
//!
//! Owns the close codes and their reasons. A client that is not told why can't know whether to come back.

use std::{error::Error, fmt, time::Duration};

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures::StreamExt;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error as SocketError, error::ProtocolError};

/// The codes that a server closes a socket with.
pub mod close_code {
    /// The server stops; connect again, elsewhere or later.
    pub const GOING_AWAY: u16 = 1001;
    /// What arrived is not WebSocket.
    pub const PROTOCOL_ERROR: u16 = 1002;
    /// What arrived as text is not UTF-8.
    pub const NOT_TEXT: u16 = 1007;
    /// A message is larger than allowed.
    pub const TOO_LARGE: u16 = 1009;
    /// The client takes its events too slowly; connect again and resume after the last cursor.
    pub const TOO_SLOW: u16 = 1013;
    /// A message is not one of the protocol.
    pub const BAD_REQUEST: u16 = 4400;
    /// An operation came before the connection was acknowledged.
    pub const UNAUTHORIZED: u16 = 4401;
    /// `connection_init` did not come in time.
    pub const INIT_TIMEOUT: u16 = 4408;
    /// An operation has the id of one that still runs.
    pub const SUBSCRIBER_EXISTS: u16 = 4409;
    /// `connection_init` came twice.
    pub const TOO_MANY_INITS: u16 = 4429;
}

/// The most bytes of a reason, by the WebSocket protocol.
const MAX_REASON_BYTES: usize = 123;

/// Why a socket is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Goodbye {
    pub(super) code: u16,
    pub(super) reason: String,
}

impl Goodbye {
    fn new(code: u16, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        reason.truncate(reason.floor_char_boundary(MAX_REASON_BYTES));
        Self { code, reason }
    }

    pub(super) fn going_away() -> Self {
        Self::new(close_code::GOING_AWAY, "the server is stopping")
    }

    pub(super) fn too_slow(limit: Duration) -> Self {
        let seconds = limit.as_secs_f64();
        let reason =
            format!("too slow: nothing was taken for {seconds} s; connect again and resume after the last cursor");
        Self::new(close_code::TOO_SLOW, reason)
    }

    pub(super) fn bad_request(what: impl fmt::Display) -> Self {
        Self::new(close_code::BAD_REQUEST, format!("Invalid message: {what}"))
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(close_code::UNAUTHORIZED, "Unauthorized")
    }

    pub(super) fn init_timeout() -> Self {
        Self::new(close_code::INIT_TIMEOUT, "Connection initialisation timeout")
    }

    pub(super) fn subscriber_exists(id: &str) -> Self {
        // An id may be longer than a reason may be; the end of the sentence matters more than the end of the id.
        const AROUND: usize = "Subscriber for  already exists".len();
        let shown = &id[..id.floor_char_boundary(MAX_REASON_BYTES - AROUND)];
        Self::new(close_code::SUBSCRIBER_EXISTS, format!("Subscriber for {shown} already exists"))
    }

    pub(super) fn too_many_inits() -> Self {
        Self::new(close_code::TOO_MANY_INITS, "Too many initialisation requests")
    }

    /// Tells what is wrong with what was read; nothing when the client is gone.
    pub(super) fn for_broken(error: &axum::Error, max_message_bytes: usize) -> Option<Self> {
        match error.source().and_then(|source| source.downcast_ref::<SocketError>())? {
            SocketError::Capacity(_) => {
                let reason = format!("a message may have {max_message_bytes} bytes");
                Some(Self::new(close_code::TOO_LARGE, reason))
            }
            SocketError::Utf8(_) => Some(Self::new(close_code::NOT_TEXT, "messages are UTF-8")),
            SocketError::Protocol(ProtocolError::ResetWithoutClosingHandshake) => None,
            SocketError::Protocol(error) => Some(Self::new(close_code::PROTOCOL_ERROR, error.to_string())),
            _ => None,
        }
    }

    /// Sends the code and waits until the client has closed too: a connection that is dropped with something unread in
    /// it is reset, and the goodbye would be lost on its way.
    pub(super) async fn say(self, mut socket: WebSocket, limit: Duration) {
        let frame = CloseFrame { code: self.code, reason: self.reason.into() };
        let saying = async {
            if socket.send(Message::Close(Some(frame))).await.is_ok() {
                while let Some(Ok(_)) = socket.next().await {}
            }
        };
        // Whether a client that takes so long hears it changes nothing here.
        let _ = timeout(limit, saying).await;
    }
}

#[cfg(test)]
mod tests;

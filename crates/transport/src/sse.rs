//! GraphQL over server-sent events: one HTTP answer for each operation.
//!
//! Owns what such an answer consists of. Its text is [`frame`]'s matter, taking events as fast as the client reads them
//! [`events`]'.

mod events;
mod frame;

use std::time::Duration;

use axum::{
    body::Body,
    http::{
        HeaderName, HeaderValue,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use tokio_util::sync::CancellationToken;

use self::events::EventFrames;
use crate::Started;

/// How events are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SseSettings {
    /// After how much silence a comment is sent, so that nobody on the way takes the connection for dead.
    pub keep_alive: Duration,
    /// How long the client is asked to wait before it connects again.
    pub retry: Duration,
    /// How long a client may take nothing of what is sent; a slower one is disconnected, to resume after its last cursor.
    pub send_timeout: Duration,
}

impl Default for SseSettings {
    fn default() -> Self {
        Self {
            keep_alive: Duration::from_secs(15),
            retry: Duration::from_secs(1),
            send_timeout: Duration::from_secs(20),
        }
    }
}

/// Answers with what became of an operation, as events.
///
/// A refused operation is one event with the errors, since a browser shows nothing of any other status than 200. When the
/// server stops, the answer ends without `complete`, upon which an `EventSource` connects again, with its last cursor.
/// `guard` is dropped when nothing is left to send.
pub fn sse_response<G: Send + 'static>(
    started: Started,
    settings: &SseSettings,
    closing: CancellationToken,
    guard: G,
) -> Response {
    let body = match started {
        Started::Refused(errors) => Body::from(frame::refusal(&errors)),
        Started::Answer(answer) => Body::from(frame::answer(&answer)),
        Started::Events(events) => Body::from_stream(EventFrames::new(events, settings, closing, guard)),
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        // Asks nginx and those who do as it does not to gather events.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, body).into_response()
}

//! The text of server-sent events.
//!
//! Owns the lines. Answers are text already; a line break in one would end its line, so each of its lines gets its own.

use std::time::Duration;

use axum::body::Bytes;

use crate::Event;

/// Nobody has anything to say.
pub(super) const KEEP_ALIVE: &[u8] = b":\n\n";
/// Nothing follows. An event without `data` would be ignored by the client.
pub(super) const COMPLETE: &[u8] = b"event: complete\ndata:\n\n";
/// Said to a client that comes back to a connection that was given up.
pub(super) const TOO_SLOW: &[u8] = b": too slow: nothing was taken for too long; connect again with Last-Event-ID\n\n";

/// How long to wait before connecting again.
pub(super) fn retry(pause: Duration) -> Bytes {
    format!("retry: {}\n\n", pause.as_millis()).into()
}

/// One answer of a subscription.
pub(super) fn next(event: &Event) -> Bytes {
    let mut frame = Vec::with_capacity(event.payload.len() + 64);
    push_next(&mut frame, event.cursor.as_deref(), &event.payload);
    frame.into()
}

/// The only answer.
pub(super) fn answer(payload: &[u8]) -> Bytes {
    let mut frame = Vec::with_capacity(payload.len() + 64);
    push_next(&mut frame, None, payload);
    frame.extend_from_slice(COMPLETE);
    frame.into()
}

/// An answer that is nothing but errors.
pub(super) fn refusal(errors: &[u8]) -> Bytes {
    answer(&[br#"{"errors":"#, errors, b"}"].concat())
}

fn push_next(frame: &mut Vec<u8>, cursor: Option<&str>, payload: &[u8]) {
    frame.extend_from_slice(b"event: next\n");
    // A cursor with a line break could say anything in our name, and one with a zero is ignored by the client.
    if let Some(cursor) = cursor.filter(|cursor| !cursor.contains(['\n', '\r', '\0'])) {
        for part in ["id: ", cursor, "\n"] {
            frame.extend_from_slice(part.as_bytes());
        }
    }
    // In JSON line breaks stand between tokens only, so it does not matter which they are.
    for line in payload.split(|byte| matches!(byte, b'\n' | b'\r')) {
        for part in [b"data: ", line, b"\n"] {
            frame.extend_from_slice(part);
        }
    }
    frame.push(b'\n');
}

#[cfg(test)]
mod tests;

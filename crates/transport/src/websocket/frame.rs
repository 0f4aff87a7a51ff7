//! What the server says.
//!
//! Owns the text of its messages. An answer is text already and may be shared by thousands of sockets, so it is put into
//! its message as it is.

use callboard_foundation::ErrorCode;
use serde_json::{Value, json};

/// Acknowledges `connection_init`.
pub(super) const ACK: &str = r#"{"type":"connection_ack"}"#;

/// Answers a ping, with its payload.
pub(super) fn pong(payload: Option<Value>) -> String {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string(),
        None => r#"{"type":"pong"}"#.to_owned(),
    }
}

/// The list of errors of an operation that this crate refuses itself.
pub(super) fn errors(message: &str, code: ErrorCode, request_id: &str, max: Option<usize>) -> String {
    let mut extensions = json!({ "code": code.as_str(), "requestId": request_id });
    if let Some(max) = max {
        extensions["max"] = max.into();
    }
    json!([{ "message": message, "extensions": extensions }]).to_string()
}

/// The messages about one operation.
#[derive(Debug)]
pub(super) struct Frames {
    /// `{"id":"…","type":"`, what all of them begin with.
    head: String,
}

impl Frames {
    pub(super) fn new(id: &str) -> Self {
        Self { head: format!(r#"{{"id":{},"type":""#, Value::from(id)) }
    }

    /// One answer.
    pub(super) fn next(&self, payload: &[u8]) -> String {
        self.with_payload("next", payload)
    }

    /// Not executed, and why; nothing follows.
    pub(super) fn error(&self, errors: &[u8]) -> String {
        self.with_payload("error", errors)
    }

    /// Nothing follows.
    pub(super) fn complete(&self) -> String {
        format!(r#"{}complete"}}"#, self.head)
    }

    fn with_payload(&self, kind: &str, payload: &[u8]) -> String {
        const BEFORE_PAYLOAD: &str = r#"","payload":"#;
        // JSON is UTF-8, so nothing is replaced here and nothing is copied.
        let payload = String::from_utf8_lossy(payload);
        let mut text = String::with_capacity(self.head.len() + kind.len() + BEFORE_PAYLOAD.len() + payload.len() + 1);
        for part in [&self.head, kind, BEFORE_PAYLOAD, &payload, "}"] {
            text.push_str(part);
        }
        text
    }
}

#[cfg(test)]
mod tests;

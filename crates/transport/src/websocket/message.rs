//! What a client may say.
//!
//! Owns reading its messages, strictly: what the protocol does not describe is refused with a sentence about it.

use serde_json::{Map, Value};

/// The most bytes of an operation's id; it is kept and repeated in every message about it.
const MAX_ID_BYTES: usize = 1_024;

type Object = Map<String, Value>;

/// A message of a client.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ClientMessage {
    /// It wants to begin.
    Init,
    /// It wants a sign of life, with this payload.
    Ping(Option<Value>),
    /// It gives a sign of life.
    Pong,
    /// It wants an operation executed.
    Subscribe {
        /// Names the operation on this socket.
        id: String,
        /// The GraphQL request object.
        body: Object,
    },
    /// It does not want to hear more of an operation.
    Complete {
        /// The operation's name.
        id: String,
    },
}

impl ClientMessage {
    /// Reads a message.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut message = match serde_json::from_str(text) {
            Ok(Value::Object(message)) => message,
            Ok(_) => return Err("a message is a JSON object".to_owned()),
            Err(error) => return Err(format!("not JSON: {error}")),
        };
        let Some(Value::String(kind)) = message.remove("type") else {
            return Err("`type` must be a string".to_owned());
        };
        match kind.as_str() {
            "connection_init" => details(&mut message).map(|_| Self::Init),
            "ping" => details(&mut message).map(Self::Ping),
            "pong" => details(&mut message).map(|_| Self::Pong),
            "subscribe" => Ok(Self::Subscribe { id: id(&mut message)?, body: request(message.remove("payload"))? }),
            "complete" => Ok(Self::Complete { id: id(&mut message)? }),
            "connection_ack" | "next" | "error" => Err(format!("`{kind}` is said by the server only")),
            _ => Err("unknown `type`".to_owned()),
        }
    }
}

/// Takes the payload of a message that may carry any object, or none.
fn details(message: &mut Object) -> Result<Option<Value>, String> {
    match message.remove("payload") {
        None | Some(Value::Null) => Ok(None),
        Some(payload @ Value::Object(_)) => Ok(Some(payload)),
        Some(_) => Err("`payload` must be an object, null or absent".to_owned()),
    }
}

fn id(message: &mut Object) -> Result<String, String> {
    match message.remove("id") {
        Some(Value::String(id)) if id.is_empty() => Err("`id` must not be empty".to_owned()),
        Some(Value::String(id)) if id.len() > MAX_ID_BYTES => Err(format!("`id` may have {MAX_ID_BYTES} bytes")),
        Some(Value::String(id)) => Ok(id),
        _ => Err("`id` must be a string".to_owned()),
    }
}

/// Checks the types of a GraphQL request's parts.
fn request(payload: Option<Value>) -> Result<Object, String> {
    let Some(Value::Object(body)) = payload else { return Err("`payload` must be an object".to_owned()) };
    let is_kept = body.get("documentId").is_some_and(Value::is_string)
        || body.get("extensions").is_some_and(|extensions| extensions["persistedQuery"].is_object());
    match body.get("query") {
        Some(Value::String(_)) => {}
        // A document that the server knows already need not be sent.
        None | Some(Value::Null) if is_kept => {}
        _ => return Err("`payload.query` must be a string".to_owned()),
    }
    match body.get("operationName") {
        None | Some(Value::Null | Value::String(_)) => {}
        Some(_) => return Err("`payload.operationName` must be a string, null or absent".to_owned()),
    }
    for name in ["variables", "extensions"] {
        if !matches!(body.get(name), None | Some(Value::Null | Value::Object(_))) {
            return Err(format!("`payload.{name}` must be an object, null or absent"));
        }
    }
    Ok(body)
}

#[cfg(test)]
mod tests;

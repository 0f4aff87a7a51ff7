//! What stands behind a protocol: something that takes an operation and answers it, once or again and again.
//!
//! Owns the border between protocols and execution. Answers cross it as text, so that one text can be sent to many.

use std::fmt;

use axum::body::Bytes;
use futures::stream::BoxStream;
use serde_json::{Map, Value};

/// Whatever executes operations. Clones stand for the same executor.
pub trait Operations: Clone + Send + Sync + 'static {
    /// Starts an operation.
    fn start(&self, request: OperationRequest) -> impl Future<Output = Started> + Send;
}

/// An operation as a client sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationRequest {
    /// The GraphQL request object: `query`, `documentId` or `extensions.persistedQuery`, `operationName`, `variables`,
    /// `extensions`.
    pub body: Map<String, Value>,
    /// The cursor of the last event that the client has, from the header `Last-Event-ID`.
    pub last_event_id: Option<String>,
    /// Names the operation in the log and in its errors.
    pub request_id: String,
}

/// What became of an operation.
pub enum Started {
    /// It was not executed: the text of a JSON array of errors.
    Refused(Bytes),
    /// It was a query or a mutation: the text of the whole answer, a JSON object.
    Answer(Bytes),
    /// It was a subscription. Nothing is taken from the stream that cannot be sent soon, and it is dropped when nobody
    /// listens any more.
    Events(BoxStream<'static, Event>),
}

/// One answer of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The text of the answer, a JSON object.
    pub payload: Bytes,
    /// Where to go on after this event.
    pub cursor: Option<String>,
}

impl fmt::Debug for Started {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(errors) => f.debug_tuple("Refused").field(errors).finish(),
            Self::Answer(answer) => f.debug_tuple("Answer").field(answer).finish(),
            Self::Events(_) => f.write_str("Events"),
        }
    }
}

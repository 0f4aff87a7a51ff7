//! GraphQL over WebSocket and over server-sent events.
//!
//! Owns the two protocols: graphql-transport-ws, message by message, and the distinct connections of graphql-sse. What is
//! executed is handed in as [`Operations`]; who may connect, and how many, is decided before. Start reading at
//! [`serve_websocket`] and [`sse_response`].

mod operations;
mod sse;
mod websocket;

pub use self::{
    operations::{Event, OperationRequest, Operations, Started},
    sse::{SseSettings, sse_response},
    websocket::{WEBSOCKET_PROTOCOL, WebSocketSettings, accept_websocket, close_code, serve_websocket},
};

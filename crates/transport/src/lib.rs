//! GraphQL over WebSocket and over server-sent events.
//!
//! Owns the two protocols; what is executed is handed in.

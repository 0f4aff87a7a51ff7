//! What an installation may choose about the gateway.
//!
//! Owns the numbers and their defaults; reading them from a configuration file is `config`'s work.

use std::time::Duration;

/// The limits and choices of the gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewaySettings {
    /// Entities on a page when neither `first` nor `last` is given.
    pub default_page_size: usize,
    /// The most entities on a page, and the most references or ids in one question.
    pub max_page_size: usize,
    /// The most levels of fields that a question may have.
    pub max_depth: usize,
    /// The most cost that a question may have: each field costs one, times the page sizes around it.
    pub max_cost: u64,
    /// The most bytes of a request body or WebSocket message.
    pub max_body_bytes: usize,
    /// How long a request may take, from its first byte to its answer.
    pub request_timeout: Duration,
    /// How long a WebSocket may be open before it must have said `connection_init`.
    pub websocket_init_timeout: Duration,
    /// The most WebSockets open at the same time.
    pub max_websockets: usize,
    /// Whether `GET /` shows the GraphiQL page (which loads its scripts from unpkg.com).
    pub has_graphiql: bool,
    /// Origins (`https://portal.example.com`) of web pages, beside the own one, that may open a WebSocket.
    pub allowed_origins: Vec<String>,
}

impl Default for GatewaySettings {
    fn default() -> Self {
        Self {
            default_page_size: 50,
            max_page_size: 500,
            max_depth: 20,
            max_cost: 200_000,
            max_body_bytes: 256 * 1024,
            request_timeout: Duration::from_secs(30),
            websocket_init_timeout: Duration::from_secs(10),
            max_websockets: 10_000,
            has_graphiql: true,
            allowed_origins: Vec::new(),
        }
    }
}

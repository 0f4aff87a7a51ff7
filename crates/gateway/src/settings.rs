//! What an installation may choose about the gateway.
//!
//! Owns the numbers and their defaults; reading them from a configuration file is `config`'s work.

use std::time::Duration;

use callboard_document::DocumentSettings;
use callboard_transport::{SseSettings, WebSocketSettings};

use crate::http::ClientLimit;

/// The limits and choices of the gateway.
#[derive(Debug, Clone)]
pub struct GatewaySettings {
    /// Entities on a page when neither `first` nor `last` is given.
    pub default_page_size: usize,
    /// The most entities on a page, and the most references or ids in one question.
    pub max_page_size: usize,
    /// The most bytes of a request body or WebSocket message.
    pub max_body_bytes: usize,
    /// What documents may be like, and which are trusted.
    pub documents: DocumentSettings,
    /// The most bytes that kept answers may take; 0 keeps none.
    pub answer_cache_bytes: u64,
    /// How long a request waits for the revision that it asks for.
    pub revision_wait: Duration,
    /// How often a client may ask; as often as it likes when absent. The server has to be made with
    /// `into_make_service_with_connect_info`, or all clients are one.
    pub client_limit: Option<ClientLimit>,
    /// The protocol of WebSockets.
    pub websocket: WebSocketSettings,
    /// How long a request may take, from its first byte to its answer.
    pub request_timeout: Duration,
    /// How event streams are sent.
    pub events: SseSettings,
    /// The most WebSockets and event streams open at the same time.
    pub max_streams: usize,
    /// The most exports (`/export/entities.ndjson`) read at the same time.
    pub max_exports: usize,
    /// How long the reader of an export may take nothing before it is cut off.
    pub export_stall_timeout: Duration,
    /// Whether `GET /` shows the GraphiQL page (which loads its scripts from unpkg.com).
    pub has_graphiql: bool,
    /// Whether this gateway can be a subgraph of a federation.
    pub federation: bool,
    /// Origins (`https://portal.example.com`) of web pages, beside the own one, that may open a WebSocket.
    pub allowed_origins: Vec<String>,
}

impl Default for GatewaySettings {
    fn default() -> Self {
        Self {
            default_page_size: 50,
            max_page_size: 500,
            max_body_bytes: 256 * 1024,
            documents: DocumentSettings::default(),
            answer_cache_bytes: 64 * 1024 * 1024,
            revision_wait: Duration::from_secs(5),
            client_limit: None,
            websocket: WebSocketSettings::default(),
            request_timeout: Duration::from_secs(30),
            events: SseSettings::default(),
            max_streams: 20_000,
            max_exports: 8,
            export_stall_timeout: Duration::from_secs(30),
            has_graphiql: true,
            federation: false,
            allowed_origins: Vec::new(),
        }
    }
}

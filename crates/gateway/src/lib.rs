//! The one door: GraphQL over HTTP and WebSocket.
//!
//! Owns every GraphQL type, every resolver and every address. It reads snapshots of `catalog` and asks it to change things;
//! it holds no SQL, no rules about entities and no index of its own. Start reading at [`router`], then at `schema`.

mod answer;
mod answer_cache;
mod answer_code;
mod error;
mod executor;
mod http;
mod schema;
mod settings;
mod subscription;

pub use answer_code::AnswerCode;
pub use callboard_document::{CostLimits, DocumentSettings, TextLimits, TrustedDocuments, TrustedError};
pub use callboard_transport::{SseSettings, WebSocketSettings};
pub use http::{ClientLimit, OpenSockets, router};
pub use schema::{schema_sdl, webhook_dialect};
pub use settings::GatewaySettings;

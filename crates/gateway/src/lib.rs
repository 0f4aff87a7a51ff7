//! The one door: GraphQL over HTTP and WebSocket.
//!
//! Owns every GraphQL type, every resolver and every address. It reads snapshots of `catalog` and asks it to change things;
//! it holds no SQL, no rules about entities and no index of its own. Start reading at [`router`], then at `schema`.

mod answer;
mod answer_code;
mod documents;
mod error;
mod executor;
mod http;
mod limits;
mod schema;
mod settings;

pub use answer_code::AnswerCode;
pub use http::{OpenSockets, router};
pub use schema::schema_sdl;
pub use settings::GatewaySettings;

//! HTTP: addresses, what they take, and what they answer.
//!
//! Owns the routes. What a GraphQL request means is `crate::executor`'s matter. Start reading at [`router`].

mod body;
mod client_limit;
mod explore;
mod export;
mod graphiql;
mod graphql;
mod health;
mod metrics;
mod negotiate;
mod operations;
mod request;
mod sockets;
mod websocket;

use std::sync::Arc;

use axum::{
    Router,
    http::{HeaderName, HeaderValue},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use callboard_catalog::Catalog;
use callboard_document::TrustedError;
use callboard_foundation::{Clock, ErrorCode};
use callboard_webhooks::Webhooks;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tower_http::{
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    set_header::SetResponseHeaderLayer,
};

pub use self::{client_limit::ClientLimit, sockets::OpenSockets};

use self::request::RequestId;
use crate::{AnswerCode, GatewaySettings, executor::GatewayExecutor};

/// Smaller answers are sent as they are: compressing them costs more than it saves.
const COMPRESS_ABOVE_BYTES: u64 = 1_024;

/// What every handler may reach.
#[derive(Clone)]
pub(crate) struct HttpState {
    catalog: Catalog,
    executor: GatewayExecutor,
    settings: Arc<GatewaySettings>,
    /// The WebSockets and event streams that may still be opened.
    streams: Arc<Semaphore>,
    sockets: OpenSockets,
}

/// Returns everything that is served over HTTP: GraphQL over POST, GET, WebSocket and server-sent events at `/graphql`, the
/// GraphiQL page at `/`, the page to look around with at `/explore`, everything at `/export/entities.ndjson`, and
/// `/healthcheck`, `/livez`, `/readyz` and `/metrics`. Its WebSockets and event streams are kept in `sockets`, to be closed by whoever stops
/// the server.
///
/// # Errors
/// When a trusted document does not fit the schema.
pub fn router(
    catalog: Catalog,
    webhooks: Webhooks,
    settings: GatewaySettings,
    clock: Clock,
    sockets: OpenSockets,
) -> Result<Router, TrustedError> {
    let settings = Arc::new(settings);
    let state = HttpState {
        executor: GatewayExecutor::new(catalog.clone(), webhooks, Arc::clone(&settings), clock)?,
        catalog,
        streams: Arc::new(Semaphore::new(settings.max_streams)),
        settings,
        sockets,
    };
    // An event that waits in a compressor for the next one comes too late.
    let worth_it = SizeAbove::new(COMPRESS_ABOVE_BYTES).and(NotForContentType::SSE);
    let compress = CompressionLayer::new().gzip(true).compress_when(worth_it);
    let questions = Router::new().route("/graphql", get(graphql::get).post(graphql::post));
    let export = export::routes(state.catalog.clone(), Arc::clone(&state.settings));
    let limit = state.settings.client_limit.as_ref();
    let answers = Router::new()
        .route("/", get(graphiql::page))
        .merge(client_limit::limited(questions, limit))
        .layer(compress)
        .merge(client_limit::limited(export, limit))
        .merge(explore::routes());
    let probes = Router::new()
        .route("/healthcheck", get(health::healthcheck))
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(metrics::metrics));
    let no_sniffing = (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    Ok(answers
        .merge(probes)
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(SetResponseHeaderLayer::if_not_present(no_sniffing.0, no_sniffing.1))
        .layer(middleware::from_fn(request::observe))
        .with_state(state))
}

/// Makes an answer that is one error and nothing else.
fn error_response(code: AnswerCode, message: &str, request_id: &RequestId) -> Response {
    error_with(code, message, request_id, &[])
}

/// As [`error_response`], with more facts in `extensions`.
fn error_with(code: AnswerCode, message: &str, request_id: &RequestId, facts: &[(&str, Value)]) -> Response {
    let mut extensions = json!({ "code": code.as_str(), "requestId": request_id.as_str() });
    for (key, value) in facts {
        extensions[*key] = value.clone();
    }
    let body = json!({ "errors": [{ "message": message, "extensions": extensions }] });
    (code.status(), [("content-type", "application/json")], body.to_string()).into_response()
}

async fn not_found(request_id: RequestId) -> Response {
    let message = "nothing is served at this address; GraphQL is at `/graphql`";
    error_response(ErrorCode::NotFound.into(), message, &request_id)
}

async fn method_not_allowed(request_id: RequestId) -> Response {
    error_response(AnswerCode::MethodNotAllowed, "this address does not take this method", &request_id)
}

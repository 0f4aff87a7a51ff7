//! Probes: whether the process lives, and whether it should be sent requests.
//!
//! Owns the three addresses. What "ready" means is `catalog`'s to know.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::HttpState;

/// Answers as long as requests are answered at all, in the form that Backstage answers in.
pub(super) async fn healthcheck() -> Response {
    Json(json!({ "status": "ok" })).into_response()
}

/// Answers as long as requests are answered at all.
pub(super) async fn livez() -> &'static str {
    "ok"
}

/// Says whether requests should be sent here: the catalog is loaded, and the database was reached a moment ago.
pub(super) async fn readyz(State(state): State<HttpState>) -> Response {
    let revision = state.catalog.snapshot().revision().0;
    match state.catalog.is_database_reachable() {
        true => Json(json!({ "status": "ok", "revision": revision })).into_response(),
        false => {
            let body =
                json!({ "status": "unavailable", "reason": "the database does not answer", "revision": revision });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}

//! Figures about this server, in the text form that Prometheus reads.
//!
//! Owns which figures there are and their names. Each is counted where it happens.

use std::fmt::Write;

use axum::{
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};

use super::HttpState;

/// Shows the figures.
pub(super) async fn metrics(State(state): State<HttpState>) -> Response {
    let answers = state.executor.answers();
    let (hits, misses) = answers.counts();
    let snapshot = state.catalog.snapshot();
    let open = state.settings.max_streams.saturating_sub(state.streams.available_permits());
    let figures = [
        ("callboard_revision", "gauge", "Revision that is shown.", snapshot.revision().0),
        ("callboard_entities", "gauge", "Entities in the catalog.", snapshot.index.len() as u64),
        ("callboard_answer_cache_hits_total", "counter", "Answers that were found kept.", hits),
        ("callboard_answer_cache_misses_total", "counter", "Answers that were looked for and not found.", misses),
        ("callboard_answer_cache_bytes", "gauge", "Bytes of kept answers.", answers.bytes()),
        ("callboard_open_streams", "gauge", "WebSockets and event streams that are open.", open as u64),
        (
            "callboard_events_executed_total",
            "counter",
            "Changes that were executed for subscriptions, each once for all who ask the same.",
            state.executor.shared_events().executed(),
        ),
    ];
    let mut text = String::new();
    for (name, kind, about, value) in figures {
        // Writing to a text can't fail.
        _ = write!(text, "# HELP {name} {about}\n# TYPE {name} {kind}\n{name} {value}\n");
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

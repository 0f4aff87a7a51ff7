//! The whole catalog as one stream of lines, for warehouses, search engines and scripts.
//!
//! Owns the address, what may be asked with it, and how many read at the same time. The lines themselves are made in
//! `lines`, and handed out no faster than they are read in `stream`. Start reading at [`routes`].

mod lines;
mod stream;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{Query, State, rejection::QueryRejection},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use callboard_catalog::{At, Catalog, CatalogError};
use callboard_entity_model::{EntityRef, Revision};
use callboard_foundation::ErrorCode;
use callboard_view::CatalogIndex;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Semaphore;
use tower_http::{CompressionLevel, compression::CompressionLayer};

use super::{error_response, error_with, request::RequestId};
use crate::{GatewaySettings, error::chain};

/// The revision that the lines are of.
const REVISION: HeaderName = HeaderName::from_static("callboard-revision");

#[derive(Clone)]
struct Exports {
    catalog: Catalog,
    settings: Arc<GatewaySettings>,
    /// One permit an export that runs.
    turns: Arc<Semaphore>,
}

/// What may stand behind the `?`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExportQuery {
    /// The last reference that the client has: the lines behind it are sent.
    after: Option<String>,
    /// The revision that the lines must be of.
    revision: Option<u64>,
}

/// Returns `GET /export/entities.ndjson`.
pub(super) fn routes<S>(catalog: Catalog, settings: Arc<GatewaySettings>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let turns = Arc::new(Semaphore::new(settings.max_exports));
    Router::new()
        .route("/export/entities.ndjson", get(entities))
        .layer(CompressionLayer::new().gzip(true).quality(CompressionLevel::Fastest))
        .with_state(Exports { catalog, settings, turns })
}

async fn entities(
    State(exports): State<Exports>,
    request_id: RequestId,
    headers: HeaderMap,
    query: Result<Query<ExportQuery>, QueryRejection>,
) -> Response {
    let bad_input = |message: String| error_response(ErrorCode::BadInput.into(), &message, &request_id);
    let query = match query {
        Ok(Query(query)) => query,
        Err(rejection) => return bad_input(rejection.body_text()),
    };
    let after: Option<EntityRef> = match query.after.map(|text| text.parse()).transpose() {
        Ok(after) => after,
        Err(error) => return bad_input(format!("`after` is no reference: {error}")),
    };
    // Before the snapshot: one of the past has to be made.
    let Ok(turn) = Arc::clone(&exports.turns).try_acquire_owned() else {
        let max = exports.settings.max_exports;
        let message = format!("{max} exports are being read, which is all that are allowed; try again in a moment");
        let mut response = error_with(ErrorCode::Unavailable.into(), &message, &request_id, &[("max", json!(max))]);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
        return response;
    };
    let index = match index_at(&exports.catalog, query.revision.map(Revision)).await {
        Ok(index) => index,
        Err(error) => return refusal(&error, &exports.catalog, &request_id),
    };
    let Ok(etag) = HeaderValue::try_from(lines::etag(&index)) else {
        return error_response(ErrorCode::Internal.into(), "something went wrong on our side", &request_id);
    };
    let facts = [(ETAG, etag.clone()), (REVISION, HeaderValue::from(index.revision().0)), (CACHE_CONTROL, NO_CACHE)];
    if is_known(&headers, &etag) {
        return (StatusCode::NOT_MODIFIED, facts).into_response();
    }
    let chunks = stream::chunks(index, after, turn, exports.settings.export_stall_timeout);
    (facts, [(CONTENT_TYPE, "application/x-ndjson; charset=utf-8")], Body::from_stream(chunks)).into_response()
}

/// Caches keep it, and ask each time whether it is still the same.
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");

/// Returns the entities at that revision, the newest ones when none is asked for. Only the past needs the database.
async fn index_at(catalog: &Catalog, revision: Option<Revision>) -> Result<Arc<CatalogIndex>, CatalogError> {
    let snapshot = catalog.snapshot();
    let snapshot = match revision {
        Some(revision) if revision != snapshot.revision() => {
            catalog.snapshot_at(At::Revision(revision)).await?.snapshot
        }
        _ => snapshot,
    };
    Ok(Arc::clone(&snapshot.index))
}

/// Says why a revision can't be had, and which one can.
fn refusal(error: &CatalogError, catalog: &Catalog, request_id: &RequestId) -> Response {
    let newest = json!(catalog.snapshot().revision().0);
    let message = match error.code() {
        ErrorCode::Internal => {
            tracing::error!(error = chain(error), "an export could not be made");
            "something went wrong on our side".to_owned()
        }
        _ => error.to_string(),
    };
    error_with(error.code().into(), &message, request_id, &[("revision", newest)])
}

/// Returns whether the client says that it has these lines already.
fn is_known(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|value| value.split(',')).map(str::trim).any(|it| it == "*" || it.as_bytes() == etag.as_bytes())
}

//! The page for people who look around: search, entities, the graph, problems and changes.
//!
//! Owns its files, which are part of the binary, their headers and the Content-Security-Policy. The page asks `/graphql`
//! like everybody else; nothing here knows the catalog.

mod assets;

use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
            IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
        },
    },
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use callboard_foundation::ErrorCode;

use self::assets::{Asset, Form};
use super::{error_response, request::RequestId};

/// Everything comes from here and goes to here; nothing is written into the page's own text.
const POLICY: &str = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";
/// A page of another origin that opens this one can't reach into it.
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Returns `/explore` and the files beneath it.
pub(super) fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new()
        .route("/explore", get(page))
        // Below a slash, the page's own addresses would be others.
        .route("/explore/", get(async || Redirect::permanent("../explore")))
        .route("/explore/{*path}", get(file))
}

async fn page(request_id: RequestId, headers: HeaderMap) -> Response {
    answer("index.html", &headers, &request_id)
}

async fn file(Path(path): Path<String>, request_id: RequestId, headers: HeaderMap) -> Response {
    answer(&path, &headers, &request_id)
}

fn answer(path: &str, headers: &HeaderMap, request_id: &RequestId) -> Response {
    let Some(asset) = assets::find(path) else {
        return error_response(ErrorCode::NotFound.into(), "the page has no such file", request_id);
    };
    let form = asset.form(accepts_gzip(headers));
    let mut response = match is_known(headers, &form.etag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => with_body(asset, form),
    };
    let facts = [
        (ETAG, form.etag.clone()),
        (CACHE_CONTROL, HeaderValue::from_static(asset.cache_control())),
        (VARY, HeaderValue::from_static("accept-encoding")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (OPENER_POLICY, HeaderValue::from_static("same-origin")),
    ];
    response.headers_mut().extend(facts);
    response
}

fn with_body(asset: &Asset, form: &'static Form) -> Response {
    let mut response = Response::new(Body::from(&*form.bytes));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    if form.is_gzip {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// Returns whether the client takes gzip: it names it, or everything, and does not weigh it with 0.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    let given = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    given.flat_map(|value| value.split(',')).any(|item| {
        let (coding, weight) = item.split_once(';').unwrap_or((item, ""));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        matches!(coding.trim(), "gzip" | "x-gzip" | "*") && weight.is_none_or(|weight| weight > 0.0)
    })
}

/// Returns whether the client has the file already.
fn is_known(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let given = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = given.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|tag| tag == "*" || tag.trim_start_matches("W/").as_bytes() == etag.as_bytes())
}

#[cfg(test)]
mod tests;

//! The GraphiQL page, for people who try things out.
//!
//! Owns the page's settings and its Content-Security-Policy. The page loads its scripts from unpkg.com; without a network it
//! stays empty, and so does any query of yours to us: it talks to nobody but this server.

use axum::{
    extract::State,
    http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY},
    response::{Html, IntoResponse, Response},
};
use callboard_foundation::ErrorCode;

use super::{HttpState, error_response, request::RequestId};

/// Scripts and styles from this page and from unpkg.com, talk with this server only, no embedding in other pages.
const POLICY: &str = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' https://unpkg.com; \
                      style-src 'unsafe-inline' https://unpkg.com; font-src data: https://unpkg.com; \
                      img-src data: https://graphql.org; worker-src blob:; connect-src 'self' ws: wss:; \
                      frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Answers with the page.
pub(super) async fn page(State(state): State<HttpState>, request_id: RequestId) -> Response {
    if !state.settings.has_graphiql {
        return error_response(ErrorCode::NotFound.into(), "this page is switched off here", &request_id);
    }
    let page = async_graphql::http::GraphiQLSource::build()
        .endpoint("/graphql")
        .subscription_endpoint("/graphql")
        .title("Callboard")
        .version("3.9.0")
        .finish();
    let headers = [(CONTENT_SECURITY_POLICY, POLICY), (REFERRER_POLICY, "no-referrer")];
    (headers, Html(page)).into_response()
}

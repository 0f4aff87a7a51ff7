//! What every request gets: an id, a span, a line in the log, and an answer even when we panic.
//!
//! Owns the header `x-request-id`: an id that came with the request is kept when it is harmless, else one is made.

use std::{
    any::Any,
    convert::Infallible,
    panic::AssertUnwindSafe,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderMap, HeaderValue, request::Parts},
    middleware::Next,
    response::Response,
};
use callboard_foundation::{ErrorCode, new_id};
use futures::FutureExt;
use tracing::{Instrument, Span, field};

use super::error_response;

const HEADER: &str = "x-request-id";
const MAX_LENGTH: usize = 128;

/// The id of a request.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(Arc<str>);

impl RequestId {
    /// Returns the id as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    fn of(headers: &HeaderMap) -> Self {
        let given = headers.get(HEADER).and_then(|value| value.to_str().ok());
        let is_harmless = |id: &&str| {
            let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(&byte);
            !id.is_empty() && id.len() <= MAX_LENGTH && id.bytes().all(is_allowed)
        };
        match given.filter(is_harmless) {
            Some(id) => Self(id.into()),
            None => Self(made_id().into()),
        }
    }
}

/// Makes an id: which run of the program, and a number. Random ones would cost a call of the system each.
fn made_id() -> String {
    static RUN: LazyLock<String> = LazyLock::new(|| new_id().simple().to_string());
    static LAST: AtomicU64 = AtomicU64::new(0);
    format!("{}-{}", *RUN, LAST.fetch_add(1, Ordering::Relaxed) + 1)
}

impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self::of(&parts.headers)))
    }
}

/// Answers a request inside a span, and writes one line about it.
pub(crate) async fn observe(mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let request_id = RequestId::of(request.headers());
    request.extensions_mut().insert(request_id.clone());
    let span = tracing::info_span!(
        "gateway.request",
        request.id = request_id.as_str(),
        http.method = %request.method(),
        http.path = request.uri().path(),
        graphql.operation = field::Empty,
    );
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().instrument(span.clone()).await;
    let mut response = answered.unwrap_or_else(|panic| after_panic(&*panic, &request_id, &span));
    if let Ok(value) = HeaderValue::from_str(request_id.as_str()) {
        response.headers_mut().insert(HEADER, value);
    }
    let status = response.status().as_u16();
    let duration_ms = started.elapsed().as_secs_f64() * 1_000.0;
    let _entered = span.enter();
    // A line for each of thousands of requests per second costs more than answering them: they are told to whoever asks.
    match status {
        500.. => tracing::warn!(http.status = status, duration_ms, "answered"),
        _ => tracing::debug!(http.status = status, duration_ms, "answered"),
    }
    response
}

fn after_panic(panic: &(dyn Any + Send), request_id: &RequestId, span: &Span) -> Response {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    span.in_scope(|| tracing::error!(panic = text, "a request panicked"));
    error_response(ErrorCode::Internal.into(), "something went wrong on our side", request_id)
}

//! GraphQL over HTTP: POST, GET, and server-sent events with either.
//!
//! Owns which requests are taken and which status an answer has. Nothing but queries is ever executed for a GET, and
//! nothing at all for forms or plain text, which other web pages could send.

use std::{sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, UPGRADE, VARY},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use callboard_entity_model::Revision;
use callboard_foundation::ErrorCode;
use callboard_transport::{Started, sse_response};
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::{
    HttpState, body, error_response,
    negotiate::{AnswerType, choose},
    request::RequestId,
    websocket,
};
use crate::{
    AnswerCode,
    answer::{AnswerText, Refusal},
    executor::{Ask, GraphQlRequest, Outcome},
};

/// Asks for an answer of at least this revision.
const MIN_REVISION: &str = "callboard-min-revision";
/// Asks, with any value, for what the answer cost.
const COST: &str = "callboard-cost";
/// Where an `EventSource` says what it saw last.
const LAST_EVENT_ID: &str = "last-event-id";

/// Answers a POST.
pub(super) async fn post(State(state): State<HttpState>, request_id: RequestId, request: Request) -> Response {
    in_time(&state, &request_id, async {
        let (parts, body) = request.into_parts();
        // Read before anything is refused: a client that is still sending might not see the answer otherwise.
        let body = match body::read(&parts.headers, body, state.settings.max_body_bytes).await {
            Ok(body) => body,
            Err(unread) => return unread.into_response(&request_id),
        };
        let Some(answer_type) = choose(&parts.headers) else { return not_acceptable(&request_id) };
        if !body::is_json(&parts.headers) {
            let message = "the body must be JSON, with the header `content-type: application/json`";
            return error_response(AnswerCode::UnsupportedMediaType, message, &request_id);
        }
        let wishes = Wishes::of(&parts.headers);
        if wishes.is_plain()
            && answer_type != AnswerType::EventStream
            && let Some(text) = state.executor.kept(false, &body)
        {
            return answered(&text, answer_type, &request_id);
        }
        match read_body(&body) {
            Ok(request) if let Err(refusal) = request.source() => malformed(&refusal, &request_id),
            Ok(request) => execute(&state, &request_id, answer_type, wishes.ask(request, body, &request_id)).await,
            Err(message) => error_response(ErrorCode::BadInput.into(), &message, &request_id),
        }
    })
    .await
}

/// Answers a GET: opens a WebSocket where one is asked for, else answers the query in the address.
pub(super) async fn get(State(state): State<HttpState>, request_id: RequestId, request: Request) -> Response {
    // Other protocols that a client offers to change to are passed over, as HTTP wants it.
    let upgrade = request.headers().get(UPGRADE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if upgrade.split(',').any(|protocol| protocol.trim().eq_ignore_ascii_case("websocket")) {
        return websocket::open(state, request_id, request).await;
    }
    in_time(&state, &request_id, async {
        let (parts, _) = request.into_parts();
        let Some(answer_type) = choose(&parts.headers) else { return not_acceptable(&request_id) };
        let wishes = Wishes::of(&parts.headers);
        let asked = Bytes::from(parts.uri.query().unwrap_or_default().to_owned());
        if wishes.is_plain()
            && answer_type != AnswerType::EventStream
            && let Some(text) = state.executor.kept(true, &asked)
        {
            return with_tag(answered(&text, answer_type, &request_id), &text, &parts.headers);
        }
        let request = match read_address(&parts) {
            Ok(request) => request,
            Err(message) => return error_response(ErrorCode::BadInput.into(), &message, &request_id),
        };
        if let Err(refusal) = request.source() {
            return malformed(&refusal, &request_id);
        }
        let mut ask = wishes.ask(request, asked, &request_id);
        ask.is_read_only = true;
        if answer_type == AnswerType::EventStream {
            return execute(&state, &request_id, answer_type, ask).await;
        }
        match state.executor.start(ask).await {
            Outcome::Answered { text, .. } if !text.has_errors() => {
                with_tag(answered(&text, answer_type, &request_id), &text, &parts.headers)
            }
            outcome => write(&state, &request_id, answer_type, outcome),
        }
    })
    .await
}

async fn execute(state: &HttpState, request_id: &RequestId, answer_type: AnswerType, ask: Ask) -> Response {
    let outcome = state.executor.start(ask).await;
    write(state, request_id, answer_type, outcome)
}

/// Writes what became of a request.
fn write(state: &HttpState, request_id: &RequestId, answer_type: AnswerType, outcome: Outcome) -> Response {
    if answer_type == AnswerType::EventStream {
        let started = match outcome {
            Outcome::Refused(refusal) => Started::Refused(refusal.errors(request_id.as_str()).to_string().into()),
            Outcome::Answered { text, .. } => Started::Answer(text.with_id(request_id.as_str())),
            Outcome::Follows(events) => Started::Events(events),
        };
        let Ok(permit) = Arc::clone(&state.streams).try_acquire_owned() else {
            return websocket::all_taken(state, request_id);
        };
        // An event stream is counted as open, so that a server that stops waits until it has been ended.
        let guard = (permit, state.sockets.token());
        return sse_response(started, &state.settings.events, state.sockets.closing(), guard);
    }
    match outcome {
        Outcome::Answered { text, operation } => {
            tracing::Span::current().record("graphql.operation", operation);
            answered(&text, answer_type, request_id)
        }
        Outcome::Refused(refusal) => refused(&refusal, answer_type, request_id),
        Outcome::Follows(_) => {
            let message = "a subscription is sent over WebSocket, or with `accept: text/event-stream`";
            refused(&Refusal::new(AnswerCode::NotAcceptable, message), answer_type, request_id)
        }
    }
}

fn answered(text: &AnswerText, answer_type: AnswerType, request_id: &RequestId) -> Response {
    let content_type = HeaderValue::from_static(answer_type.content_type());
    ([(CONTENT_TYPE, content_type)], text.with_id(request_id.as_str())).into_response()
}

fn refused(refusal: &Refusal, answer_type: AnswerType, request_id: &RequestId) -> Response {
    let code = refusal.code();
    let status = match (code, answer_type) {
        (AnswerCode::MethodNotAllowed | AnswerCode::NotAcceptable, _) => code.status(),
        (_, AnswerType::Json) => StatusCode::OK,
        (AnswerCode::Shared(ErrorCode::Timeout | ErrorCode::RateLimited | ErrorCode::Unavailable), _) => code.status(),
        _ => StatusCode::BAD_REQUEST,
    };
    let body = refusal.text(request_id.as_str());
    let mut response = (status, [(CONTENT_TYPE, answer_type.content_type())], body).into_response();
    if code == AnswerCode::MethodNotAllowed {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
    }
    response
}

/// Refuses what is no GraphQL request: whatever is accepted for an answer, the status says so.
fn malformed(refusal: &Refusal, request_id: &RequestId) -> Response {
    refused(refusal, AnswerType::GraphQl, request_id)
}

/// Adds the tag of an answer, and leaves the answer out when the client has it already.
fn with_tag(mut response: Response, text: &AnswerText, headers: &HeaderMap) -> Response {
    let tag = text.entity_tag();
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let is_known =
        known.flat_map(|value| value.split(',')).any(|known| matches!(known.trim(), "*") || same(known, tag));
    if is_known {
        response = StatusCode::NOT_MODIFIED.into_response();
    }
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(ETAG, tag);
    }
    // Whoever keeps the answer asks whether it is still true, each time.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(VARY, HeaderValue::from_static("accept, authorization, cookie"));
    response
}

/// Compares tags weakly.
fn same(known: &str, tag: &str) -> bool {
    known.trim().trim_start_matches("W/") == tag.trim_start_matches("W/")
}

/// What a client wishes by headers.
struct Wishes {
    wants_cost: bool,
    min_revision: Option<Revision>,
    last_event_id: Option<String>,
}

impl Wishes {
    fn of(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            wants_cost: headers.contains_key(COST),
            min_revision: text(MIN_REVISION).and_then(|value| value.trim().parse().ok()).map(Revision),
            last_event_id: text(LAST_EVENT_ID).filter(|id| !id.is_empty()).map(str::to_owned),
        }
    }

    /// Returns whether the body alone decides the answer.
    fn is_plain(&self) -> bool {
        !self.wants_cost && self.min_revision.is_none()
    }

    fn ask(self, request: GraphQlRequest, body: Bytes, request_id: &RequestId) -> Ask {
        Ask {
            request,
            body,
            is_read_only: false,
            wants_cost: self.wants_cost,
            min_revision: self.min_revision,
            last_event_id: self.last_event_id,
            request_id: request_id.as_str().to_owned(),
        }
    }
}

/// Reads the parameters of a GET. Objects among them are written as JSON.
fn read_address(parts: &Parts) -> Result<GraphQlRequest, String> {
    let mut request = GraphQlRequest::default();
    for (key, value) in url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
        let bad = |error: serde_json::Error| format!("the parameter `{key}` must be a JSON object: {error}");
        match &*key {
            "query" => request.query = Some(value.into_owned()),
            "documentId" => request.document_id = Some(value.into_owned()),
            "operationName" => request.operation_name = Some(value.into_owned()),
            "variables" => request.variables = serde_json::from_str(&value).map_err(bad)?,
            "extensions" => {
                let object: Option<Map<String, Value>> = serde_json::from_str(&value).map_err(bad)?;
                let extensions = object.map(|object| serde_json::from_value(Value::Object(object)));
                request.extensions = extensions.transpose().map_err(bad)?;
            }
            _ => {}
        }
    }
    Ok(request)
}

/// Reads a body. A list would pass for an object to the reader of JSON, its items for the fields in their order.
fn read_body(body: &[u8]) -> Result<GraphQlRequest, String> {
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') => Err("the body is a list; send one request, an object with `query`, at a time".to_owned()),
        _ => serde_json::from_slice(body)
            .map_err(|error| format!("the body is not a GraphQL request, an object with `query`: {error}")),
    }
}

fn not_acceptable(request_id: &RequestId) -> Response {
    let message = "answers are written as application/graphql-response+json, application/json or text/event-stream";
    error_response(AnswerCode::NotAcceptable, message, request_id)
}

async fn in_time(state: &HttpState, request_id: &RequestId, work: impl Future<Output = Response>) -> Response {
    let limit: Duration = state.settings.request_timeout;
    match timeout(limit, work).await {
        Ok(response) => response,
        Err(_) => {
            let message = format!("the request took longer than the {} s allowed", limit.as_secs_f64());
            error_response(ErrorCode::Timeout.into(), &message, request_id)
        }
    }
}

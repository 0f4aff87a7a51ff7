//! GraphQL over POST.
//!
//! Owns which bodies are read (JSON objects, bounded in size and time) and how answers are written, following "GraphQL over
//! HTTP": a client that accepts `application/graphql-response+json` learns from the status whether the request was
//! understood; for `application/json` every understood HTTP request is answered with 200. Nothing is ever executed for a GET,
//! for a form or for plain text, which other web pages could send.

use std::time::Duration;

use async_graphql::{Request as GraphQlRequest, Response as GraphQlResponse, ServerError, Variables};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{
        HeaderMap, StatusCode,
        header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use callboard_foundation::ErrorCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use super::{HttpState, error_response, error_with, request::RequestId};
use crate::AnswerCode;

const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

/// The body of a request.
#[derive(Deserialize)]
struct RequestBody {
    query: String,
    #[serde(default, rename = "operationName")]
    operation_name: Option<String>,
    #[serde(default)]
    variables: Option<Map<String, Value>>,
}

/// The body of an answer: without `data` when nothing was executed.
#[derive(Serialize)]
struct AnswerBody<'a> {
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ServerError],
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a async_graphql::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extensions: Option<&'a std::collections::BTreeMap<String, async_graphql::Value>>,
}

/// Answers a GraphQL request.
pub(super) async fn answer(State(state): State<HttpState>, request_id: RequestId, request: Request) -> Response {
    let limit: Duration = state.settings.request_timeout;
    match timeout(limit, answer_in_time(&state, &request_id, request)).await {
        Ok(response) => response,
        Err(_) => {
            let message = format!("the request took longer than the {} s allowed", limit.as_secs_f64());
            error_response(ErrorCode::Timeout.into(), &message, &request_id)
        }
    }
}

async fn answer_in_time(state: &HttpState, request_id: &RequestId, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if !is_json(&parts.headers) {
        let message = "the body must be JSON, with the header `content-type: application/json`";
        return error_response(AnswerCode::UnsupportedMediaType, message, request_id);
    }
    let body = match read(&parts.headers, body, state.settings.max_body_bytes).await {
        Ok(body) => body,
        Err(refusal) => return refusal.into_response(request_id),
    };
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        let message = "the body is a list; send one request, an object with `query`, at a time";
        return error_response(ErrorCode::BadInput.into(), message, request_id);
    }
    let request = match serde_json::from_slice::<RequestBody>(&body) {
        Ok(request) => request,
        Err(error) => {
            let message = format!("the body is not a GraphQL request, an object with `query`: {error}");
            return error_response(ErrorCode::BadInput.into(), &message, request_id);
        }
    };
    let variables = Variables::from_json(Value::Object(request.variables.unwrap_or_default()));
    let mut operation = GraphQlRequest::new(request.query).variables(variables);
    operation.operation_name = request.operation_name.filter(|name| !name.is_empty());
    let executed = state.executor.run(operation, request_id.as_str()).await;
    tracing::Span::current().record("graphql.operation", executed.operation);
    write(&executed.response, &parts.headers)
}

/// Why a body was not read.
enum Refusal {
    TooLarge(usize),
    Broken(String),
}

impl Refusal {
    fn into_response(self, request_id: &RequestId) -> Response {
        match self {
            Self::TooLarge(max) => {
                let message = format!("the body is larger than the {max} bytes allowed");
                error_with(ErrorCode::LimitExceeded.into(), &message, request_id, &[("max", json!(max))])
            }
            Self::Broken(error) => {
                let message = format!("the body could not be read: {error}");
                error_response(ErrorCode::BadInput.into(), &message, request_id)
            }
        }
    }
}

async fn read(headers: &HeaderMap, body: Body, max: usize) -> Result<axum::body::Bytes, Refusal> {
    let declared = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if declared.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > max) {
        return Err(Refusal::TooLarge(max));
    }
    to_bytes(body, max).await.map_err(|error| {
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = cause {
            if error.to_string().contains("length limit exceeded") {
                return Refusal::TooLarge(max);
            }
            cause = error.source();
        }
        Refusal::Broken(error.to_string())
    })
}

/// Returns whether the body is declared to be JSON in UTF-8.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let mut charsets = parts.filter_map(|parameter| parameter.split_once('='));
    let is_foreign = |(key, value): (&str, &str)| {
        key.trim().eq_ignore_ascii_case("charset") && !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
    };
    is_json && !charsets.any(is_foreign)
}

fn write(response: &GraphQlResponse, headers: &HeaderMap) -> Response {
    // Errors before execution have no path, and nothing is there.
    let is_request_error =
        response.data == async_graphql::Value::Null && response.errors.iter().any(|error| error.path.is_empty());
    let accept = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let knows_graphql = accept.flat_map(|value| value.split(',')).any(|it| it.trim().starts_with(GRAPHQL_RESPONSE));
    let body = AnswerBody {
        errors: &response.errors,
        data: (!is_request_error).then_some(&response.data),
        extensions: (!response.extensions.is_empty()).then_some(&response.extensions),
    };
    let content_type = match knows_graphql {
        true => "application/graphql-response+json; charset=utf-8",
        false => "application/json; charset=utf-8",
    };
    let status = match is_request_error && knows_graphql {
        true => StatusCode::BAD_REQUEST,
        false => StatusCode::OK,
    };
    match serde_json::to_vec(&body) {
        Ok(body) => (status, [(CONTENT_TYPE, content_type)], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

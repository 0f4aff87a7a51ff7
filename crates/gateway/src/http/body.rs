//! Bodies: which are read, and how much of them.
//!
//! Owns the checks of type and size.

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{
        HeaderMap,
        header::{CONTENT_LENGTH, CONTENT_TYPE},
    },
    response::Response,
};
use callboard_foundation::ErrorCode;
use serde_json::json;

use super::{error_response, error_with, request::RequestId};

/// Why a body was not read.
pub(super) enum Unread {
    TooLarge(usize),
    Broken(String),
}

impl Unread {
    pub(super) fn into_response(self, request_id: &RequestId) -> Response {
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

/// Reads a body of at most `max` bytes.
pub(super) async fn read(headers: &HeaderMap, body: Body, max: usize) -> Result<Bytes, Unread> {
    let declared = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if declared.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > max) {
        return Err(Unread::TooLarge(max));
    }
    to_bytes(body, max).await.map_err(|error| {
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = cause {
            if error.to_string().contains("length limit exceeded") {
                return Unread::TooLarge(max);
            }
            cause = error.source();
        }
        Unread::Broken(error.to_string())
    })
}

/// Returns whether the body is declared to be JSON in UTF-8.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let mut charsets = parts.filter_map(|parameter| parameter.split_once('='));
    let is_foreign = |(key, value): (&str, &str)| {
        key.trim().eq_ignore_ascii_case("charset") && !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
    };
    is_json && !charsets.any(is_foreign)
}

//! Finishing an answer: every error gets its code and the request's id, faults of ours are logged, and the revision is
//! added.
//!
//! Owns what stands in `extensions` and that a field that failed is null. Executing is `crate::executor`'s work.

use async_graphql::{ErrorExtensionValues, Name, PathSegment, Response, ServerError, Value, parser};
use callboard_entity_model::Revision;
use callboard_foundation::ErrorCode;

use crate::{
    AnswerCode,
    error::{GatewayError, chain},
    limits::LimitError,
};

/// Finishes the answer of an executed operation.
pub(crate) fn finish(mut response: Response, request_id: &str, revision: Revision) -> Response {
    for error in &mut response.errors {
        finish_error(error, request_id);
        set_null_at(&mut response.data, &error.path);
    }
    response.extension("revision", Value::from(revision.0))
}

/// Returns the answer to a request that is refused before anything is executed.
pub(crate) fn refuse(mut error: ServerError, code: AnswerCode, request_id: &str) -> Response {
    set(&mut error, "code", Value::from(code.as_str()));
    set(&mut error, "requestId", Value::from(request_id));
    Response::from_errors(vec![error])
}

/// Returns the answer to a text that is no document.
pub(crate) fn refuse_unparsed(error: parser::Error, request_id: &str) -> Response {
    refuse(error.into(), AnswerCode::ParseFailed, request_id)
}

/// Returns the answer to a document that exceeds a limit.
pub(crate) fn refuse_limit(error: &LimitError, request_id: &str) -> Response {
    let (found, max) = error.numbers();
    let mut error = ServerError::new(error.to_string(), None);
    set(&mut error, "requested", Value::from(found));
    set(&mut error, "max", Value::from(max));
    refuse(error, AnswerCode::CostLimitExceeded, request_id)
}

fn finish_error(error: &mut ServerError, request_id: &str) {
    set(error, "requestId", Value::from(request_id));
    let Some(cause) = error.source::<GatewayError>() else {
        // What async-graphql itself finds has no source: without a path it is about the document, with one about a value.
        let code = match error.path.is_empty() {
            true => AnswerCode::ValidationFailed,
            false => ErrorCode::BadInput.into(),
        };
        set(error, "code", Value::from(code.as_str()));
        return;
    };
    let code = cause.code();
    let numbers = match cause {
        GatewayError::PageSizeExceeded { requested, max, .. } => Some((*requested, *max)),
        _ => None,
    };
    // Causes name tables, files and hosts, which are nobody's business outside: they are logged, and a sentence goes out.
    let neutral = match code {
        AnswerCode::Shared(ErrorCode::Internal) => {
            tracing::error!(request.id = request_id, error = chain(cause), "a request failed");
            Some("something went wrong on our side")
        }
        AnswerCode::Shared(ErrorCode::Unavailable) => {
            tracing::warn!(request.id = request_id, error = chain(cause), "a request failed for now");
            Some("a part that this needs is not available now; try again later")
        }
        _ => None,
    };
    if let Some(neutral) = neutral {
        error.message = neutral.to_owned();
    }
    if let Some((requested, max)) = numbers {
        set(error, "requested", Value::from(requested));
        set(error, "max", Value::from(max));
    }
    set(error, "code", Value::from(code.as_str()));
}

fn set(error: &mut ServerError, key: &str, value: Value) {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set(key, value);
}

/// Sets the field at a path to null: async-graphql leaves a field that failed out of its object.
fn set_null_at(data: &mut Value, path: &[PathSegment]) {
    let Some((last, parents)) = path.split_last() else { return };
    let mut place = data;
    for segment in parents {
        let next = match (segment, place) {
            (PathSegment::Field(name), Value::Object(object)) => object.get_mut(name.as_str()),
            (PathSegment::Index(index), Value::List(list)) => list.get_mut(*index),
            _ => None,
        };
        match next {
            Some(next) => place = next,
            None => return,
        }
    }
    if let (PathSegment::Field(name), Value::Object(object)) = (last, place) {
        object.entry(Name::new(name)).or_insert(Value::Null);
    }
}

#[cfg(test)]
mod tests;

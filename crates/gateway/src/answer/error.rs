//! Errors of fields.
//!
//! Owns which code and facts each gets, and that faults of ours are logged and not told.

use async_graphql::{ErrorExtensionValues, ServerError, Value};
use callboard_catalog::CatalogError;
use callboard_foundation::ErrorCode;

use crate::{
    AnswerCode,
    error::{GatewayError, chain},
};

/// Gives an error its code and the request's id.
pub(super) fn finish_error(error: &mut ServerError, request_id: &str) {
    set(error, "requestId", Value::from(request_id));
    let Some(cause) = error.source::<GatewayError>() else {
        // What async-graphql itself finds has no source: a value that does not fit its scalar.
        set(error, "code", Value::from(ErrorCode::BadInput.as_str()));
        return;
    };
    let code = cause.code();
    let numbers = match cause {
        GatewayError::PageSizeExceeded { requested, max, .. } => Some((*requested, *max)),
        _ => None,
    };
    let revision = match cause {
        GatewayError::Catalog(CatalogError::HistoryExpired { oldest }) => Some(("oldestRevision", *oldest)),
        GatewayError::Catalog(CatalogError::RevisionNotReached { newest, .. }) => Some(("newestRevision", *newest)),
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
    if let Some((key, revision)) = revision {
        set(error, key, Value::from(revision.0));
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

#[cfg(test)]
mod tests;

//! User errors: outcomes of a mutation that the caller can do something about.
//!
//! Owns which errors of the catalog and of webhooks are such outcomes, part of the payload. All others are errors of the whole request.

use std::sync::Arc;

use async_graphql::{Enum, Interface, SimpleObject};
use callboard_catalog::{CatalogError, CatalogSnapshot};
use callboard_webhooks::WebhookError;

use super::location::RegisteredLocation;
use crate::error::GatewayError;

/// A problem that the caller can fix; `message` may be shown to people.
#[derive(Debug, Interface)]
#[graphql(
    field(name = "code", ty = "&UserErrorCode", desc = "What kind of problem, for programs."),
    field(name = "message", ty = "&String", desc = "A sentence that may be shown to people."),
    field(
        name = "field",
        ty = "&Option<Vec<String>>",
        desc = "The path into the input; null when it is about no field."
    )
)]
pub(crate) enum UserError {
    /// Something about the input.
    Input(InputError),
    /// The location is there already.
    LocationConflict(LocationConflictError),
}

/// What kind of problem the caller can fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum UserErrorCode {
    /// The input is wrong.
    Invalid,
    /// What it names does not exist.
    NotFound,
    /// It does not fit what is there.
    Conflict,
    /// It is not allowed.
    Forbidden,
    /// What it names can't be read.
    Unreachable,
}

/// Something about the input is wrong.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct InputError {
    /// What kind of problem, for programs.
    code: UserErrorCode,
    /// A sentence that may be shown to people.
    message: String,
    /// The path into the input; null when it is about no field.
    field: Option<Vec<String>>,
}

/// The location is registered already.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct LocationConflictError {
    /// What kind of problem, for programs.
    code: UserErrorCode,
    /// A sentence that may be shown to people.
    message: String,
    /// The path into the input; null when it is about no field.
    field: Option<Vec<String>>,
    /// The location that is there; null when it went away meanwhile.
    existing: Option<RegisteredLocation>,
}

impl UserError {
    /// Says that a field of the input is wrong.
    pub(crate) fn input(code: UserErrorCode, field: &str, message: impl Into<String>) -> Self {
        let field = Some(vec!["input".to_owned(), field.to_owned()]);
        Self::Input(InputError { code, message: message.into(), field })
    }

    /// Turns an error of the catalog into an outcome, where it is one.
    ///
    /// # Errors
    /// The error itself, where the caller can't do anything about it.
    pub(crate) fn from_catalog(error: CatalogError, snapshot: &Arc<CatalogSnapshot>) -> Result<Self, GatewayError> {
        let message = error.to_string();
        Ok(match error {
            CatalogError::LocationExists { source_id, .. } => {
                let field = Some(vec!["input".to_owned(), "target".to_owned()]);
                Self::LocationConflict(LocationConflictError {
                    code: UserErrorCode::Conflict,
                    message,
                    field,
                    existing: RegisteredLocation::find(snapshot, source_id),
                })
            }
            CatalogError::LocationTypeNotAllowed { .. } => Self::input(UserErrorCode::Forbidden, "type", message),
            CatalogError::LocationUnreadable { .. } => Self::input(UserErrorCode::Unreachable, "target", message),
            CatalogError::SourceNotFound { .. } => Self::input(UserErrorCode::NotFound, "id", message),
            CatalogError::SourceIsReadOnly { .. } => Self::input(UserErrorCode::Forbidden, "id", message),
            CatalogError::NothingHeld { .. } => Self::input(UserErrorCode::Conflict, "id", message),
            CatalogError::EntityNotFound { .. } => Self::input(UserErrorCode::NotFound, "ref", message),
            CatalogError::EntityExists { .. } => Self::input(UserErrorCode::Conflict, "ref", message),
            CatalogError::NoSuchState { .. }
            | CatalogError::HistoryExpired { .. }
            | CatalogError::RevisionNotReached { .. } => Self::input(UserErrorCode::NotFound, "revision", message),
            CatalogError::CatalogIsReadOnly => {
                Self::Input(InputError { code: UserErrorCode::Forbidden, message, field: None })
            }
            CatalogError::SourceBusy { .. } => {
                Self::Input(InputError { code: UserErrorCode::Conflict, message, field: None })
            }
            other => return Err(other.into()),
        })
    }

    /// Turns an error of webhooks into an outcome, where it is one.
    ///
    /// # Errors
    /// The error itself, where the caller can't do anything about it.
    pub(crate) fn from_webhook(error: WebhookError) -> Result<Self, GatewayError> {
        let message = error.to_string();
        let (code, field) = match error {
            WebhookError::NotFound { .. } => (UserErrorCode::NotFound, "id"),
            WebhookError::BadTarget { .. } => (UserErrorCode::Forbidden, "target"),
            WebhookError::NameTooLong { .. } => (UserErrorCode::Invalid, "name"),
            WebhookError::BadFilter { .. } => (UserErrorCode::Invalid, "filter"),
            WebhookError::BadSecret => (UserErrorCode::Invalid, "secret"),
            WebhookError::NoOperations => (UserErrorCode::Invalid, "changeTypes"),
            WebhookError::RevisionAhead { .. } => (UserErrorCode::Invalid, "fromRevision"),
            WebhookError::TooMany { .. } => {
                return Ok(Self::Input(InputError { code: UserErrorCode::Conflict, message, field: None }));
            }
            other => return Err(other.into()),
        };
        Ok(Self::input(code, field, message))
    }
}

//! Errors on their way out: what a resolver fails with, and what the client is told.
//!
//! Owns which code each error has. Resolvers return [`GatewayError`] and async-graphql carries it, as the source of its own
//! error, to the one place where answers are finished (`crate::answer`): there it is given its code and logged.

use std::error::Error as StdError;

use callboard_catalog::CatalogError;
use callboard_entity_model::EntityRefError;
use callboard_foundation::ErrorCode;
use callboard_view::QueryError;
use callboard_webhooks::WebhookError;

use crate::AnswerCode;

/// Why a question or an order could not be answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GatewayError {
    /// An argument has a value that can't be used.
    #[error("argument `{argument}` {reason}")]
    BadArgument {
        /// Which argument.
        argument: &'static str,
        /// What is wrong with it, as the end of a sentence.
        reason: String,
    },
    /// A page or list is larger than allowed.
    #[error("argument `{argument}` is {requested}, more than the {max} allowed")]
    PageSizeExceeded {
        /// Which argument.
        argument: &'static str,
        /// How much was asked for.
        requested: usize,
        /// How much is allowed.
        max: usize,
    },
    /// A cursor is not one that this list gave out.
    #[error("the cursor is not one that this list gave out")]
    InvalidCursor,
    /// A document kept in the catalog lacks a field that its kind requires.
    #[error("the stored document of `{entity_ref}` lacks `{field}`")]
    MissingField {
        /// Whose document.
        entity_ref: String,
        /// Which field.
        field: String,
    },
    /// A reference can't be read.
    #[error(transparent)]
    EntityRef(#[from] EntityRefError),
    /// The view refused the question.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The catalog refused or failed.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// Webhooks refused or failed.
    #[error(transparent)]
    Webhook(#[from] WebhookError),
}

impl GatewayError {
    /// Says that an argument can't be used; `reason` ends the sentence "argument `x` …".
    pub(crate) fn bad_argument(argument: &'static str, reason: impl Into<String>) -> Self {
        Self::BadArgument { argument, reason: reason.into() }
    }

    /// Returns the code that the client is told.
    pub(crate) fn code(&self) -> AnswerCode {
        match self {
            Self::BadArgument { .. } | Self::EntityRef(_) => ErrorCode::BadInput.into(),
            Self::PageSizeExceeded { .. } => AnswerCode::PageSizeExceeded,
            Self::MissingField { .. } => ErrorCode::Internal.into(),
            Self::InvalidCursor | Self::Query(QueryError::InvalidCursor { .. }) => AnswerCode::InvalidCursor,
            Self::Query(error) => error.code().into(),
            Self::Catalog(error) => error.code().into(),
            Self::Webhook(error) => error.code().into(),
        }
    }
}

/// Returns an error's message and those of its causes, outermost first, for the log.
pub(crate) fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

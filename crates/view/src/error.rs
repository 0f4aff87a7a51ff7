//! Why a query can't be answered.
//!
//! Owns the error type of this crate. Every variant is the caller's mistake: reading memory does not fail.

use callboard_foundation::ErrorCode;

/// Why a query can't be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// The cursor is damaged, or comes from a list in another order.
    #[error("invalid cursor: {reason}")]
    InvalidCursor {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The text is not the path of a field.
    #[error("`{path}` is not a field path: {reason}")]
    InvalidPath {
        /// The path as given, at most its first 200 characters.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Filters stand in filters too deeply.
    #[error("the filter is nested more than {max} levels deep")]
    FilterTooDeep {
        /// The most levels allowed.
        max: usize,
    },
    /// Too many sort keys.
    #[error("{count} sort keys are more than {max}")]
    TooManyOrders {
        /// How many were given.
        count: usize,
        /// The most allowed.
        max: usize,
    },
}

impl QueryError {
    /// Returns what kind of failure it is.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::InvalidCursor { .. } | Self::InvalidPath { .. } => ErrorCode::BadInput,
            Self::FilterTooDeep { .. } | Self::TooManyOrders { .. } => ErrorCode::LimitExceeded,
        }
    }
}

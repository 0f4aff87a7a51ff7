//! What can go wrong with webhooks.
//!
//! Owns the error type. That a receiver does not accept an event is not an error here: it is a failed delivery, which
//! is data.

use callboard_catalog::CatalogError;
use callboard_db::DatabaseError;
use callboard_entity_model::Revision;
use callboard_foundation::ErrorCode;
use uuid::Uuid;

/// A failure of an operation on webhooks.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// No such subscription.
    #[error("there is no webhook with id {id}")]
    NotFound {
        /// The id.
        id: Uuid,
    },
    /// Events can't be sent to this address.
    #[error("the target can't be used: {reason}")]
    BadTarget {
        /// Why not.
        reason: String,
    },
    /// The name is too long.
    #[error("the name has {length} characters, more than the {max} allowed")]
    NameTooLong {
        /// How long it is.
        length: usize,
        /// How long it may be.
        max: usize,
    },
    /// The filter can't be read or evaluated.
    #[error("the filter can't be used: {reason}")]
    BadFilter {
        /// Why not.
        reason: String,
    },
    /// The secret is none.
    #[error("the secret must be `whsec_` and the base64 of 24 to 64 bytes")]
    BadSecret,
    /// No type of change is wanted, so that nothing would ever be delivered.
    #[error("a webhook needs at least one type of change")]
    NoOperations,
    /// There are as many subscriptions as may be.
    #[error("there are {max} webhooks already, which is the most allowed")]
    TooMany {
        /// How many may be.
        max: u64,
    },
    /// The log does not reach that far.
    #[error("revision {revision} lies ahead of the log, which ends at {head}")]
    RevisionAhead {
        /// The revision asked for.
        revision: Revision,
        /// The newest there is.
        head: Revision,
    },
    /// A row in the database says something that this version does not know.
    #[error("table `{table}` holds `{value}`, which this version does not understand")]
    UnknownValue {
        /// The table.
        table: &'static str,
        /// The value.
        value: String,
    },
    /// The system gives no randomness.
    #[error("the system gives no randomness to make a secret from")]
    NoRandomness(#[source] getrandom::Error),
    /// The HTTP client could not be built.
    #[error("failed to set up the HTTP client")]
    HttpClient(#[source] reqwest::Error),
    /// The log can't be read.
    #[error("the log can't be read")]
    Catalog(#[from] CatalogError),
    /// The database failed.
    #[error("the database of webhooks failed")]
    Database(#[from] DatabaseError),
}

impl WebhookError {
    /// Returns what kind of failure it is.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::NotFound { .. } => ErrorCode::NotFound,
            Self::BadTarget { .. }
            | Self::NameTooLong { .. }
            | Self::BadFilter { .. }
            | Self::BadSecret
            | Self::NoOperations
            | Self::RevisionAhead { .. } => ErrorCode::BadInput,
            Self::TooMany { .. } => ErrorCode::LimitExceeded,
            Self::UnknownValue { .. } | Self::NoRandomness(_) | Self::HttpClient(_) => ErrorCode::Internal,
            Self::Catalog(error) => error.code(),
            Self::Database(error) => error.code(),
        }
    }

    /// Returns the message with those of its causes, for logs.
    pub(crate) fn with_causes(&self) -> String {
        let causes = std::iter::successors(std::error::Error::source(self), |cause| cause.source());
        std::iter::once(self.to_string()).chain(causes.map(ToString::to_string)).collect::<Vec<_>>().join(": ")
    }
}

impl From<sea_orm::DbErr> for WebhookError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Database(error.into())
    }
}

//! What can go wrong with the reader itself.
//!
//! Owns the failures of setting up. What is wrong with something declared is not an error but a
//! [`callboard_entity_model::Problem`], which the reader collects.

use callboard_foundation::ErrorCode;

/// Why a reader or watcher could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum DiscoveryError {
    /// A setting of the host allow-list or of an integration is not a host or an address.
    #[error("`{value}` is not a valid {what}")]
    InvalidSetting {
        /// Which setting.
        what: &'static str,
        /// What it says.
        value: String,
    },
    /// A pattern of a rule is not a glob.
    #[error("`{pattern}` is not a valid pattern")]
    InvalidPattern {
        /// The pattern.
        pattern: String,
        /// Why.
        #[source]
        source: globset::Error,
    },
    /// The HTTP client could not be built.
    #[error("failed to set up the HTTP client")]
    HttpClient(#[source] reqwest::Error),
    /// The system refuses to watch a folder, for example because there are too many watches.
    #[error("failed to watch `{path}`")]
    Watch {
        /// The folder.
        path: String,
        /// Why.
        #[source]
        source: notify::Error,
    },
}

impl DiscoveryError {
    /// Returns what kind of failure this is.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::InvalidSetting { .. } | Self::InvalidPattern { .. } => ErrorCode::BadInput,
            Self::HttpClient(_) => ErrorCode::Internal,
            Self::Watch { .. } => ErrorCode::Unavailable,
        }
    }
}

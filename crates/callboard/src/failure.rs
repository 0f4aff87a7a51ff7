//! How a command ends: the exit codes, and failures that name theirs.
//!
//! Owns the table of exit codes; the help of the command line shows the same.

use std::{error::Error, fmt, process::ExitCode};

use callboard_foundation::ErrorCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Everything is well.
    Success = 0,
    /// The catalog files have problems.
    Problems = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// Something that is needed is not available.
    Unavailable = 3,
    /// A fault of ours.
    Internal = 4,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// Why a command ended early.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: Status,
    error: anyhow::Error,
}

impl Failure {
    pub(crate) fn new(status: Status, error: impl Into<anyhow::Error>) -> Self {
        Self { status, error: error.into() }
    }

    pub(crate) fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self::new(Status::Usage, error)
    }

    pub(crate) fn unavailable(error: impl Into<anyhow::Error>) -> Self {
        Self::new(Status::Unavailable, error)
    }

    pub(crate) fn internal(error: impl Into<anyhow::Error>) -> Self {
        Self::new(Status::Internal, error)
    }

    /// Returns the failure of a part, by the code that the part gives it.
    pub(crate) fn coded(code: ErrorCode, error: impl Into<anyhow::Error>) -> Self {
        let status = match code {
            ErrorCode::BadInput | ErrorCode::AlreadyExists | ErrorCode::Conflict | ErrorCode::LimitExceeded => {
                Status::Usage
            }
            ErrorCode::Unavailable | ErrorCode::Timeout | ErrorCode::NotFound | ErrorCode::RateLimited => {
                Status::Unavailable
            }
            _ => Status::Internal,
        };
        Self::new(status, error)
    }

    /// Returns the same failure with a sentence in front that says what was tried.
    pub(crate) fn context(self, text: impl fmt::Display + Send + Sync + 'static) -> Self {
        Self { status: self.status, error: self.error.context(text) }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&chain(self.error.as_ref()))
    }
}

/// Writes an error and its causes. A cause that its parent repeats is left out.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.ends_with(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests;

//! The closed list of answers to "what kind of failure is this?".
//!
//! Owns the list only. Turning a code into an HTTP status or a GraphQL extension is `gateway`'s work.

use std::fmt;

/// What kind of failure an error is, for a caller who has to decide what to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The input is wrong; sending it again changes nothing.
    BadInput,
    /// The thing does not exist, or the caller may not know that it does.
    NotFound,
    /// A thing of that name is there already.
    AlreadyExists,
    /// The state does not permit it now, for example because of a concurrent change.
    Conflict,
    /// Nobody is signed in.
    Unauthenticated,
    /// Somebody is signed in who may not do this.
    Forbidden,
    /// Too many requests.
    RateLimited,
    /// A limit was exceeded: bytes, depth, cost, count.
    LimitExceeded,
    /// It took longer than allowed.
    Timeout,
    /// A part that this needs is away; later it may work.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl ErrorCode {
    /// Returns the stable upper-case name, for example `NOT_FOUND`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadInput => "BAD_USER_INPUT",
            Self::NotFound => "NOT_FOUND",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::Conflict => "CONFLICT",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::RateLimited => "RATE_LIMITED",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::Timeout => "DEADLINE_EXCEEDED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

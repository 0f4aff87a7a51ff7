//! The closed list of codes that leave the gateway in `extensions.code`.
//!
//! Owns the list, the HTTP status that goes with each code when there is no GraphQL answer, and the only table from
//! [`ErrorCode`] to them. Making errors is `crate::error`'s work.

use callboard_foundation::ErrorCode;
use http::StatusCode;

/// What kind of failure an error in an answer is. Clients may compare the names; no other name ever leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnswerCode {
    /// One of the codes that every part of the product shares.
    Shared(ErrorCode),
    /// The document is not GraphQL.
    ParseFailed,
    /// The document does not fit the schema, or a variable does not fit its type.
    ValidationFailed,
    /// It is not clear which operation of the document is meant.
    OperationUnresolved,
    /// The document of that id or hash is not known here; with its text it will be.
    PersistedQueryNotFound,
    /// Only documents that were approved beforehand are executed here.
    DocumentNotTrusted,
    /// The question costs more, or is nested deeper, than allowed.
    CostLimitExceeded,
    /// A page or list is larger than allowed.
    PageSizeExceeded,
    /// The cursor is not one of ours, or belongs to another order.
    InvalidCursor,
    /// The request was made with an HTTP method that this address does not take.
    MethodNotAllowed,
    /// The body is not of a type that is read here.
    UnsupportedMediaType,
    /// The answer can't be written in any type that the client accepts.
    NotAcceptable,
}

impl AnswerCode {
    /// Every code, in the order of the documentation.
    pub const ALL: [Self; 22] = [
        Self::ParseFailed,
        Self::ValidationFailed,
        Self::OperationUnresolved,
        Self::PersistedQueryNotFound,
        Self::DocumentNotTrusted,
        Self::CostLimitExceeded,
        Self::PageSizeExceeded,
        Self::InvalidCursor,
        Self::MethodNotAllowed,
        Self::UnsupportedMediaType,
        Self::NotAcceptable,
        Self::Shared(ErrorCode::BadInput),
        Self::Shared(ErrorCode::NotFound),
        Self::Shared(ErrorCode::AlreadyExists),
        Self::Shared(ErrorCode::Conflict),
        Self::Shared(ErrorCode::Unauthenticated),
        Self::Shared(ErrorCode::Forbidden),
        Self::Shared(ErrorCode::RateLimited),
        Self::Shared(ErrorCode::LimitExceeded),
        Self::Shared(ErrorCode::Timeout),
        Self::Shared(ErrorCode::Unavailable),
        Self::Shared(ErrorCode::Internal),
    ];

    /// Returns the stable name, for example `GRAPHQL_PARSE_FAILED`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shared(code) => code.as_str(),
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::OperationUnresolved => "OPERATION_RESOLUTION_FAILURE",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::DocumentNotTrusted => "DOCUMENT_NOT_TRUSTED",
            Self::CostLimitExceeded => "COST_LIMIT_EXCEEDED",
            Self::PageSizeExceeded => "PAGE_SIZE_EXCEEDED",
            Self::InvalidCursor => "INVALID_CURSOR",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::NotAcceptable => "NOT_ACCEPTABLE",
        }
    }

    /// Returns the HTTP status of an answer that consists of nothing but such an error.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::ParseFailed
            | Self::ValidationFailed
            | Self::OperationUnresolved
            | Self::PersistedQueryNotFound
            | Self::CostLimitExceeded
            | Self::PageSizeExceeded
            | Self::InvalidCursor => StatusCode::BAD_REQUEST,
            Self::DocumentNotTrusted => StatusCode::FORBIDDEN,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Shared(code) => match code {
                ErrorCode::BadInput => StatusCode::BAD_REQUEST,
                ErrorCode::NotFound => StatusCode::NOT_FOUND,
                ErrorCode::AlreadyExists | ErrorCode::Conflict => StatusCode::CONFLICT,
                ErrorCode::Unauthenticated => StatusCode::UNAUTHORIZED,
                ErrorCode::Forbidden => StatusCode::FORBIDDEN,
                ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
                ErrorCode::LimitExceeded => StatusCode::PAYLOAD_TOO_LARGE,
                ErrorCode::Timeout => StatusCode::GATEWAY_TIMEOUT,
                ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
                ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            },
        }
    }
}

impl From<ErrorCode> for AnswerCode {
    fn from(code: ErrorCode) -> Self {
        Self::Shared(code)
    }
}

#[cfg(test)]
mod tests;

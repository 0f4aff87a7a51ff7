//! Why a document, or a request for one, is refused before anything is executed.
//!
//! Owns the kinds of refusal; which code and status each becomes is the caller's matter.

use crate::LimitError;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// Where in the document, as line and column, both counted from 1.
    pub locations: Vec<(usize, usize)>,
}

impl Fault {
    /// Says what is wrong, without a place.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), locations: Vec::new() }
    }
}

/// Why a request is refused before anything is executed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The text is not GraphQL.
    #[error("the document is not GraphQL")]
    Unparsed(Vec<Fault>),
    /// The document does not fit the schema.
    #[error("the document does not fit the schema")]
    Invalid(Vec<Fault>),
    /// It is not clear which operation is meant.
    #[error("{0}")]
    OperationUnresolved(String),
    /// A variable's value does not fit its type.
    #[error("{}", .0.message)]
    Variable(Fault),
    /// The document or the operation is over a limit.
    #[error(transparent)]
    TooMuch(#[from] LimitError),
    /// With its fragments in place, the operation is too large.
    #[error("the operation has more than the {max} selections allowed, fragments counted where they are used")]
    TooManySelections {
        /// How many are allowed.
        max: usize,
    },
    /// One object is asked for too many things: each alias of a large value makes the answer so much larger.
    #[error("one object is asked for more than the {max} fields allowed")]
    TooManyFields {
        /// How many are allowed.
        max: usize,
    },
    /// The document of that id or hash is not known here.
    #[error("the document is not known here; send its text")]
    Unknown,
    /// Only trusted documents are executed, and this is none.
    #[error("only documents that were approved beforehand are executed here")]
    NotTrusted,
    /// The text does not have the hash that was sent with it.
    #[error("the text does not have the hash that was sent with it")]
    HashMismatch,
    /// The id or hash is not written as one.
    #[error("{0}")]
    BadSource(&'static str),
}

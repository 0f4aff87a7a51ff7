//! What can be wrong with YAML, and where.
//!
//! Owns the shape of the error; finding it is the work of those who read.

use std::fmt;

/// Why a text could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YamlError {
    /// A sentence that a person can act on, without the place: lower case, no full stop.
    pub message: String,
    /// Line in the whole text, counted from 1.
    pub line: Option<u32>,
    /// Column in the line, in characters, counted from 1.
    pub column: Option<u32>,
    /// What kind of fault it is.
    pub kind: YamlErrorKind,
}

/// What kind of fault it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YamlErrorKind {
    /// The text is not YAML.
    Syntax,
    /// A mapping has the same key twice.
    DuplicateKey,
    /// It asks for more than is allowed.
    Limit {
        /// What there is too much of, for example `levels`.
        what: &'static str,
        /// How much of it is allowed.
        max: usize,
    },
    /// The bytes are not UTF-8.
    Encoding,
}

impl fmt::Display for YamlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "line {line}, column {column}: {}", self.message),
            (Some(line), None) => write!(f, "line {line}: {}", self.message),
            _ => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for YamlError {}

impl YamlError {
    /// Returns the error of having too much of something.
    pub(crate) fn limit(what: &'static str, max: usize) -> Self {
        let message = format!("more than {max} {what}");
        Self { message, line: None, column: None, kind: YamlErrorKind::Limit { what, max } }
    }

    /// Returns the same error at a line and column.
    pub(crate) fn at(self, line: usize, column: usize) -> Self {
        Self { line: u32::try_from(line).ok(), column: u32::try_from(column).ok(), ..self }
    }

    /// Returns the error of not being YAML.
    pub(crate) fn syntax(message: String) -> Self {
        Self { message, line: None, column: None, kind: YamlErrorKind::Syntax }
    }
}

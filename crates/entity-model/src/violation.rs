//! Violations: which rule of the entity model a value breaks, and where in the value.
//!
//! Owns the shape; the rules themselves stand in `crate::kinds` and `crate::entity`. A violation knows a field, not a
//! file: adding file, line and column is the reader's work.

use std::fmt;

/// A rule that a value breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// What kind of rule.
    pub code: ViolationCode,
    /// The field as JSON Pointer segments; empty for the whole entity.
    pub path: Vec<String>,
    /// A sentence that a person can act on: lower case, no full stop.
    pub message: String,
    /// Whether the entity is refused; a violation that does not refuse is a warning.
    pub is_fatal: bool,
}

/// What kind of rule a value breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ViolationCode {
    /// A field is missing, of the wrong type or of the wrong form.
    Field,
    /// No such kind, or not with this `apiVersion`.
    UnknownKind,
    /// An address that a browser would run.
    UnsafeUrl,
}

impl Violation {
    /// Returns a broken field rule that refuses the entity.
    pub(crate) fn refusal(path: &[&str], message: String) -> Self {
        let path = path.iter().map(|segment| (*segment).to_owned()).collect();
        Self { code: ViolationCode::Field, path, message, is_fatal: true }
    }

    /// Returns the field as people write it: dots, brackets for list items and for keys with dots.
    #[must_use]
    pub fn field(&self) -> String {
        let mut text = String::new();
        for segment in &self.path {
            if segment.parse::<usize>().is_ok() {
                text.push_str(&format!("[{segment}]"));
            } else if segment.contains(['.', '/', '[']) {
                text.push_str(&format!("[\"{segment}\"]"));
            } else {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(segment);
            }
        }
        text
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.is_empty() {
            true => f.write_str(&self.message),
            false => write!(f, "{}: {}", self.field(), self.message),
        }
    }
}

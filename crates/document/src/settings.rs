//! What an installation, and the schema's owner, may choose about documents.
//!
//! Owns the numbers and their defaults.

use apollo_compiler::response::JsonValue;

use crate::{CostLimits, TextLimits, TrustedDocuments};

/// Checks a value given for a custom scalar: the type's name and the value, which is not null. The error ends the
/// sentence "the value …".
pub type ScalarCheck = fn(&str, &JsonValue) -> Result<(), String>;

/// The limits and choices of a [`crate::DocumentFront`].
#[derive(Debug, Clone)]
pub struct DocumentSettings {
    /// What the text of a document may be.
    pub text: TextLimits,
    /// What an operation may cost.
    pub cost: CostLimits,
    /// The most selections of an operation, counted with every fragment put in place.
    pub max_selections: usize,
    /// About how many bytes the known documents may take.
    pub max_stored_bytes: u64,
    /// Whether a document may ask for the schema.
    pub allows_introspection: bool,
    /// Documents that were approved beforehand.
    pub trusted: Option<TrustedDocuments>,
    /// Whether nothing but those is executed.
    pub is_trusted_only: bool,
    /// How values of custom scalars are checked.
    pub check_scalar: ScalarCheck,
}

impl Default for DocumentSettings {
    fn default() -> Self {
        Self {
            text: TextLimits::default(),
            cost: CostLimits::default(),
            max_selections: 10_000,
            max_stored_bytes: 64 * 1024 * 1024,
            allows_introspection: true,
            trusted: None,
            is_trusted_only: false,
            check_scalar: |_, _| Ok(()),
        }
    }
}

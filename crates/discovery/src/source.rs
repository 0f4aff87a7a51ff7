//! What a reading starts from.
//!
//! Owns the shape of the question; [`crate::Reader::read`] answers it.

use callboard_entity_model::LocationSpec;

use crate::Rule;

/// A source to be read: its location and what it may bring.
#[derive(Debug, Clone)]
pub struct SourceSpec {
    /// Where it is.
    pub location: LocationSpec,
    /// Rules of this location alone; they allow kinds in addition to the rules for all (`catalog.locations[].rules`).
    pub rules: Option<Vec<Rule>>,
    /// Who declared it.
    pub origin: Origin,
}

/// Who declared a source: it decides whether files of this machine may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The operator, in the configuration or on the command line: `file` locations are allowed.
    Config,
    /// A user, through the API: only `url` locations are, at every depth.
    Registered,
}

/// How much a reading may rely on what is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReadMode {
    /// A file whose size and time, or ETag, are the known ones is not read at all.
    #[default]
    Conditional,
    /// Every file is read; one whose content is the known one still counts as unchanged.
    Full,
}

//! Problems: everything that went wrong with something declared, as data that can be queried.
//!
//! Owns the shape only. Finding problems is the reader's and the validator's work; keeping them is `catalog`'s.

use serde::{Deserialize, Serialize};

use crate::EntityRef;

/// Something that is wrong with what a source declares, where it is, and what a person can do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind of problem, for filters and alerts.
    pub code: ProblemCode,
    /// Whether something is missing from the catalog because of it.
    pub severity: Severity,
    /// A sentence that a person can act on: lower case, no full stop.
    pub message: String,
    /// The file or address, `file:/path` or `url:https://…`.
    pub location: String,
    /// Which document of a multi-document file, counted from 1.
    pub document: Option<u32>,
    /// Line in the file, counted from 1.
    pub line: Option<u32>,
    /// Column in the line, in characters, counted from 1.
    pub column: Option<u32>,
    /// The field, as a dotted path with brackets for list items: `spec.dependsOn[2]`.
    pub field: Option<String>,
    /// The entity, where it is known which one.
    pub entity_ref: Option<EntityRef>,
}

/// What kind of problem it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProblemCode {
    /// The text is not YAML.
    Syntax,
    /// A field breaks a rule of the entity model.
    InvalidEntity,
    /// The kind is not known and custom kinds are off.
    UnknownKind,
    /// No rule of `catalog.rules` allows this kind from this location.
    KindNotAllowed,
    /// A placeholder (`$text`, `$json`, `$yaml`) could not be filled in.
    Placeholder,
    /// A limit was exceeded: bytes, documents, depth, aliases, files.
    Limit,
    /// The file or address is not there.
    NotFound,
    /// It is there but could not be read.
    Unreadable,
    /// It may not be read: the host is not on the allow-list, the address is private, the type is refused.
    NotAllowed,
    /// A chain of Locations leads back to itself.
    Cycle,
    /// The same entity stands twice in one source.
    Duplicate,
    /// Another source declared this entity first.
    Conflict,
    /// A large removal waits for confirmation.
    RemovalHeld,
    /// A link or annotation has an address that browsers would run.
    UnsafeUrl,
}

impl ProblemCode {
    /// Every code, in the order of the documentation.
    pub const ALL: [Self; 14] = [
        Self::Syntax,
        Self::InvalidEntity,
        Self::UnknownKind,
        Self::KindNotAllowed,
        Self::Placeholder,
        Self::Limit,
        Self::NotFound,
        Self::Unreadable,
        Self::NotAllowed,
        Self::Cycle,
        Self::Duplicate,
        Self::Conflict,
        Self::RemovalHeld,
        Self::UnsafeUrl,
    ];

    /// Returns the stable upper-case name, for example `INVALID_ENTITY`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Syntax => "SYNTAX",
            Self::InvalidEntity => "INVALID_ENTITY",
            Self::UnknownKind => "UNKNOWN_KIND",
            Self::KindNotAllowed => "KIND_NOT_ALLOWED",
            Self::Placeholder => "PLACEHOLDER",
            Self::Limit => "LIMIT",
            Self::NotFound => "NOT_FOUND",
            Self::Unreadable => "UNREADABLE",
            Self::NotAllowed => "NOT_ALLOWED",
            Self::Cycle => "CYCLE",
            Self::Duplicate => "DUPLICATE",
            Self::Conflict => "CONFLICT",
            Self::RemovalHeld => "REMOVAL_HELD",
            Self::UnsafeUrl => "UNSAFE_URL",
        }
    }

    /// Finds the code of that stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == name)
    }
}

/// Whether something is missing from the catalog because of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// The catalog is complete, but somebody should look.
    Warning,
    /// Something declared is not in the catalog, or is there in an older version.
    Error,
}

impl Problem {
    /// Returns a problem of severity [`Severity::Error`] with a location and nothing else known.
    #[must_use]
    pub fn error(code: ProblemCode, location: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            location: location.into(),
            document: None,
            line: None,
            column: None,
            field: None,
            entity_ref: None,
        }
    }

    /// Returns the same problem as a warning.
    #[must_use]
    pub fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Returns the same problem, about that entity.
    #[must_use]
    pub fn about(mut self, entity_ref: EntityRef) -> Self {
        self.entity_ref = Some(entity_ref);
        self
    }
}

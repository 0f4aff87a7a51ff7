//! Fields: what can be filtered, counted and ordered by.
//!
//! Owns the names of fields and their short forms. Reading the values out of a document is `crate::extract`'s work.

use std::{fmt, str::FromStr, sync::Arc};

use callboard_entity_model::RelationType;

use crate::QueryError;

/// The path of a field in the entity document, lower case, dots between its parts: `spec.type`,
/// `metadata.annotations.github.com/project-slug`. Lists are looked through: `spec.steps.action`, and
/// `metadata.tags.java` is `true` for an entity with that tag.
///
/// Short forms: `name`, `namespace`, `title`, `description`, `tag` or `tags`, `type`, `lifecycle`. Beside the
/// document: `owner` and `system` (references), `displayName`, `createdAt`, `updatedAt`, `relations.<type>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FieldPath(pub(crate) Field);

/// What a [`FieldPath`] means, and the fields that only the view itself asks for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Field {
    /// A path in the document, lower case.
    Path(Arc<str>),
    /// The smallest of the values at a path, lower case: what lists are ordered by.
    Smallest(Arc<str>),
    /// Canonical references of the owners.
    Owner,
    /// Canonical references of the systems that it is part of.
    System,
    /// The title, or else the name.
    DisplayName,
    /// RFC 3339 with six digits, so that text order is time order.
    CreatedAt,
    /// As [`Field::CreatedAt`].
    UpdatedAt,
    /// Canonical references of the other ends.
    Relation(RelationType),
    /// The id of the source.
    Source,
    /// The words that full text looks for.
    Words,
}

/// Paths longer than this are refused, as Backstage never indexes them.
const MAX_PATH_CHARS: usize = 200;

/// Short forms and the paths that they stand for.
const SHORT_FORMS: [(&str, &str); 8] = [
    ("name", "metadata.name"),
    ("namespace", "metadata.namespace"),
    ("title", "metadata.title"),
    ("description", "metadata.description"),
    ("tag", "metadata.tags"),
    ("tags", "metadata.tags"),
    ("type", "spec.type"),
    ("lifecycle", "spec.lifecycle"),
];

impl FieldPath {
    /// Reads a path or a short form, in any case.
    ///
    /// # Errors
    /// When it is empty, longer than 200 characters, begins or ends with a dot, or names an unknown relation type.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let fail = |reason| Err(QueryError::InvalidPath { path: text.chars().take(MAX_PATH_CHARS).collect(), reason });
        let lower = text.to_lowercase();
        if lower.is_empty() {
            return fail("it is empty");
        }
        if lower.chars().count() > MAX_PATH_CHARS {
            return fail("it is longer than 200 characters");
        }
        if lower.starts_with('.') || lower.ends_with('.') {
            return fail("it begins or ends with a dot");
        }
        if let Some(name) = lower.strip_prefix("relations.") {
            let relation = RelationType::ALL.into_iter().find(|kind| kind.as_str().eq_ignore_ascii_case(name));
            return match relation {
                Some(relation) => Ok(Self(Field::Relation(relation))),
                None => fail("there is no such relation type"),
            };
        }
        Ok(Self(match lower.as_str() {
            "owner" => Field::Owner,
            "system" => Field::System,
            "displayname" => Field::DisplayName,
            "createdat" => Field::CreatedAt,
            "updatedat" => Field::UpdatedAt,
            other => {
                let long = SHORT_FORMS.iter().find(|(short, _)| *short == other).map_or(other, |(_, long)| long);
                Field::Path(long.into())
            }
        }))
    }

    /// Returns the path of the kind.
    #[must_use]
    pub fn kind() -> Self {
        Self(Field::Path("kind".into()))
    }

    /// Returns the path of the namespace.
    #[must_use]
    pub fn namespace() -> Self {
        Self(Field::Path("metadata.namespace".into()))
    }

    /// Returns the path of the name.
    #[must_use]
    pub fn name() -> Self {
        Self(Field::Path("metadata.name".into()))
    }

    /// Returns the path of `spec.type`.
    #[must_use]
    pub fn spec_type() -> Self {
        Self(Field::Path("spec.type".into()))
    }

    /// Returns the path of `spec.lifecycle`.
    #[must_use]
    pub fn lifecycle() -> Self {
        Self(Field::Path("spec.lifecycle".into()))
    }
}

impl FromStr for FieldPath {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Field {
    /// Returns the field of a path that is known to be well formed and lower case.
    pub(crate) fn path(path: &str) -> Self {
        Self::Path(path.into())
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) | Self::Smallest(path) => f.write_str(path),
            Self::Owner => f.write_str("owner"),
            Self::System => f.write_str("system"),
            Self::DisplayName => f.write_str("displayName"),
            Self::CreatedAt => f.write_str("createdAt"),
            Self::UpdatedAt => f.write_str("updatedAt"),
            Self::Relation(kind) => write!(f, "relations.{}", kind.as_str()),
            Self::Source => f.write_str("source"),
            Self::Words => f.write_str("text"),
        }
    }
}

#[cfg(test)]
mod tests;

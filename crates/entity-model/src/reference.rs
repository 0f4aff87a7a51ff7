//! Entity references: `kind:namespace/name`, the key of everything.
//!
//! Owns parsing, defaults and the canonical form (lower case, namespace always there). Which references a kind may
//! hold, and what they mean, is `crate::relations`' work. Start reading at [`EntityRef::parse_with`].

use std::{
    borrow::{Borrow, Cow},
    fmt,
    hash::Hash,
    str::FromStr,
    sync::Arc,
};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The namespace of an entity that names none.
pub const DEFAULT_NAMESPACE: &str = "default";

/// A canonical reference to an entity, `kind:namespace/name`, all lower case. Cheap to clone; ordered as its text.
///
/// The same three parts in another case are the same entity (Backstage compares references case-insensitively).
#[derive(Clone)]
pub struct EntityRef {
    text: Arc<str>,
    kind_end: u16,
    namespace_end: u16,
}

/// Why a text is not an entity reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntityRefError {
    /// A part is empty, or the text is.
    #[error("entity reference `{text}` is not of the form [<kind>:][<namespace>/]<name>")]
    Malformed {
        /// The text as given.
        text: String,
    },
    /// No kind is given and the context has no default.
    #[error("entity reference `{text}` must start with a kind, for example `component:{text}`")]
    MissingKind {
        /// The text as given.
        text: String,
    },
    /// The canonical form is longer than can be stored.
    #[error("entity reference `{text}` is {length} bytes long, more than {max}", max = EntityRef::MAX_LENGTH)]
    TooLong {
        /// The text as given.
        text: String,
        /// Bytes of the canonical form.
        length: usize,
    },
}

impl EntityRef {
    /// The most bytes that a canonical reference may have: three parts of at most 63 characters, with room to spare.
    pub const MAX_LENGTH: usize = 255;

    /// Builds a reference from its parts; they are lower-cased, and must not be empty.
    ///
    /// # Errors
    /// When a part is empty or the whole is longer than [`EntityRef::MAX_LENGTH`].
    pub fn new(kind: &str, namespace: &str, name: &str) -> Result<Self, EntityRefError> {
        if kind.is_empty() || namespace.is_empty() || name.is_empty() {
            return Err(EntityRefError::Malformed { text: format!("{kind}:{namespace}/{name}") });
        }
        let (kind, namespace, name) = (lowercase(kind), lowercase(namespace), lowercase(name));
        let length = kind.len() + namespace.len() + name.len() + 2;
        let ends = (u16::try_from(kind.len()), u16::try_from(kind.len() + 1 + namespace.len()));
        let (Ok(kind_end), Ok(namespace_end)) = ends else {
            return Err(EntityRefError::TooLong { text: format!("{kind}:{namespace}/{name}"), length });
        };
        if length > Self::MAX_LENGTH {
            return Err(EntityRefError::TooLong { text: format!("{kind}:{namespace}/{name}"), length });
        }
        // Half a million entities with their relations are millions of references: this one allocates once.
        let mut buffer = [0; Self::MAX_LENGTH];
        let mut end = 0;
        for part in [&*kind, ":", &*namespace, "/", &*name] {
            buffer[end..end + part.len()].copy_from_slice(part.as_bytes());
            end += part.len();
        }
        let text = String::from_utf8_lossy(&buffer[..end]);
        Ok(Self { text: Arc::from(&*text), kind_end, namespace_end })
    }

    /// Parses `[kind:][namespace/]name`, filling in what is missing.
    ///
    /// Splits on the first `:` and the first `/`; when `/` comes first, the colon belongs to the name
    /// (Backstage `parseEntityRef`).
    ///
    /// # Errors
    /// When a part is empty, or the kind is missing and `default_kind` is `None`.
    pub fn parse_with(text: &str, default_kind: Option<&str>, default_namespace: &str) -> Result<Self, EntityRefError> {
        let malformed = || EntityRefError::Malformed { text: text.to_owned() };
        let slash = text.find('/');
        let colon = text.find(':').filter(|colon| slash.is_none_or(|slash| *colon < slash));
        let (kind, rest) = match colon {
            Some(at) => (Some(&text[..at]), &text[at + 1..]),
            None => (None, text),
        };
        let (namespace, name) = match rest.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, rest),
        };
        if kind == Some("") || namespace == Some("") || name.is_empty() {
            return Err(malformed());
        }
        let kind = kind.or(default_kind).ok_or_else(|| EntityRefError::MissingKind { text: text.to_owned() })?;
        Self::new(kind, namespace.unwrap_or(default_namespace), name)
    }

    /// Returns the canonical text, `kind:namespace/name`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the canonical text as a shared string.
    #[must_use]
    pub fn to_shared(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// Returns the kind, lower case.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.text[..usize::from(self.kind_end)]
    }

    /// Returns the namespace, lower case.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.text[usize::from(self.kind_end) + 1..usize::from(self.namespace_end)]
    }

    /// Returns the name, lower case.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.text[usize::from(self.namespace_end) + 1..]
    }
}

/// Lower-cases a text, without copying one that is lower case already.
fn lowercase(text: &str) -> Cow<'_, str> {
    let is_lower = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

impl FromStr for EntityRef {
    type Err = EntityRefError;

    /// Parses a reference that names its kind; the namespace may be left out.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse_with(text, None, DEFAULT_NAMESPACE)
    }
}

impl fmt::Display for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for EntityRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

impl PartialEq for EntityRef {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for EntityRef {}

impl PartialOrd for EntityRef {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for EntityRef {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for EntityRef {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl Borrow<str> for EntityRef {
    fn borrow(&self) -> &str {
        &self.text
    }
}

impl Serialize for EntityRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for EntityRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;

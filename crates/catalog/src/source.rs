//! Sources: the locations that the catalog reads.
//!
//! Owns what a source is. What a source declares, and what is wrong with it, stands in `crate::sources_view`.

use callboard_entity_model::LocationSpec;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A location that is read again and again, and owns the entities that it declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The id.
    pub id: Uuid,
    /// Where to read.
    pub location: LocationSpec,
    /// Who declared it.
    pub origin: SourceOrigin,
    /// The rules of this location (`catalog.locations[].rules`), when it has its own.
    pub rules: Option<serde_json::Value>,
    /// When it was declared.
    pub created_at: DateTime<Utc>,
    /// Who declared it.
    pub created_by: String,
    /// When it was last read, whether or not anything had changed.
    pub last_read_at: Option<DateTime<Utc>>,
    /// When it was last read without any file failing.
    pub last_success_at: Option<DateTime<Utc>>,
    /// When it will be read again; known only to the replica that reads it.
    pub next_read_at: Option<DateTime<Utc>>,
    /// Since when the configuration no longer names it, while the removal of its entities waits for confirmation.
    pub removed_at: Option<DateTime<Utc>>,
    /// One more for each reading that changed something: a reading made against an older version is stale.
    pub version: u64,
}

/// Who declared a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceOrigin {
    /// The operator, in the configuration: it may name files and cannot be unregistered.
    Config,
    /// A user.
    Registered,
    /// The operator, by an import from the command line: it may name files, and it may be unregistered.
    Imported,
    /// A user, by bringing back an entity that was deleted: it is not read, holds that one entity, and yields to the
    /// next source that declares it.
    Restored,
}

impl SourceOrigin {
    /// Returns the stable lower-case name that is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Registered => "registered",
            Self::Imported => "imported",
            Self::Restored => "restored",
        }
    }

    /// Returns whether the operator declared it: only then may it lead to files of this machine.
    #[must_use]
    pub fn is_operator(self) -> bool {
        matches!(self, Self::Config | Self::Imported)
    }

    /// Finds the origin of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Config, Self::Registered, Self::Imported, Self::Restored];
        all.into_iter().find(|origin| origin.as_str() == name)
    }
}

/// A location that the configuration names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredLocation {
    /// Where to read.
    pub location: LocationSpec,
    /// The rules of this location, when it has its own.
    pub rules: Option<serde_json::Value>,
}

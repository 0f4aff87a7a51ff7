//! The small objects that entities consist of: keys with values, links, profiles, origin and status.
//!
//! Owns their GraphQL shapes.

use async_graphql::{Enum, SimpleObject};
use callboard_entity_model::Severity;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::schema::{location::RegisteredLocation, problem::ProblemObject, scalars::UrlScalar};

/// A label or an annotation.
#[derive(Debug, SimpleObject)]
pub(crate) struct KeyValue {
    /// The key, for example `backstage.io/techdocs-ref`.
    pub(crate) key: String,
    /// The value.
    pub(crate) value: String,
}

/// A link that an entity shows to people.
#[derive(Debug, SimpleObject)]
pub(crate) struct EntityLink {
    /// Where it leads.
    pub(crate) url: UrlScalar,
    /// What to show instead of the address.
    pub(crate) title: Option<String>,
    /// The name of an icon.
    pub(crate) icon: Option<String>,
    /// What kind of link, an open vocabulary.
    #[graphql(name = "type")]
    pub(crate) kind: Option<String>,
}

/// How a group or a user is shown to people.
#[derive(Debug, Deserialize, SimpleObject)]
pub(crate) struct Profile {
    /// The name to show.
    #[serde(rename = "displayName")]
    pub(crate) display_name: Option<String>,
    /// The e-mail address.
    pub(crate) email: Option<String>,
    /// The address of a picture.
    pub(crate) picture: Option<String>,
}

/// Where an entity comes from.
#[derive(Debug, SimpleObject)]
pub(crate) struct EntityOrigin {
    /// The registered location that led to it; null when that is not known any more.
    pub(crate) location: Option<RegisteredLocation>,
    /// The file or address that declares it: `file:/path` or `url:https://…`; `restored:` and its reference when it was
    /// brought back.
    pub(crate) target: String,
    /// Where people can look at that file; null when it has no address.
    pub(crate) source_url: Option<UrlScalar>,
    /// Whether it comes from the configuration, so that it can't be unregistered here.
    pub(crate) is_read_only: bool,
}

/// What another file declares of an entity that is taken already.
#[derive(Debug, SimpleObject)]
pub(crate) struct EntityClaim {
    /// The registered location that led to it; null when that is not known any more.
    pub(crate) location: Option<RegisteredLocation>,
    /// The file or address that declares it: `file:/path` or `url:https://…`; `restored:` and its reference when it was
    /// brought back.
    pub(crate) target: String,
    /// When it was seen first.
    pub(crate) since: DateTime<Utc>,
}

/// Whether something is well.
#[derive(Debug, SimpleObject)]
pub(crate) struct Status {
    /// The worst of the problems; `OK` when there are none.
    pub(crate) level: StatusLevel,
    /// What is wrong, worst first; at most 100 problems. `problems` of the query has them all.
    pub(crate) problems: Vec<ProblemObject>,
    /// When its source was read last; null when never.
    pub(crate) last_read_at: Option<DateTime<Utc>>,
    /// When its source will be read next; null when that is not planned.
    pub(crate) next_read_at: Option<DateTime<Utc>>,
}

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Enum)]
pub(crate) enum StatusLevel {
    /// Nothing is wrong.
    Ok,
    /// The catalog is complete, but somebody should look.
    Warning,
    /// Something declared is not in the catalog, or is there in an older version.
    Error,
}

impl From<Severity> for StatusLevel {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Warning => Self::Warning,
            Severity::Error => Self::Error,
        }
    }
}

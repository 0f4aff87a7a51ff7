//! Times as both databases keep them: whole microseconds since the Unix epoch.
//!
//! Owns the conversion. A number instead of a text or a `timestamptz` because both databases then give back exactly
//! what was put in, and because reading half a million of them at start must not take seconds.

use chrono::{DateTime, Utc};
use sea_orm::DeriveValueType;

/// A point in time, in microseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct Timestamp(pub i64);

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_micros())
    }
}

impl From<Timestamp> for DateTime<Utc> {
    fn from(at: Timestamp) -> Self {
        Self::from_timestamp_micros(at.0).unwrap_or(Self::UNIX_EPOCH)
    }
}

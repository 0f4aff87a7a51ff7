//! The settings of the catalog.
//!
//! Owns what can be chosen; reading it from a file is `config`'s work.

use std::time::Duration;

/// What an installation may choose.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogSettings {
    /// How long after a reading a source is read again.
    pub refresh_interval: Duration,
    /// How often the log is looked at for changes made by other replicas.
    pub poll_interval: Duration,
    /// How many sources are read at the same time.
    pub concurrent_reads: usize,
    /// When a removal waits for confirmation.
    pub removal_guard: RemovalGuard,
    /// How many recent changes stay in memory for subscribers; older ones come from the database.
    pub recent_changes: usize,
    /// How long changes are kept: so far back can be looked, and cursors stay good; `None` is for ever.
    pub history_retention: Option<Duration>,
    /// The location types that users may register.
    pub registrable_types: Vec<String>,
    /// Whether users can neither register nor unregister locations; a dry run is always possible.
    pub is_readonly: bool,
}

/// When the removal of many entities at once waits for somebody to confirm it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RemovalGuard {
    /// More than this share of a source's entities, from 0 to 1; 1 or more switches the guard off.
    pub share: f64,
    /// More than this many entities: small sources may change as they like.
    pub more_than: usize,
}

impl RemovalGuard {
    /// Returns whether removing `removed` of `total` entities has to wait.
    #[must_use]
    pub fn holds(self, removed: usize, total: usize) -> bool {
        #[allow(clippy::cast_precision_loss, reason = "counts of entities are far below 2^52")]
        let exceeds_share = removed as f64 > self.share * total as f64;
        removed > self.more_than && exceeds_share
    }
}

impl Default for RemovalGuard {
    fn default() -> Self {
        Self { share: 0.5, more_than: 10 }
    }
}

impl Default for CatalogSettings {
    fn default() -> Self {
        Self {
            refresh_interval: Duration::from_secs(120),
            poll_interval: Duration::from_secs(1),
            concurrent_reads: 4,
            removal_guard: RemovalGuard::default(),
            recent_changes: 4_096,
            history_retention: Some(Duration::from_secs(90 * 24 * 3600)),
            registrable_types: vec!["url".to_owned()],
            is_readonly: false,
        }
    }
}

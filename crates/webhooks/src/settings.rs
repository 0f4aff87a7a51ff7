//! What an installation may choose about webhooks, and what the gateway tells us about its clients' language.
//!
//! Owns the numbers and their defaults; reading them from a configuration file is `config`'s work.

use std::time::Duration;

use callboard_net_guard::{Lookup, system_lookup};
use callboard_view::Filter;

/// The limits and choices of webhooks.
#[derive(Clone)]
pub struct WebhookSettings {
    /// What stands as `source` in every event: the address of this installation, or another URI.
    pub source: String,
    /// Whether targets may have loopback, private and link-local addresses.
    pub allows_private_targets: bool,
    /// Hosts, `name` or `name:port`, that may have such addresses anyway.
    pub allowed_hosts: Vec<String>,
    /// How long one attempt may take, from resolving the name to the end of the answer.
    pub timeout: Duration,
    /// The most subscriptions.
    pub max_subscriptions: u64,
    /// The most attempts made at the same time by one replica.
    pub concurrency: usize,
    /// How long to wait after the first failure; each further one doubles it.
    pub first_backoff: Duration,
    /// The longest wait between two attempts, unless the receiver asks for a longer one.
    pub max_backoff: Duration,
    /// The longest wait that a receiver may ask for with `Retry-After`.
    pub max_retry_after: Duration,
    /// How many attempts are remembered for each subscription.
    pub deliveries_kept: u64,
    /// How long a replica may deliver for a subscription without renewing its claim; at least [`Self::timeout`] and three
    /// times [`Self::tick`] are taken.
    pub lease: Duration,
    /// How often claims are renewed and the table is looked at for what other replicas changed.
    pub tick: Duration,
    /// How long deliveries are also signed with the secret before the last rotation.
    pub rotation_overlap: Duration,
    /// Asks for the addresses of a name.
    pub lookup: Lookup,
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self {
            source: "urn:callboard:catalog".to_owned(),
            allows_private_targets: false,
            allowed_hosts: Vec::new(),
            timeout: Duration::from_secs(10),
            max_subscriptions: 1_000,
            concurrency: 16,
            first_backoff: Duration::from_secs(1),
            max_backoff: Duration::from_secs(3_600),
            max_retry_after: Duration::from_secs(24 * 3_600),
            deliveries_kept: 100,
            lease: Duration::from_secs(15),
            tick: Duration::from_secs(3),
            rotation_overlap: Duration::from_secs(24 * 3_600),
            lookup: system_lookup(),
        }
    }
}

impl std::fmt::Debug for WebhookSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookSettings")
            .field("allows_private_targets", &self.allows_private_targets)
            .field("allowed_hosts", &self.allowed_hosts)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// How the clients of the gateway write what webhooks only keep.
#[derive(Debug, Clone, Copy)]
pub struct Dialect {
    /// Reads a filter that a client wrote as JSON; on failure, says why.
    pub parse_filter: fn(&str) -> Result<Filter, String>,
}

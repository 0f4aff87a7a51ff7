//! `callboard`: what Backstage has no key for.
//!
//! Owns the shapes; bounds and defaults stand in `crate::keys`.

use std::{num::NonZeroU32, path::PathBuf, time::Duration};

use crate::{error::Mistake, load::Files, secret::Secret, tree::Setting};

/// `callboard`.
#[derive(Debug, Clone, PartialEq)]
pub struct CallboardSettings {
    /// The folder for the embedded database and the example organisation.
    pub data_directory: PathBuf,
    /// How long running requests may take to finish after SIGTERM.
    pub shutdown_timeout: Duration,
    /// A Redis that replicas share.
    pub redis: Option<Secret>,
    /// The most connections to PostgreSQL.
    pub max_connections: usize,
    /// Whether entities of kinds that are not built in are kept.
    pub keeps_custom_kinds: bool,
    /// Whether `file` locations are watched.
    pub watches_files: bool,
    /// When a removal waits for confirmation.
    pub removal_guard: RemovalGuardSettings,
    /// How sources are read.
    pub reading: ReadingSettings,
    /// How long changes are kept; for ever when there is none.
    pub history_retention: Option<Duration>,
    /// The limits of the GraphQL API.
    pub graphql: GraphqlSettings,
    /// How other systems are told of changes.
    pub webhooks: WebhookSettings,
    /// The bounds of the export.
    pub export: ExportSettings,
}

/// When a removal waits for confirmation: when it exceeds both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RemovalGuardSettings {
    /// A share of the location's entities, 0 to 1.
    pub share: f64,
    /// A number of entities.
    pub minimum: usize,
}

/// How sources are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingSettings {
    /// The limits of a file.
    pub limits: EntityLimits,
    /// The most files of one location.
    pub max_files: usize,
    /// The longest chain of Location entities.
    pub max_location_depth: usize,
    /// How long one address may take.
    pub url_timeout: Duration,
    /// How many addresses are read at once.
    pub url_concurrency: usize,
    /// Whether placeholders may name files beside a `file` location.
    pub allows_file_placeholders: bool,
    /// Hosts that may resolve to private addresses.
    pub private_hosts: Vec<String>,
}

/// The limits of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntityLimits {
    /// Bytes.
    pub max_file_bytes: u64,
    /// Documents.
    pub max_documents: usize,
    /// Nesting of a document.
    pub max_depth: usize,
    /// Values of a document.
    pub max_nodes: usize,
}

/// The limits of the GraphQL API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphqlSettings {
    /// Whether the query editor is served.
    pub has_graphiql: bool,
    /// Whether the server can be a subgraph of a federation.
    pub federation: bool,
    /// The page size of a query that names none.
    pub default_page_size: usize,
    /// The largest page size.
    pub max_page_size: usize,
    /// The deepest nesting of a query.
    pub max_depth: usize,
    /// The most nodes that an answer could have.
    pub max_nodes: usize,
    /// The most tokens of a document.
    pub max_tokens: usize,
    /// How often a client may ask.
    pub rate_limit: RateLimitSettings,
    /// Bytes of a request body.
    pub max_body_bytes: u64,
    /// The most WebSockets and event streams open at the same time.
    pub max_streams: usize,
    /// Whether a query may ask for the schema.
    pub allows_introspection: bool,
    /// A folder of approved documents.
    pub trusted_documents: Option<PathBuf>,
    /// Whether nothing else is executed.
    pub is_trusted_only: bool,
    /// Bytes of documents that are remembered.
    pub document_cache_bytes: u64,
    /// Bytes of answers that are kept; 0 keeps none.
    pub answer_cache_bytes: u64,
    /// How long a request may wait for the revision that it asks for.
    pub revision_wait: Duration,
    /// How long one request may take.
    pub timeout: Duration,
}

/// How other systems are told of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookSettings {
    /// Whether targets may have addresses that are not public.
    pub allows_private_targets: bool,
    /// Hosts that may have such addresses.
    pub allowed_hosts: Vec<String>,
    /// How long one attempt may take.
    pub timeout: Duration,
    /// The most webhooks.
    pub max_subscriptions: usize,
    /// How many attempts a replica makes at once.
    pub concurrency: usize,
    /// The longest wait between two attempts.
    pub max_backoff: Duration,
    /// How many attempts are remembered for each webhook.
    pub deliveries_kept: usize,
}

/// The bounds of the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportSettings {
    /// The most readers at the same time.
    pub max_readers: usize,
    /// How long a reader may take nothing.
    pub stall_timeout: Duration,
}

/// How often a client may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimitSettings {
    /// Requests per period; as many as it likes when absent.
    pub requests: Option<NonZeroU32>,
    /// The period.
    pub per: Duration,
}

impl CallboardSettings {
    pub(super) fn from_tree(setting: Setting<'_>, files: &Files, mistakes: &mut Vec<Mistake>) -> Self {
        Self {
            data_directory: PathBuf::from(setting.key("dataDirectory").text()),
            shutdown_timeout: setting.key("shutdownTimeout").duration(),
            redis: setting.key("redis").secret(),
            max_connections: setting.key("database.maxConnections").count(),
            keeps_custom_kinds: setting.key("catalog.customKinds").flag(),
            watches_files: setting.key("catalog.watch").flag(),
            removal_guard: RemovalGuardSettings {
                share: setting.key("catalog.removalGuard.share").number(),
                minimum: setting.key("catalog.removalGuard.minimum").count(),
            },
            reading: ReadingSettings::from_tree(setting.key("reading")),
            history_retention: setting.key("history.retention").find_duration(),
            graphql: GraphqlSettings::from_tree(setting.key("graphql"), files, mistakes),
            webhooks: WebhookSettings::from_tree(setting.key("webhooks")),
            export: ExportSettings {
                max_readers: setting.key("export.maxReaders").count(),
                stall_timeout: setting.key("export.stallTimeout").duration(),
            },
        }
    }
}

impl ReadingSettings {
    fn from_tree(setting: Setting<'_>) -> Self {
        Self {
            limits: EntityLimits {
                max_file_bytes: setting.key("maxFileBytes").bytes(),
                max_documents: setting.key("maxDocuments").count(),
                max_depth: setting.key("maxDepth").count(),
                max_nodes: setting.key("maxNodes").count(),
            },
            max_files: setting.key("maxFiles").count(),
            max_location_depth: setting.key("maxLocationDepth").count(),
            url_timeout: setting.key("urlTimeout").duration(),
            url_concurrency: setting.key("urlConcurrency").count(),
            allows_file_placeholders: setting.key("filePlaceholders").flag(),
            private_hosts: setting.key("allowPrivateAddresses").texts(),
        }
    }
}

impl WebhookSettings {
    fn from_tree(setting: Setting<'_>) -> Self {
        Self {
            allows_private_targets: setting.key("allowPrivateTargets").flag(),
            allowed_hosts: setting.key("allowedHosts").texts(),
            timeout: setting.key("timeout").duration(),
            max_subscriptions: setting.key("maxSubscriptions").count(),
            concurrency: setting.key("concurrency").count(),
            max_backoff: setting.key("maxBackoff").duration(),
            deliveries_kept: setting.key("deliveriesKept").count(),
        }
    }
}

impl RateLimitSettings {
    fn from_tree(setting: Setting<'_>) -> Self {
        // Not set reads as zero, which the table of keys does not allow to be set.
        let requests = u32::try_from(setting.key("requests").count()).ok().and_then(NonZeroU32::new);
        Self { requests, per: setting.key("per").duration() }
    }
}

impl GraphqlSettings {
    fn from_tree(setting: Setting<'_>, files: &Files, mistakes: &mut Vec<Mistake>) -> Self {
        let settings = Self {
            has_graphiql: setting.key("graphiql").flag(),
            federation: setting.key("federation").flag(),
            default_page_size: setting.key("defaultPageSize").count(),
            max_page_size: setting.key("maxPageSize").count(),
            max_depth: setting.key("maxDepth").count(),
            max_nodes: setting.key("maxNodes").count(),
            max_tokens: setting.key("maxTokens").count(),
            rate_limit: RateLimitSettings::from_tree(setting.key("rateLimit")),
            max_body_bytes: setting.key("maxBodyBytes").bytes(),
            max_streams: setting.key("maxStreams").count(),
            allows_introspection: setting.key("introspection").flag(),
            trusted_documents: setting.key("trustedDocuments").find_text().map(PathBuf::from),
            is_trusted_only: setting.key("trustedDocumentsOnly").flag(),
            document_cache_bytes: setting.key("documentCache").bytes(),
            answer_cache_bytes: setting.key("answerCache").bytes(),
            revision_wait: setting.key("revisionWait").duration(),
            timeout: setting.key("timeout").duration(),
        };
        // A maximum of 0 is one that could not be read, which has its own complaint.
        if settings.max_page_size > 0
            && settings.default_page_size > settings.max_page_size
            && let Some(node) = setting.key("defaultPageSize").0
        {
            mistakes.push(Mistake::Contradiction {
                place: files.place(node, "callboard.graphql.defaultPageSize"),
                other: "callboard.graphql.maxPageSize",
                reason: "the usual page is larger than the largest",
            });
        }
        if settings.is_trusted_only
            && settings.trusted_documents.is_none()
            && let Some(node) = setting.key("trustedDocumentsOnly").0
        {
            mistakes.push(Mistake::Contradiction {
                place: files.place(node, "callboard.graphql.trustedDocumentsOnly"),
                other: "callboard.graphql.trustedDocuments",
                reason: "without a folder of approved documents nothing could be asked",
            });
        }
        settings
    }
}

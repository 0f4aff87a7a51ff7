//! What joins crates that do not know each other: settings to settings, and the reader to the catalog.
//!
//! Owns the translations and nothing else: no rule, no default. Start reading at [`ReaderAdapter`].

mod reader;
mod rules;

use std::{sync::Arc, time::Duration};

use callboard_catalog::{CatalogSettings, ConfiguredLocation, RemovalGuard};
use callboard_config::{DatabaseSettings, LocationSetting, Settings};
use callboard_db::DatabaseTarget;
use callboard_discovery::{AllowedHost, GithubIntegration, GitlabIntegration, ReadLimits, ReaderSettings, Token};
use callboard_entity_model::{LocationSpec, ModelPolicy, Presence};
use callboard_gateway::{
    ClientLimit, CostLimits, DocumentSettings, GatewaySettings, TextLimits, TrustedDocuments, TrustedError,
};
use callboard_rate_limit::{RateLimit, RateLimiter, SharedError};
use callboard_webhooks::WebhookSettings;

pub(crate) use reader::ReaderAdapter;

use crate::paths::absolute_target;

/// A schedule that never comes round: long enough for every server, short enough to add to a date.
const NEVER: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// Returns the settings of reading.
pub(crate) fn reader_settings(settings: &Settings) -> ReaderSettings {
    let reading = &settings.callboard.reading;
    let token = |secret: &Option<callboard_config::Secret>| secret.as_ref().map(|secret| Token::new(secret.expose()));
    let address = |url: &Option<url::Url>| url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
    ReaderSettings {
        policy: ModelPolicy { allows_custom_kinds: settings.callboard.keeps_custom_kinds },
        rules: settings.catalog.rules.as_ref().map(|rules| rules.iter().map(rules::rule).collect()),
        limits: ReadLimits {
            max_file_bytes: reading.limits.max_file_bytes,
            max_documents: reading.limits.max_documents,
            max_depth: reading.limits.max_depth,
            max_nodes: reading.limits.max_nodes,
            max_files: reading.max_files,
            max_location_depth: reading.max_location_depth,
            url_timeout: reading.url_timeout,
            url_concurrency: reading.url_concurrency,
            ..ReadLimits::default()
        },
        allow: settings
            .backend
            .allowed_hosts
            .iter()
            .map(|allowed| AllowedHost { host: allowed.host.clone(), paths: allowed.paths.clone() })
            .collect(),
        private_hosts: reading.private_hosts.clone(),
        github: settings
            .integrations
            .github
            .iter()
            .map(|github| GithubIntegration {
                host: github.host.clone(),
                api_base_url: address(&github.api_base_url),
                raw_base_url: address(&github.raw_base_url),
                token: token(&github.token),
            })
            .collect(),
        gitlab: settings
            .integrations
            .gitlab
            .iter()
            .map(|gitlab| GitlabIntegration {
                host: gitlab.host.clone(),
                api_base_url: address(&gitlab.api_base_url),
                base_url: address(&gitlab.base_url),
                token: token(&gitlab.token),
            })
            .collect(),
        allows_file_placeholders: reading.allows_file_placeholders,
    }
}

/// Returns the settings of the catalog.
pub(crate) fn catalog_settings(settings: &Settings) -> CatalogSettings {
    let guard = settings.callboard.removal_guard;
    CatalogSettings {
        refresh_interval: settings.catalog.processing_interval.unwrap_or(NEVER),
        removal_guard: RemovalGuard { share: guard.share, more_than: guard.minimum },
        is_readonly: settings.catalog.is_readonly,
        history_retention: settings.callboard.history_retention,
        ..CatalogSettings::default()
    }
}

/// Returns the settings of the gateway, and reads the approved documents.
///
/// # Errors
/// When these can't be read.
pub(crate) fn gateway_settings(settings: &Settings) -> Result<GatewaySettings, TrustedError> {
    let graphql = &settings.callboard.graphql;
    let own_origin = settings.backend.base_url.as_ref().map(|url| url.origin().ascii_serialization());
    let trusted = graphql.trusted_documents.as_deref().map(TrustedDocuments::read).transpose()?;
    Ok(GatewaySettings {
        default_page_size: graphql.default_page_size,
        max_page_size: graphql.max_page_size,
        max_body_bytes: usize::try_from(graphql.max_body_bytes).unwrap_or(usize::MAX),
        request_timeout: graphql.timeout,
        max_streams: graphql.max_streams,
        documents: DocumentSettings {
            text: TextLimits {
                max_tokens: graphql.max_tokens,
                max_depth: graphql.max_depth,
                max_work: 4 * graphql.max_tokens as u64,
                ..TextLimits::default()
            },
            cost: CostLimits {
                max_nodes: graphql.max_nodes as u64,
                max_depth: graphql.max_depth,
                default_page_size: graphql.default_page_size as u64,
            },
            allows_introspection: graphql.allows_introspection,
            trusted,
            is_trusted_only: graphql.is_trusted_only,
            max_stored_bytes: graphql.document_cache_bytes,
            ..DocumentSettings::default()
        },
        answer_cache_bytes: graphql.answer_cache_bytes,
        revision_wait: graphql.revision_wait,
        has_graphiql: graphql.has_graphiql,
        federation: graphql.federation,
        max_exports: settings.callboard.export.max_readers,
        export_stall_timeout: settings.callboard.export.stall_timeout,
        allowed_origins: settings.backend.allowed_origins.iter().cloned().chain(own_origin).collect(),
        ..GatewaySettings::default()
    })
}

/// Returns the settings of webhooks.
pub(crate) fn webhook_settings(settings: &Settings) -> WebhookSettings {
    let webhooks = &settings.callboard.webhooks;
    let usual = WebhookSettings::default();
    WebhookSettings {
        source: settings.backend.base_url.as_ref().map_or(usual.source, |url| url.as_str().to_owned()),
        allows_private_targets: webhooks.allows_private_targets,
        allowed_hosts: webhooks.allowed_hosts.clone(),
        timeout: webhooks.timeout,
        max_subscriptions: webhooks.max_subscriptions as u64,
        concurrency: webhooks.concurrency,
        max_backoff: webhooks.max_backoff,
        deliveries_kept: webhooks.deliveries_kept as u64,
        ..WebhookSettings::default()
    }
}

/// Returns how often a client may ask; nothing when it is not bounded.
///
/// # Errors
/// When the address of Redis is none.
pub(crate) fn client_limit(settings: &Settings) -> Result<Option<ClientLimit>, SharedError> {
    let limit = settings.callboard.graphql.rate_limit;
    let Some(units) = limit.requests else { return Ok(None) };
    let limit = RateLimit { units, per: limit.per };
    let limiter = match &settings.callboard.redis {
        Some(address) => RateLimiter::shared(limit, address.expose())?,
        None => RateLimiter::local(limit),
    };
    Ok(Some(ClientLimit { limiter: Arc::new(limiter), trusts_proxy: settings.backend.trusts_proxy }))
}

/// Returns which database to open.
pub(crate) fn database_target(settings: &Settings) -> DatabaseTarget {
    match &settings.backend.database {
        DatabaseSettings::SqliteMemory => DatabaseTarget::SqliteMemory,
        DatabaseSettings::SqliteFile(path) => DatabaseTarget::SqliteFile(path.clone()),
        DatabaseSettings::Postgres(address) => DatabaseTarget::Postgres {
            url: address.expose().to_owned(),
            max_connections: u32::try_from(settings.callboard.max_connections).unwrap_or(u32::MAX),
        },
    }
}

/// Returns the configured locations, file targets made absolute.
pub(crate) fn configured_locations(settings: &Settings) -> Vec<ConfiguredLocation> {
    settings.catalog.locations.iter().map(configured_location).collect()
}

fn configured_location(setting: &LocationSetting) -> ConfiguredLocation {
    let target = match setting.kind.as_str() {
        "file" => absolute_target(&setting.target),
        _ => setting.target.clone(),
    };
    let presence = if setting.is_required { Presence::Required } else { Presence::Optional };
    ConfiguredLocation {
        location: LocationSpec { kind: setting.kind.clone(), target, presence },
        rules: setting.rules.as_ref().map(|own| rules::to_stored(own.iter().flat_map(|rule| &rule.allow))),
    }
}

#[cfg(test)]
mod tests;

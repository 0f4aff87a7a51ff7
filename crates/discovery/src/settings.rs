//! The settings of reading: limits, allowed hosts, integrations, rules.
//!
//! Owns the shapes and defaults. Where they are written (`app-config.yaml`) is `config`'s work; enforcing them is
//! `crate::guard`'s, `crate::rules`' and the readers'.

use std::{fmt, time::Duration};

use callboard_entity_model::ModelPolicy;

use crate::Rule;

/// Everything that an installation may choose about reading.
#[derive(Debug, Clone)]
pub struct ReaderSettings {
    /// The choices of the entity model.
    pub policy: ModelPolicy,
    /// `catalog.rules`; `None` where the key is missing, which allows Component, API and Location.
    pub rules: Option<Vec<Rule>>,
    /// The limits.
    pub limits: ReadLimits,
    /// Hosts that may be read (`backend.reading.allow`).
    pub allow: Vec<AllowedHost>,
    /// Hosts, `name` or `name:port`, that may have loopback, private or link-local addresses. They must be allowed
    /// as well.
    pub private_hosts: Vec<String>,
    /// GitHub installations; their hosts may be read.
    pub github: Vec<GithubIntegration>,
    /// GitLab installations; their hosts may be read.
    pub gitlab: Vec<GitlabIntegration>,
    /// Whether `$text`, `$json` and `$yaml` in a file may take in other files below the source's own folder. Off as
    /// in Backstage, which refuses them for files.
    pub allows_file_placeholders: bool,
}

impl Default for ReaderSettings {
    /// No host, the default rules, the default limits.
    fn default() -> Self {
        Self {
            policy: ModelPolicy::default(),
            rules: None,
            limits: ReadLimits::default(),
            allow: Vec::new(),
            private_hosts: Vec::new(),
            github: Vec::new(),
            gitlab: Vec::new(),
            allows_file_placeholders: false,
        }
    }
}

/// How much one reading may take in. What exceeds a limit is refused with a problem that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadLimits {
    /// Bytes of one file, fetched or local, after decompression.
    pub max_file_bytes: u64,
    /// Documents of one file.
    pub max_documents: usize,
    /// Nesting of one document.
    pub max_depth: usize,
    /// Values in one document after aliases are expanded.
    pub max_nodes: usize,
    /// Files of one source.
    pub max_files: usize,
    /// Steps from the source to a file through Location entities.
    pub max_location_depth: usize,
    /// Placeholders in one entity.
    pub max_placeholders: usize,
    /// Problems reported for one file; the rest is counted.
    pub max_problems_per_file: usize,
    /// Redirects that one fetch may follow.
    pub max_redirects: usize,
    /// Time for one fetch, redirects and body included.
    pub url_timeout: Duration,
    /// Addresses fetched at the same time.
    pub url_concurrency: usize,
    /// Files parsed at the same time; 0 means one per core.
    pub file_concurrency: usize,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self {
            max_file_bytes: 8 << 20,
            max_documents: 20_000,
            max_depth: 64,
            max_nodes: 1_000_000,
            max_files: 50_000,
            max_location_depth: 32,
            max_placeholders: 100,
            max_problems_per_file: 1_000,
            max_redirects: 5,
            url_timeout: Duration::from_secs(10),
            url_concurrency: 8,
            file_concurrency: 0,
        }
    }
}

/// A host that may be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost {
    /// `example.com`, `example.com:8443` or `*.example.com`; without a port only the scheme's own port is meant.
    pub host: String,
    /// Path prefixes that may be read; empty means all.
    pub paths: Vec<String>,
}

/// A GitHub installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GithubIntegration {
    /// The host of the pages, for example `github.com`.
    pub host: String,
    /// The address of the REST API; `None` means `https://api.github.com`, or `https://<host>/api/v3` elsewhere.
    pub api_base_url: Option<String>,
    /// The address of raw files; `None` means `https://raw.githubusercontent.com`, or `https://<host>/raw` elsewhere.
    pub raw_base_url: Option<String>,
    /// The token; with one, files are read through the API.
    pub token: Option<Token>,
}

/// A GitLab installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitlabIntegration {
    /// The host of the pages, for example `gitlab.com`.
    pub host: String,
    /// The address of the REST API; `None` means `https://<host>/api/v4`.
    pub api_base_url: Option<String>,
    /// The address of the pages, where it has a path; `None` means `https://<host>`.
    pub base_url: Option<String>,
    /// The token.
    pub token: Option<Token>,
}

/// A secret that is sent to its own host and shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Wraps a secret.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// Returns the secret, for a request header.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl GithubIntegration {
    /// Returns the integration of that host with the usual addresses.
    #[must_use]
    pub fn new(host: impl Into<String>, token: Option<Token>) -> Self {
        Self { host: host.into(), api_base_url: None, raw_base_url: None, token }
    }
}

impl GitlabIntegration {
    /// Returns the integration of that host with the usual addresses.
    #[must_use]
    pub fn new(host: impl Into<String>, token: Option<Token>) -> Self {
        Self { host: host.into(), api_base_url: None, base_url: None, token }
    }
}

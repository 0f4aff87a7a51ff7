//! The settings, typed.
//!
//! Owns the shapes that the binary hands on to each crate, and reading them out of a checked tree. Defaults stand in
//! `crate::keys`, forms in `crate::shape`. Start reading at [`Settings`].

mod backend;
mod catalog;
mod own;

use url::Url;

pub use backend::{AllowedHost, BackendSettings, DatabaseSettings, ListenAddress};
pub use catalog::{CatalogSettings, KindRule, LocationPattern, LocationRule, LocationSetting, Rule};
pub use own::{
    CallboardSettings, EntityLimits, ExportSettings, GraphqlSettings, RateLimitSettings, ReadingSettings,
    RemovalGuardSettings, WebhookSettings,
};

use crate::{error::Mistake, load::Files, secret::Secret, tree::Setting};

/// Everything that can be configured.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// `backend`.
    pub backend: BackendSettings,
    /// `catalog`.
    pub catalog: CatalogSettings,
    /// `integrations`.
    pub integrations: IntegrationSettings,
    /// `callboard`.
    pub callboard: CallboardSettings,
}

/// `integrations`: the code hosts that are known. `github.com` and `gitlab.com` are always among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntegrationSettings {
    /// GitHub installations.
    pub github: Vec<GithubIntegration>,
    /// GitLab installations.
    pub gitlab: Vec<GitlabIntegration>,
}

/// A GitHub installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GithubIntegration {
    /// The host of its pages.
    pub host: String,
    /// Its REST API, where it is not the usual address for the host.
    pub api_base_url: Option<Url>,
    /// Where it serves raw files, where it is not the usual address for the host.
    pub raw_base_url: Option<Url>,
    /// The token for its API.
    pub token: Option<Secret>,
}

/// A GitLab installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitlabIntegration {
    /// The host of its pages.
    pub host: String,
    /// Its REST API, where it is not the usual address for the host.
    pub api_base_url: Option<Url>,
    /// Its pages, where they are not at the root of the host.
    pub base_url: Option<Url>,
    /// The token for its API.
    pub token: Option<Secret>,
}

impl Settings {
    /// Reads a tree whose values have their shapes, and adds what is wrong between them to `mistakes`.
    pub(crate) fn from_tree(root: Setting<'_>, files: &Files, mistakes: &mut Vec<Mistake>) -> Self {
        let callboard = CallboardSettings::from_tree(root.key("callboard"), files, mistakes);
        Self {
            backend: BackendSettings::from_tree(root.key("backend"), &callboard.data_directory, files, mistakes),
            catalog: CatalogSettings::from_tree(root.key("catalog")),
            integrations: IntegrationSettings::from_tree(root.key("integrations")),
            callboard,
        }
    }
}

impl IntegrationSettings {
    fn from_tree(setting: Setting<'_>) -> Self {
        let mut github: Vec<_> = setting
            .key("github")
            .items()
            .into_iter()
            .map(|item| GithubIntegration {
                host: item.key("host").text().to_lowercase(),
                api_base_url: item.key("apiBaseUrl").find_url(),
                raw_base_url: item.key("rawBaseUrl").find_url(),
                token: item.key("token").secret(),
            })
            .collect();
        if !github.iter().any(|known| known.host == "github.com") {
            let host = "github.com".to_owned();
            github.push(GithubIntegration { host, api_base_url: None, raw_base_url: None, token: None });
        }
        let mut gitlab: Vec<_> = setting
            .key("gitlab")
            .items()
            .into_iter()
            .map(|item| GitlabIntegration {
                host: item.key("host").text().to_lowercase(),
                api_base_url: item.key("apiBaseUrl").find_url(),
                base_url: item.key("baseUrl").find_url(),
                token: item.key("token").secret(),
            })
            .collect();
        if !gitlab.iter().any(|known| known.host == "gitlab.com") {
            let host = "gitlab.com".to_owned();
            gitlab.push(GitlabIntegration { host, api_base_url: None, base_url: None, token: None });
        }
        Self { github, gitlab }
    }
}

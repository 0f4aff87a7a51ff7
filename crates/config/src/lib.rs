//! Reads `app-config.yaml` into typed settings: Backstage's own keys, and ours under `callboard`.
//!
//! Owns the keys (one table, [`KEYS`], which also drives `docs/configuration.md`), the layering of several files,
//! the substitutions (`${VARIABLE}`, `$env`, `$file`, `$include`) and every complaint about a wrong value. It does not
//! read the environment (the binary hands it in) and does not know the crates whose settings it holds. Start reading
//! at [`load`].

mod bytes;
mod check;
mod duration;
mod error;
mod keys;
mod load;
mod secret;
mod settings;
mod shape;
mod substitute;
mod suggestion;
mod tree;

pub use bytes::{format_bytes, parse_bytes};
pub use duration::{format_duration, parse_duration};
pub use error::{ConfigError, Mistake, Place};
pub use keys::{KEYS, KeyDefault, KeyDefinition};
pub use load::{ConfigSource, Environment, Loaded, UnsetVariable, UnusedKey, load};
pub use secret::Secret;
pub use settings::{
    AllowedHost, BackendSettings, CallboardSettings, CatalogSettings, DatabaseSettings, EntityLimits, ExportSettings,
    GithubIntegration, GitlabIntegration, GraphqlSettings, IntegrationSettings, KindRule, ListenAddress,
    LocationPattern, LocationRule, LocationSetting, RateLimitSettings, ReadingSettings, RemovalGuardSettings, Rule,
    Settings, WebhookSettings,
};
pub use shape::Shape;

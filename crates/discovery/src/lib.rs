//! Reads entities from where they are declared: files and URLs.
//!
//! Owns fetching, the guard around fetching, following Location entities, placeholders, `catalog.rules`, and turning
//! every failure into a [`callboard_entity_model::Problem`]. It does not know the database: what changed since the
//! last reading is told by the caller ([`callboard_entity_model::KnownFiles`]), and what a reading means for the
//! catalog is decided by `catalog`. Start reading at [`Reader::read`].

mod children;
mod cycles;
mod documents;
mod error;
mod expand;
mod fetch;
mod files;
mod fingerprint;
mod guard;
mod included;
mod parse;
mod path;
mod placeholder;
mod reader;
mod rules;
mod scm;
mod settings;
mod source;
mod visit;
mod visit_file;
mod visit_url;
mod walk;
mod watcher;

pub use error::DiscoveryError;
pub use expand::{Expansion, expand_file_target};
pub use parse::ParsedFile;
pub use reader::Reader;
pub use rules::{AllowedKind, Rule, RuleLocation};
pub use settings::{AllowedHost, GithubIntegration, GitlabIntegration, ReadLimits, ReaderSettings, Token};
pub use source::{Origin, ReadMode, SourceSpec};
pub use watcher::Watcher;

//! Sources, reconciliation, the change log and the view that follows it.
//!
//! Owns everything between "a source was read" and "readers see it": the difference to what the source said before, the
//! one transaction that writes it, the log, and the in-memory snapshot that follows the log. Reading sources is
//! `discovery`'s work, reached through [`LocationReader`]; answering requests is `gateway`'s. Start reading at
//! [`Catalog`], then at `reconcile`.

mod actor;
mod catalog;
mod change;
mod error;
mod feed;
mod follow;
mod known_files;
mod operations;
mod outcome;
mod reader;
mod reconcile;
mod schedule;
mod settings;
mod snapshot;
mod source;
mod sources_view;
mod store;
mod view_keeper;

pub use actor::{Actor, Cause};
pub use catalog::Catalog;
pub use change::{Change, Operation};
pub use error::CatalogError;
pub use outcome::{ImportProgress, RefreshOutcome, RegisterOutcome, UnregisterOutcome};
pub use reader::{LocationReader, ReadMode, Validated};
pub use settings::{CatalogSettings, RemovalGuard};
pub use snapshot::CatalogSnapshot;
pub use source::{ConfiguredLocation, Source, SourceOrigin};
pub use sources_view::{Claim, HeldRemoval, SourcesView, StoredProblem};

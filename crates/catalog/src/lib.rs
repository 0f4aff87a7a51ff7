//! Sources, reconciliation, the change log and the view that follows it.
//!
//! Owns everything between "a source was read" and "readers see it": the difference to what the source said before, the
//! one transaction that writes it, the log, and the in-memory snapshot that follows the log. Reading sources is
//! `discovery`'s work, reached through [`LocationReader`]; answering requests is `gateway`'s. Start reading at
//! [`Catalog`], then at `reconcile`.

mod actor;
mod catalog;
mod change;
mod cursor;
mod difference;
mod error;
mod feed;
mod follow;
mod history;
mod known_files;
mod operations;
mod outcome;
mod past;
mod reader;
mod reconcile;
mod resume;
mod retention;
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
pub use cursor::{ChangeCursor, LogId, NoCursor};
pub use error::CatalogError;
pub use history::{History, HistoryPage};
pub use outcome::{ImportProgress, RefreshOutcome, RegisterOutcome, RestoreOutcome, UnregisterOutcome};
pub use past::{At, PastSnapshot};
pub use reader::{LocationReader, ReadMode, Validated};
pub use resume::{LogReset, Resume};
pub use settings::{CatalogSettings, RemovalGuard};
pub use snapshot::CatalogSnapshot;
pub use source::{ConfiguredLocation, Source, SourceOrigin};
pub use sources_view::{Claim, HeldRemoval, SourcesView, StoredProblem};

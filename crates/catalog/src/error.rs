//! What can go wrong in the catalog.
//!
//! Owns the error type. A bad catalog file is not an error here: it is a problem, which is data.

use callboard_db::DatabaseError;
use callboard_entity_model::{EntityRef, LocationSpec, Problem, Revision};
use callboard_foundation::ErrorCode;
use uuid::Uuid;

/// A failure of an operation of the catalog.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// The location is a source already.
    #[error("location `{}` is registered already", location.reference())]
    LocationExists {
        /// The location.
        location: LocationSpec,
        /// The source that it is.
        source_id: Uuid,
    },
    /// Locations of this type can only be declared in the configuration.
    #[error("locations of type `{kind}` cannot be registered; only `url` can")]
    LocationTypeNotAllowed {
        /// The type.
        kind: String,
    },
    /// The configuration forbids registering and unregistering (`catalog.readonly`).
    #[error("the catalog is read-only; its locations are declared in the configuration")]
    CatalogIsReadOnly,
    /// Nothing could be read from the location, so it was not registered.
    #[error("nothing can be read from location `{}`", location.reference())]
    LocationUnreadable {
        /// The location.
        location: LocationSpec,
        /// Why not.
        problems: Vec<Problem>,
    },
    /// No such source.
    #[error("there is no location with id {id}")]
    SourceNotFound {
        /// The id.
        id: Uuid,
    },
    /// The source is declared in the configuration and can only be removed there.
    #[error("location `{}` is declared in the configuration; remove it there", location.reference())]
    SourceIsReadOnly {
        /// The location.
        location: LocationSpec,
    },
    /// Nothing waits for confirmation.
    #[error("no removal of location {id} waits for confirmation")]
    NothingHeld {
        /// The source.
        id: Uuid,
    },
    /// No such entity.
    #[error("there is no entity `{entity_ref}`")]
    EntityNotFound {
        /// The reference.
        entity_ref: EntityRef,
    },
    /// The entity is there, so it cannot be brought back.
    #[error("there is an entity `{entity_ref}` already")]
    EntityExists {
        /// The reference.
        entity_ref: EntityRef,
    },
    /// The entity was not there at that revision.
    #[error("there was no entity `{entity_ref}` at revision {revision}")]
    NoSuchState {
        /// The reference.
        entity_ref: EntityRef,
        /// The revision.
        revision: Revision,
    },
    /// The log does not reach back so far.
    #[error("what was before revision {oldest} is no longer kept")]
    HistoryExpired {
        /// The first revision that is still kept.
        oldest: Revision,
    },
    /// The revision is yet to come.
    #[error("there is no revision {revision} yet; the newest is {newest}")]
    RevisionNotReached {
        /// The revision asked for.
        revision: Revision,
        /// The newest one.
        newest: Revision,
    },
    /// The database was taken back to an earlier state while the log was read.
    #[error("the log was taken back to an earlier state; start again")]
    LogReplaced,
    /// The source was changed by others each time it was read.
    #[error("location {id} was changed by others while it was read, {attempts} times in a row")]
    SourceBusy {
        /// The source.
        id: Uuid,
        /// How often it was tried.
        attempts: u32,
    },
    /// A row in the database says something that this version does not know.
    #[error("table `{table}` holds `{value}`, which this version does not understand")]
    UnknownValue {
        /// The table.
        table: &'static str,
        /// The value.
        value: String,
    },
    /// The database failed.
    #[error("the catalog's database failed")]
    Database(#[from] DatabaseError),
    /// The work was cut off because the program is ending.
    #[error("the catalog is shutting down")]
    ShuttingDown,
}

impl CatalogError {
    /// Returns what kind of failure it is.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::LocationExists { .. } | Self::EntityExists { .. } => ErrorCode::AlreadyExists,
            Self::CatalogIsReadOnly => ErrorCode::Forbidden,
            Self::LocationTypeNotAllowed { .. } | Self::LocationUnreadable { .. } => ErrorCode::BadInput,
            Self::SourceNotFound { .. }
            | Self::EntityNotFound { .. }
            | Self::NoSuchState { .. }
            | Self::HistoryExpired { .. }
            | Self::RevisionNotReached { .. } => ErrorCode::NotFound,
            Self::SourceIsReadOnly { .. } | Self::NothingHeld { .. } | Self::SourceBusy { .. } => ErrorCode::Conflict,
            Self::UnknownValue { .. } => ErrorCode::Internal,
            Self::Database(error) => error.code(),
            Self::ShuttingDown | Self::LogReplaced => ErrorCode::Unavailable,
        }
    }

    /// Returns the message with those of its causes, for logs: their JSON form keeps only the outermost of an error.
    pub(crate) fn with_causes(&self) -> String {
        let causes = std::iter::successors(std::error::Error::source(self), |cause| cause.source());
        std::iter::once(self.to_string()).chain(causes.map(ToString::to_string)).collect::<Vec<_>>().join(": ")
    }
}

impl From<sea_orm::DbErr> for CatalogError {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Database(error.into())
    }
}

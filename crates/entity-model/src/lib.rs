//! The entity model: what an entity is, how it is named, when it is valid, and which relations it declares.
//!
//! Pure functions over values: no I/O, no database, no GraphQL, no HTTP. Start reading at [`Entity`].

mod changed_paths;
mod entity;
mod envelope;
mod formats;
mod kinds;
mod policy;
mod problem;
mod reading;
mod reference;
mod relations;
mod revision;
mod schema;
mod unsafe_url;
mod violation;

pub use changed_paths::changed_paths;
pub use entity::{ContentHash, Entity};
pub use kinds::{Kind, KindDefinition};
pub use policy::ModelPolicy;
pub use problem::{Problem, ProblemCode, Severity};
pub use reading::{FileOutcome, FileReading, KnownFile, KnownFiles, LocationSpec, Presence, ReadEntity, Reading};
pub use reference::{DEFAULT_NAMESPACE, EntityRef, EntityRefError};
pub use relations::{RELATION_FIELDS, Relation, RelationType, relations_of};
pub use revision::Revision;
pub use violation::{Violation, ViolationCode};

//! GraphQL documents before they are executed.
//!
//! Owns parsing and validation by the letter of the specification, the store of documents seen before, the binding of
//! variables, and the form that the executor takes: one operation, fragments put in place. What the fields of a schema
//! do is `gateway`'s work. Start reading at [`DocumentFront`].

mod compile;
mod document;
mod error;
mod front;
mod nulls;
mod rules;
mod settings;
mod source;
mod store;
mod trusted;
mod validate;
mod values;
mod variables;

pub use apollo_compiler::response::{JsonMap, JsonValue};
pub use document::{Document, Operation, OperationKind};
pub use error::{DocumentError, Fault};
pub use front::{Bound, DocumentFront};
pub use nulls::PathStep;
pub use settings::{DocumentSettings, ScalarCheck};
pub use source::DocumentSource;
pub use trusted::{TrustedDocuments, TrustedError};

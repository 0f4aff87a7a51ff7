//! GraphQL documents before they are executed.
//!
//! Owns parsing and validation by the letter of the specification, the store of documents seen before, the binding of
//! variables, what an operation may cost, and the form that the executor takes: one operation, fragments put in place. What the fields of a schema
//! do is `gateway`'s work. Start reading at [`DocumentFront`].

mod compile;
mod cost;
mod document;
mod error;
mod front;
mod grammar;
mod limit_error;
mod nulls;
mod rules;
mod settings;
mod source;
mod store;
mod text;
mod trusted;
mod validate;
mod values;
mod variables;

pub use apollo_compiler::response::{JsonMap, JsonValue};
pub use compile::NOTHING_ASKED;
pub use cost::{Cost, CostLimits, CostModel, CostPlan, sizes};
pub use document::{Document, Operation, OperationKind};
pub use error::{DocumentError, Fault};
pub use front::{Bound, DocumentFront};
pub use limit_error::LimitError;
pub use nulls::PathStep;
pub use settings::{DocumentSettings, ScalarCheck};
pub use source::DocumentSource;
pub use text::{TextLimits, check_text};
pub use trusted::{TrustedDocuments, TrustedError};

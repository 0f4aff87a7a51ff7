//! GraphQL documents before they are executed.
//!
//! Owns parsing, validation, the store of known documents, binding of variables, and what a document may cost. What the
//! fields of a schema do is `gateway`'s work.

//! The catalog's queries: rows in, domain types out, and back.
//!
//! Owns every statement of this crate. Transactions are opened by the callers (`crate::operations`); what to write is
//! decided in `crate::reconcile`.

pub(crate) mod changes;
pub(crate) mod claims;
pub(crate) mod entities;
pub(crate) mod held_removals;
pub(crate) mod history;
pub(crate) mod log_head;
pub(crate) mod problems;
pub(crate) mod source_files;
pub(crate) mod sources;
mod values;

pub(crate) use values::{LocationInterner, entity_ref, hash, timestamp};

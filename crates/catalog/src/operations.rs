//! What can be done with the catalog: one file an operation.
//!
//! Each opens its own transaction, asks `crate::reconcile` for a plan, and commits it through [`commit`], which makes
//! it visible before it returns.

mod commit;
mod configure;
mod confirm;
mod import;
mod refresh;
mod register;
mod restore;
mod unregister;

pub(crate) use commit::{Committed, Fate};

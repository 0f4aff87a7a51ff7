//! Webhooks out: changes of the catalog, told to other systems.
//!
//! Owns who is told what, and what became of it. Changes themselves are `catalog`'s.

//! The tables, one file each: what their columns mean.
//!
//! Owns no rule of the domain. The migrations create what stands here; a test compares the two.

pub mod changes;
pub mod claims;
pub mod entities;
pub mod held_removals;
pub mod log_head;
pub mod problems;
pub mod source_files;
pub mod sources;
pub mod webhook_deliveries;
pub mod webhook_subscriptions;

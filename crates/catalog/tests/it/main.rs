//! The store suite: the catalog on real databases, SQLite always and PostgreSQL when `CALLBOARD_TEST_POSTGRES` names a
//! server. The outside world is a fake reader that is told what its files hold.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod answers;
mod claims;
mod failure;
mod feed;
mod history;
mod kill;
mod past;
mod reading;
mod removal;
mod replicas;
mod restore;
mod resume;
mod retention;
mod sources;
mod world;

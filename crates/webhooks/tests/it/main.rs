//! Webhooks on real databases, SQLite always and PostgreSQL when `CALLBOARD_TEST_POSTGRES` names a server, against a
//! real HTTP receiver. Time stands still until a test moves it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod delivering;
mod failing;
mod guarding;
mod managing;
mod receiver;
mod replicas;
mod world;

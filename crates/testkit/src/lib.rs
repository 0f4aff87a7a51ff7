//! What tests share: real databases, one of their own for each test.
//!
//! Owns making and dropping them. SQLite is always tried; PostgreSQL when `CALLBOARD_TEST_POSTGRES` names a server.
//! Start reading at [`on_each_database`].

mod database;
mod postgres;

pub use database::{DatabaseKind, TestDatabase, on_each_database};

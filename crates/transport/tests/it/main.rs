//! Both protocols over real sockets, in front of operations that do as the test says.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod client;
mod conversation;
mod flow;
mod server_sent;
mod world;

//! The end-to-end tests: the real binary, real databases, real sockets, and the shape of the house itself.

#![allow(clippy::expect_used, reason = "a test fails by panicking")]

mod architecture;
mod following;
mod golden;
mod readme;
mod resuming;
mod server;
mod subscriber;
mod telling;
mod tidy;

//! The end-to-end tests: the real binary, real databases, real sockets, and the shape of the house itself.

mod architecture;
mod following;
mod golden;
mod readme;
mod server;
mod tidy;

//! The end-to-end tests: the real binary, real databases, real sockets, and the shape of the house itself.

mod architecture;
mod golden;
mod server;
mod tidy;

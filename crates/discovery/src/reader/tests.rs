//! Whole readings, of real files and of a real HTTP server.

mod bad_input;
mod files;
mod harness;
mod locations;
mod placeholders;
mod server;
mod urls;

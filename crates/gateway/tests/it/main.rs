//! The gateway as its clients see it: requests through the real router, over a real catalog in a real database.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod asking;
mod change_pages;
mod changing;
mod exploring;
mod exporting;
mod federating;
mod finding;
mod following;
mod graph;
mod history;
mod limiting;
mod limits;
mod refusing;
mod restoring;
mod serving;
mod support;
mod webhooks;

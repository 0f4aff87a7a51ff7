//! Logs: for people on a terminal, one JSON object a line otherwise; always on standard error.
//!
//! Owns the form. What is logged is decided where it happens, and which of it is shown by the filter.

use tracing_subscriber::EnvFilter;

use crate::{failure::Failure, output};

/// Starts logging with the filter that the user gave, or else the one for the command.
pub(crate) fn start(given: Option<&str>, default: &str) -> Result<(), Failure> {
    let directives = given.filter(|text| !text.trim().is_empty()).unwrap_or(default);
    let filter = EnvFilter::builder()
        .parse(directives)
        .map_err(|error| Failure::usage(error).context(format!("`{directives}` is not a log filter")))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if output::is_error_terminal() {
        builder.compact().with_target(false).try_init()
    } else {
        builder.json().flatten_event(true).with_span_list(false).try_init()
    };
    started.map_err(|error| Failure::internal(anyhow::anyhow!(error)))
}

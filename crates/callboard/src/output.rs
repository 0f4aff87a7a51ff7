//! What is written for people and pipes: answers on standard output, messages on standard error.
//!
//! Owns the two streams; logs go through `tracing`.

use std::io::{self, ErrorKind, IsTerminal, Write};

use crate::failure::Failure;

/// Writes a text to standard output. A reader that has gone away (`| head`) is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::unavailable(error)),
        _ => Ok(()),
    }
}

/// Writes a message to standard error; when even that is gone, nobody is left to tell.
pub(crate) fn print_message(text: &str) {
    let mut stderr = io::stderr().lock();
    if writeln!(stderr, "{text}").is_err() {
        tracing::debug!("standard error is closed");
    }
}

/// Writes why a command failed to standard error.
pub(crate) fn print_error(text: &str) {
    print_message(&format!("callboard: {text}"));
}

/// Tells whether a person looks at standard output.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Tells whether a person looks at standard error.
pub(crate) fn is_error_terminal() -> bool {
    io::stderr().is_terminal()
}

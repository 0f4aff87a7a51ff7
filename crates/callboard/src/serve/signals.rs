//! SIGTERM and SIGINT: the first asks the server to finish, a second one does not wait.
//!
//! Owns the signals; what finishing means is `crate::serve`'s work.

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::failure::{Failure, Status};

/// Cancels the token at the first signal, and ends the process at the second.
pub(super) fn listen(shutdown: CancellationToken) -> Result<(), Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::internal)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::internal)?;
    tokio::spawn(async move {
        let name = next(&mut terminate, &mut interrupt).await;
        tracing::info!(signal = name, "stopping: running requests may finish; a second signal ends at once");
        shutdown.cancel();
        next(&mut terminate, &mut interrupt).await;
        std::process::exit(Status::Unavailable as i32);
    });
    Ok(())
}

async fn next(terminate: &mut Signal, interrupt: &mut Signal) -> &'static str {
    tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    }
}

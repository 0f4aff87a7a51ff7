//! The WebSockets and event streams that are open, so that a server that stops can say goodbye to them.
//!
//! Owns telling them and waiting for them; HTTP connections are drained by the server itself, which does not know those
//! that became sockets, and would wait for event streams for ever. What is said over them is `callboard_transport`'s matter.

use tokio_util::{
    sync::CancellationToken,
    task::{
        TaskTracker,
        task_tracker::{TaskTrackerToken, TrackedFuture},
    },
};

/// Every open WebSocket and event stream of a router. Clones stand for the same ones.
#[derive(Debug, Clone, Default)]
pub struct OpenSockets {
    closing: CancellationToken,
    tracker: TaskTracker,
}

impl OpenSockets {
    /// Tells every client that the server goes away (close code 1001, the end of the stream) and returns when all have been
    /// told. To be called when a server begins to stop: its connections are not drained before its event streams end.
    pub async fn close(&self) {
        self.closing.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }

    /// Returns what says that sockets have to close.
    pub(super) fn closing(&self) -> CancellationToken {
        self.closing.clone()
    }

    /// Counts something as open until what is returned is dropped.
    pub(super) fn token(&self) -> TaskTrackerToken {
        self.tracker.token()
    }

    /// Counts the work of a socket as open until it ends.
    pub(super) fn track<F: Future>(&self, work: F) -> TrackedFuture<F> {
        self.tracker.track_future(work)
    }
}

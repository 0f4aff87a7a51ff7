//! The body of a subscription's answer.
//!
//! Owns the flow: an event is taken when the connection asks for it, which it does while it has room. A connection that
//! stopped asking is given up after a while: its subscription ends, and with it whatever that held.

use std::{
    any::Any,
    convert::Infallible,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::body::Bytes;
use futures::{FutureExt, Stream, StreamExt, stream::BoxStream};
use tokio::time::{Instant, Sleep, sleep, sleep_until};
use tokio_util::{
    sync::{CancellationToken, WaitForCancellationFutureOwned},
    task::AbortOnDropHandle,
};

use super::{SseSettings, frame};
use crate::Event;

/// The events of a subscription as the pieces of a body.
pub(super) struct EventFrames {
    shared: Arc<Mutex<Flow>>,
    stage: Stage,
    retry: Duration,
    keep_alive: Duration,
    timer: Pin<Box<Sleep>>,
    said: Instant,
    closing: Pin<Box<WaitForCancellationFutureOwned>>,
    /// Ends with the body, which the connection drops when the client is gone.
    _watch: AbortOnDropHandle<()>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Opening,
    Following,
    Over,
}

/// What the body and its watch share.
struct Flow {
    /// The subscription and its guard, until it has ended or was given up.
    source: Option<Source>,
    /// Since when the connection has not asked for more; nothing while it is asking.
    full_since: Option<Instant>,
}

struct Source {
    events: BoxStream<'static, Event>,
    _guard: Box<dyn Any + Send>,
}

impl EventFrames {
    /// Makes the body of these events.
    pub(super) fn new<G: Send + 'static>(
        events: BoxStream<'static, Event>,
        settings: &SseSettings,
        closing: CancellationToken,
        guard: G,
    ) -> Self {
        let source = Source { events, _guard: Box::new(guard) };
        let now = Instant::now();
        let shared = Arc::new(Mutex::new(Flow { source: Some(source), full_since: Some(now) }));
        let watch = tokio::spawn(watch(Arc::clone(&shared), settings.send_timeout));
        Self {
            shared,
            stage: Stage::Opening,
            retry: settings.retry,
            keep_alive: settings.keep_alive,
            timer: Box::pin(sleep(settings.keep_alive)),
            said: now,
            // Of its own, or all answers would wait for each other to look whether it is time.
            closing: Box::pin(closing.child_token().cancelled_owned()),
            _watch: AbortOnDropHandle::new(watch),
        }
    }

    fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        match self.stage {
            Stage::Opening => {
                self.stage = Stage::Following;
                return Poll::Ready(Some(frame::retry(self.retry)));
            }
            Stage::Over => return Poll::Ready(None),
            Stage::Following => {}
        }
        if self.closing.poll_unpin(cx).is_ready() {
            return Poll::Ready(None);
        }
        let mut flow = lock(&self.shared);
        let Some(source) = &mut flow.source else {
            self.stage = Stage::Over;
            return Poll::Ready(Some(Bytes::from_static(frame::TOO_SLOW)));
        };
        match source.events.poll_next_unpin(cx) {
            Poll::Ready(Some(event)) => return Poll::Ready(Some(frame::next(&event))),
            Poll::Ready(None) => {
                self.stage = Stage::Over;
                flow.source = None;
                return Poll::Ready(Some(Bytes::from_static(frame::COMPLETE)));
            }
            Poll::Pending => {}
        }
        drop(flow);
        self.poll_silence(cx).map(Some)
    }

    /// Waits until nothing has been said for a while.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<Bytes> {
        while self.timer.poll_unpin(cx).is_ready() {
            let now = Instant::now();
            let is_silent = now >= self.said + self.keep_alive;
            // The timer is not moved with every event, which would cost more than the event.
            let from = if is_silent { now } else { self.said };
            self.timer.as_mut().reset(from + self.keep_alive);
            if is_silent {
                return Poll::Ready(Bytes::from_static(frame::KEEP_ALIVE));
            }
        }
        Poll::Pending
    }
}

impl Stream for EventFrames {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let frame = self.poll_frame(cx);
        let now = frame.is_ready().then(Instant::now);
        lock(&self.shared).full_since = now;
        if let Some(now) = now {
            self.said = now;
        }
        frame.map(|frame| frame.map(Ok))
    }
}

/// Gives the subscription up when the connection has not asked for more for so long.
async fn watch(shared: Arc<Mutex<Flow>>, limit: Duration) {
    let mut check = Instant::now() + limit;
    loop {
        sleep_until(check).await;
        let given_up = {
            let mut flow = lock(&shared);
            check = flow.full_since.unwrap_or_else(Instant::now) + limit;
            if check > Instant::now() { continue } else { flow.source.take() }
        };
        if given_up.is_some() {
            let seconds = limit.as_secs_f64();
            tracing::info!(seconds, "a subscription over HTTP is given up: its client takes nothing");
        }
        return;
    }
}

fn lock(flow: &Mutex<Flow>) -> MutexGuard<'_, Flow> {
    // A subscription that panicked leaves nothing half done that is looked at again.
    flow.lock().unwrap_or_else(PoisonError::into_inner)
}

//! The operations of one socket.
//!
//! Owns running several at once and turning what they answer into messages. They take turns, so that one that always has
//! something to say does not silence the others.

use std::task::{Context, Poll, ready};

use callboard_foundation::ErrorCode;
use futures::{FutureExt, StreamExt, stream::BoxStream};
use tokio_util::task::AbortOnDropHandle;

use super::frame::{Frames, errors};
use crate::{Event, OperationRequest, Operations, Started};

/// What an operation has to say.
#[derive(Debug)]
pub(super) enum Output {
    /// More may follow.
    Next(String),
    /// Nothing follows.
    Last(String),
    /// An answer, and that nothing follows.
    Only(String, String),
}

/// Every operation of a socket that has not completed.
#[derive(Default)]
pub(super) struct Running {
    operations: Vec<Operation>,
    /// Whose turn it is.
    turn: usize,
}

struct Operation {
    id: String,
    request_id: String,
    frames: Frames,
    state: State,
}

enum State {
    /// In a task of its own: queries of one socket use as many cores as those of many, and a bug ends only its operation.
    Starting(AbortOnDropHandle<Started>),
    Following(BoxStream<'static, Event>),
}

impl Running {
    pub(super) fn len(&self) -> usize {
        self.operations.len()
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.operations.iter().any(|operation| operation.id == id)
    }

    /// Starts an operation, whose id no other has.
    pub(super) fn start<O: Operations>(&mut self, id: String, operations: &O, request: OperationRequest) {
        let operations = operations.clone();
        let request_id = request.request_id.clone();
        let task = tokio::spawn(async move { operations.start(request).await });
        let state = State::Starting(AbortOnDropHandle::new(task));
        self.operations.push(Operation { frames: Frames::new(&id), id, request_id, state });
    }

    /// Ends an operation, if it is still there, without another word.
    pub(super) fn stop(&mut self, id: &str) {
        self.operations.retain(|operation| operation.id != id);
    }

    /// Ends all.
    pub(super) fn clear(&mut self) {
        self.operations.clear();
    }

    /// Waits for the next thing to send.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Output> {
        let count = self.operations.len();
        for offset in 0..count {
            let index = (self.turn + offset) % count;
            if let Poll::Ready(output) = self.operations[index].poll(cx) {
                self.turn = index + 1;
                if !matches!(output, Output::Next(_)) {
                    self.operations.remove(index);
                    self.turn = index;
                }
                return Poll::Ready(output);
            }
        }
        Poll::Pending
    }
}

impl Operation {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Output> {
        loop {
            match &mut self.state {
                State::Starting(task) => match ready!(task.poll_unpin(cx)) {
                    Ok(Started::Refused(errors)) => return Poll::Ready(Output::Last(self.frames.error(&errors))),
                    Ok(Started::Answer(answer)) => {
                        return Poll::Ready(Output::Only(self.frames.next(&answer), self.frames.complete()));
                    }
                    Ok(Started::Events(events)) => self.state = State::Following(events),
                    Err(error) => {
                        tracing::error!(%error, request.id = self.request_id, "an operation ended without an answer");
                        let message = "the server failed to execute this; the log says why";
                        let errors = errors(message, ErrorCode::Internal, &self.request_id, None);
                        return Poll::Ready(Output::Last(self.frames.error(errors.as_bytes())));
                    }
                },
                State::Following(events) => {
                    let output = match ready!(events.poll_next_unpin(cx)) {
                        Some(event) => Output::Next(self.frames.next(&event.payload)),
                        None => Output::Last(self.frames.complete()),
                    };
                    return Poll::Ready(output);
                }
            }
        }
    }
}

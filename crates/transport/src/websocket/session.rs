//! The conversation with one client.
//!
//! Owns what is allowed when, and the flow: while a client does not take what was written, nothing more is taken from its
//! subscriptions and nothing more is read from it. So a socket holds little, however slow its client is, and others do not
//! notice. When waiting has to end is [`deadlines`]' matter.

mod deadlines;

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::extract::ws::{Message, WebSocket};
use callboard_foundation::ErrorCode;
use futures::{FutureExt, Sink, SinkExt, StreamExt};
use tokio::task::coop;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use self::deadlines::{Deadlines, Due};
use super::{
    WebSocketSettings, frame,
    frame::Frames,
    goodbye::Goodbye,
    message::ClientMessage,
    running::{Output, Running},
};
use crate::{OperationRequest, Operations};

/// How a conversation ends.
#[derive(Debug)]
pub(super) enum End {
    /// The client is gone, or as good as.
    Gone,
    /// The server ends it and says why.
    Goodbye(Goodbye),
}

/// A conversation.
pub(super) struct Session<'a, O> {
    socket: WebSocket,
    operations: O,
    settings: &'a WebSocketSettings,
    closing: Pin<Box<WaitForCancellationFutureOwned>>,
    deadlines: Deadlines<'a>,
    running: Running,
    request_id: String,
    /// Operations started so far.
    started: u64,
    is_initialised: bool,
    /// Whether something was said that may not have left the process.
    is_unsent: bool,
}

/// What happens next.
enum Step {
    Heard(Message),
    Output(Output),
    Due,
    End(End),
}

impl<'a, O: Operations> Session<'a, O> {
    pub(super) fn new(
        socket: WebSocket,
        operations: O,
        settings: &'a WebSocketSettings,
        closing: CancellationToken,
        request_id: String,
    ) -> Self {
        Self {
            socket,
            operations,
            settings,
            // Of its own, or all sockets would wait for each other to look whether it is time.
            closing: Box::pin(closing.child_token().cancelled_owned()),
            deadlines: Deadlines::new(settings),
            running: Running::default(),
            request_id,
            started: 0,
            is_initialised: false,
            is_unsent: false,
        }
    }

    /// Talks until one of both ends it.
    pub(super) async fn run(&mut self) -> End {
        loop {
            let step = std::future::poll_fn(|cx| self.poll_step(cx)).await;
            let end = match step {
                Step::Heard(message) => self.hear(message),
                Step::Output(output) => self.put(output),
                Step::Due => self.meet_deadline(),
                Step::End(end) => Err(end),
            };
            if let Err(end) = end {
                self.log(&end);
                return end;
            }
            // A client and a subscription that always have something to say must not keep a thread for themselves.
            coop::consume_budget().await;
        }
    }

    /// Gives the socket back; whatever still runs ends.
    pub(super) fn into_socket(self) -> WebSocket {
        self.socket
    }

    fn poll_step(&mut self, cx: &mut Context<'_>) -> Poll<Step> {
        if self.closing.poll_unpin(cx).is_ready() {
            return Poll::Ready(Step::End(End::Goodbye(Goodbye::going_away())));
        }
        match self.poll_room(cx) {
            Poll::Ready(Err(end)) => return Poll::Ready(Step::End(end)),
            Poll::Ready(Ok(())) => {
                if let Poll::Ready(step) = self.poll_both_sides(cx) {
                    return Poll::Ready(step);
                }
                // Only now that nobody has anything to say: what was gathered goes out in one piece.
                if self.is_unsent
                    && let Poll::Ready(Err(end)) = self.poll_sent(cx)
                {
                    return Poll::Ready(Step::End(end));
                }
            }
            Poll::Pending => {}
        }
        self.deadlines.poll(cx).map(|()| Step::Due)
    }

    /// Waits until something may be said.
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), End>> {
        if self.deadlines.is_waiting_for_client() {
            return self.poll_sent(cx);
        }
        let room = Pin::new(&mut self.socket).poll_ready(cx);
        self.note_progress(room.map_err(|_| End::Gone))
    }

    /// Waits until everything that was said has left the process.
    fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), End>> {
        let sent = self.socket.poll_flush_unpin(cx).map_err(|_| End::Gone);
        if sent.is_ready() {
            self.is_unsent = false;
        }
        self.note_progress(sent)
    }

    fn note_progress(&mut self, progress: Poll<Result<(), End>>) -> Poll<Result<(), End>> {
        match progress {
            Poll::Pending => self.deadlines.wait_for_client(),
            Poll::Ready(_) => self.deadlines.client_took_all(),
        }
        progress
    }

    fn poll_both_sides(&mut self, cx: &mut Context<'_>) -> Poll<Step> {
        match self.socket.poll_next_unpin(cx) {
            Poll::Ready(Some(Ok(message))) => return Poll::Ready(Step::Heard(message)),
            Poll::Ready(Some(Err(error))) => {
                let goodbye = Goodbye::for_broken(&error, self.settings.max_message_bytes);
                return Poll::Ready(Step::End(goodbye.map_or(End::Gone, End::Goodbye)));
            }
            Poll::Ready(None) => return Poll::Ready(Step::End(End::Gone)),
            Poll::Pending => {}
        }
        self.running.poll_next(cx).map(Step::Output)
    }

    fn hear(&mut self, message: Message) -> Result<(), End> {
        self.deadlines.client_was_heard();
        match message {
            Message::Text(text) => {
                let message = ClientMessage::read(&text);
                self.obey(message.map_err(|error| End::Goodbye(Goodbye::bad_request(error)))?)
            }
            Message::Binary(_) => Err(End::Goodbye(Goodbye::bad_request("messages are text"))),
            // WebSocket's own signs of life are answered below this.
            Message::Ping(_) | Message::Pong(_) => Ok(()),
            Message::Close(_) => {
                self.running.clear();
                Ok(())
            }
        }
    }

    fn obey(&mut self, message: ClientMessage) -> Result<(), End> {
        match message {
            ClientMessage::Init if self.is_initialised => Err(End::Goodbye(Goodbye::too_many_inits())),
            ClientMessage::Init => {
                self.is_initialised = true;
                self.deadlines.client_began();
                self.say(frame::ACK.to_owned())
            }
            ClientMessage::Ping(payload) => self.say(frame::pong(payload)),
            ClientMessage::Pong => Ok(()),
            ClientMessage::Subscribe { .. } if !self.is_initialised => Err(End::Goodbye(Goodbye::unauthorized())),
            ClientMessage::Subscribe { id, .. } if self.running.contains(&id) => {
                Err(End::Goodbye(Goodbye::subscriber_exists(&id)))
            }
            ClientMessage::Subscribe { id, body } => {
                self.started += 1;
                let request_id = format!("{}.{}", self.request_id, self.started);
                let max = self.settings.max_operations;
                if self.running.len() >= max {
                    let message = format!("{max} operations run on this socket, which is all that are allowed");
                    let errors = frame::errors(&message, ErrorCode::LimitExceeded, &request_id, Some(max));
                    return self.say(Frames::new(&id).error(errors.as_bytes()));
                }
                let request = OperationRequest { body, last_event_id: None, request_id };
                self.running.start(id, &self.operations, request);
                Ok(())
            }
            ClientMessage::Complete { id } => {
                self.running.stop(&id);
                Ok(())
            }
        }
    }

    fn put(&mut self, output: Output) -> Result<(), End> {
        match output {
            Output::Next(text) | Output::Last(text) => self.say(text),
            Output::Only(answer, complete) => {
                self.say(answer)?;
                self.say(complete)
            }
        }
    }

    /// Puts a text into the buffer of the socket, which has room.
    fn say(&mut self, text: String) -> Result<(), End> {
        self.send(Message::Text(text.into()))
    }

    fn send(&mut self, message: Message) -> Result<(), End> {
        self.is_unsent = true;
        self.socket.start_send_unpin(message).map_err(|_| End::Gone)
    }

    fn meet_deadline(&mut self) -> Result<(), End> {
        match self.deadlines.due() {
            None => Ok(()),
            Some(Due::Init) => Err(End::Goodbye(Goodbye::init_timeout())),
            Some(Due::Send) => Err(End::Goodbye(Goodbye::too_slow(self.settings.send_timeout))),
            Some(Due::Silence) => Err(End::Gone),
            Some(Due::Ping) => self.send(Message::Ping(axum::body::Bytes::new())),
        }
    }

    fn log(&self, end: &End) {
        let operations = self.started;
        match end {
            End::Gone => tracing::debug!(request.id = self.request_id, operations, "a WebSocket ended"),
            End::Goodbye(Goodbye { code, reason }) => {
                tracing::info!(request.id = self.request_id, operations, code, reason, "a WebSocket is closed");
            }
        }
    }
}

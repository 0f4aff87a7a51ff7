//! When waiting for a client has to end.
//!
//! Owns the moments: beginning, taking what was sent, giving signs of life. One timer serves them all; it is moved forward
//! only when one comes sooner, since it is looked at with every message.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures::FutureExt;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::WebSocketSettings;

/// What should have happened by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// The client should have begun.
    Init,
    /// The client should have taken what was sent.
    Send,
    /// The client should be asked for a sign of life.
    Ping,
    /// The client should have given one.
    Silence,
}

/// The moments by which things have to happen.
pub(super) struct Deadlines<'a> {
    settings: &'a WebSocketSettings,
    timer: Pin<Box<Sleep>>,
    /// When the socket was opened, while the client has not begun.
    opened: Option<Instant>,
    /// Since when the client has not taken all that was sent.
    waiting: Option<Instant>,
    heard: Instant,
    pinged: Instant,
}

impl<'a> Deadlines<'a> {
    pub(super) fn new(settings: &'a WebSocketSettings) -> Self {
        let now = Instant::now();
        let first = settings.init_timeout.min(settings.ping_interval).min(settings.silence_limit);
        let timer = Box::pin(sleep_until(now + first));
        Self { settings, timer, opened: Some(now), waiting: None, heard: now, pinged: now }
    }

    pub(super) fn client_began(&mut self) {
        self.opened = None;
    }

    pub(super) fn client_was_heard(&mut self) {
        self.heard = Instant::now();
    }

    pub(super) fn is_waiting_for_client(&self) -> bool {
        self.waiting.is_some()
    }

    /// Remembers since when the client does not take what was sent.
    pub(super) fn wait_for_client(&mut self) {
        if self.waiting.is_none() {
            let now = Instant::now();
            self.waiting = Some(now);
            let deadline = now + self.settings.send_timeout;
            if deadline < self.timer.deadline() {
                self.timer.as_mut().reset(deadline);
            }
        }
    }

    /// Notes that the client takes what is sent. That is a sign of life, and before this none could be read.
    pub(super) fn client_took_all(&mut self) {
        if self.waiting.take().is_some() {
            self.heard = Instant::now();
        }
    }

    /// Waits until something may be due.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.timer.poll_unpin(cx)
    }

    /// Returns what is due, and waits for the next.
    pub(super) fn due(&mut self) -> Option<Due> {
        let now = Instant::now();
        let moments = self.moments();
        let due = moments.iter().flatten().find(|(moment, _)| *moment <= now).map(|(_, due)| *due);
        if due == Some(Due::Ping) {
            self.pinged = now;
        }
        let next = self.moments().into_iter().flatten().map(|(moment, _)| moment).min();
        self.timer.as_mut().reset(next.unwrap_or_else(|| now + self.settings.ping_interval));
        due
    }

    fn moments(&self) -> [Option<(Instant, Due)>; 4] {
        let settings = self.settings;
        // While the client takes nothing, nothing is read from it either, and more would only be added to what waits.
        let is_read = self.waiting.is_none();
        [
            self.opened.map(|opened| (opened + settings.init_timeout, Due::Init)),
            self.waiting.map(|since| (since + settings.send_timeout, Due::Send)),
            is_read.then(|| (self.heard + settings.silence_limit, Due::Silence)),
            is_read.then(|| (self.heard.max(self.pinged) + settings.ping_interval, Due::Ping)),
        ]
    }
}

#[cfg(test)]
mod tests;

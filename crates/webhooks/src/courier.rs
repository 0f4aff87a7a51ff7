//! A courier: carries events to one subscription, one after the other, each until it is accepted.
//!
//! Owns the loop of waiting, reading, sending and writing down. It works under a lease and a fence: when either is lost
//! it stops, and what it was about to write is not written.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use callboard_catalog::{Change, ChangeCursor};
use callboard_foundation::new_id;
use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use crate::{
    Delivery, WebhookError,
    backoff::{chance, delay},
    event::Event,
    feed::{Next, Wish, next},
    sender::Attempted,
    store::{
        leases,
        progress::{Consequence, Under, record},
        subscriptions::Row,
    },
    webhooks::Inner,
};

/// How often writing down what became of an attempt is tried while the database is away.
const RECORD_ATTEMPTS: u32 = 8;
/// How long to wait between these, doubled each time.
const RECORD_PAUSE: Duration = Duration::from_millis(50);

/// How far a courier has got, for whoever looks on.
pub(crate) type Passed = Mutex<ChangeCursor>;

pub(crate) struct Courier {
    inner: Arc<Inner>,
    row: Row,
    stop: CancellationToken,
    passed: Arc<Passed>,
    /// Which changes are wanted, or why that can't be said.
    wish: Result<Wish, String>,
}

/// Why a courier ends.
#[derive(Debug)]
enum Ended {
    /// It was told to, lost its lease, or the receiver wants nothing any more.
    Stopped,
    /// Something of ours failed; another courier will take its place.
    Failed(WebhookError),
}

impl<E: Into<WebhookError>> From<E> for Ended {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Courier {
    /// Takes a subscription that was claimed. How far it gets is shown in `passed`.
    pub(crate) fn new(inner: Arc<Inner>, row: Row, stop: CancellationToken, passed: Arc<Passed>) -> Self {
        let subscription = &row.subscription;
        let filter = subscription.filter.as_deref().map(inner.dialect.parse_filter).transpose();
        let wish = filter.map(|filter| Wish { filter, operations: subscription.operations.clone() });
        Self { inner, row, stop, passed, wish }
    }

    /// Returns what it writes under.
    pub(crate) fn under(&self) -> Under {
        Under { subscription: self.row.subscription.id, fence: self.row.fence }
    }

    /// Carries until it is stopped.
    pub(crate) async fn run(mut self) {
        if let Err(Ended::Failed(error)) = self.carry().await {
            let id = self.row.subscription.id;
            tracing::error!(webhook.id = %id, error = error.with_causes(), "a webhook waits for the database");
            // Whoever takes its place must not run into the same at once.
            _ = self.pause(self.inner.settings.tick).await;
        }
    }

    async fn carry(&mut self) -> Result<(), Ended> {
        loop {
            let place = self.row.place;
            match next(&self.inner.catalog, place).await? {
                Next::Changes(changes) => {
                    for change in changes {
                        self.tell_of(&change).await?;
                    }
                }
                Next::Reset(start) => {
                    let id = self.row.subscription.id;
                    let (position, revision) = (place.revision, start.revision);
                    tracing::warn!(webhook.id = %id, position = %position, revision = %revision, "the log does not join on to a webhook's position");
                    let event = self.inner.writer().reset(start, self.inner.clock.now());
                    self.deliver(start, event.map_err(|error| error.to_string())).await?;
                }
                Next::Nothing => {
                    let reached = tokio::select! {
                        () = self.stop.cancelled() => return Err(Ended::Stopped),
                        reached = self.inner.catalog.revision_at_least(place.revision.next()) => reached,
                    };
                    if reached.is_err() {
                        // The catalog stops, and so will everything else.
                        self.stop.cancelled().await;
                        return Err(Ended::Stopped);
                    }
                }
            }
        }
    }

    /// Tells of a change, if it is wanted.
    async fn tell_of(&mut self, change: &Arc<Change>) -> Result<(), Ended> {
        if self.stop.is_cancelled() {
            return Err(Ended::Stopped);
        }
        let log = self.row.place.log;
        let place = ChangeCursor { log, revision: change.revision };
        let event = match self.wants(change) {
            Ok(false) => {
                self.advance(place);
                return Ok(());
            }
            Ok(true) => self.inner.writer().change(change, log).map_err(|error| error.to_string()),
            Err(error) => Err(error),
        };
        self.deliver(place, event).await
    }

    fn wants(&self, change: &Change) -> Result<bool, String> {
        let wish = self.wish.as_ref().map_err(Clone::clone)?;
        wish.wants(&self.inner.catalog, change).map_err(|error| error.to_string())
    }

    /// Delivers an event until it is accepted. An event that could not be made counts as one that was not accepted:
    /// nothing is left out silently.
    async fn deliver(&mut self, place: ChangeCursor, event: Result<Event, String>) -> Result<(), Ended> {
        loop {
            self.wait_for_turn().await?;
            let permit = tokio::select! {
                () = self.stop.cancelled() => return Err(Ended::Stopped),
                permit = self.inner.attempts.acquire() => permit,
            };
            self.require_lease().await?;
            let at = self.inner.clock.now();
            let attempted = match &event {
                Ok(event) => self.inner.sender.send(&self.row.recipient, event, at).await,
                Err(error) => Attempted::failed(format!("the event can't be made: {error}")),
            };
            drop(permit);
            if self.note(place, event.as_ref().ok(), at, attempted).await? {
                return Ok(());
            }
        }
    }

    /// Writes down what became of an attempt; returns whether the event was accepted.
    async fn note(
        &mut self,
        place: ChangeCursor,
        event: Option<&Event>,
        at: DateTime<Utc>,
        attempted: Attempted,
    ) -> Result<bool, Ended> {
        let settings = &self.inner.settings;
        let failures = self.row.subscription.failures;
        let consequence = match (&attempted.error, attempted.is_gone()) {
            (None, _) => Consequence::Accepted(place),
            (Some(_), true) => Consequence::Gone,
            (Some(_), false) => {
                let failures = failures.saturating_add(1);
                let asked = attempted.retry_after.unwrap_or_default().min(settings.max_retry_after);
                let wait = delay(failures, chance(), settings).max(asked);
                Consequence::Again { failures, at: self.inner.clock.now() + wait }
            }
        };
        let delivery = Delivery {
            id: new_id(),
            subscription: self.row.subscription.id,
            event_id: event.map_or_else(|| place.revision.to_string(), |event| event.id.clone()),
            event_type: event.map_or("dev.callboard.entity.unknown", |event| event.kind).to_owned(),
            revision: place.revision,
            attempt: failures.saturating_add(1),
            attempted_at: at,
            duration: attempted.duration,
            status: attempted.status,
            error: attempted.error,
            excerpt: attempted.excerpt,
        };
        self.log(&delivery, &consequence);
        if !self.record(&delivery, &consequence).await? {
            return Err(Ended::Stopped);
        }
        match consequence {
            Consequence::Accepted(place) => {
                self.row.subscription.failures = 0;
                self.row.subscription.next_attempt_at = None;
                self.advance(place);
                Ok(true)
            }
            Consequence::Again { failures, at } => {
                self.row.subscription.failures = failures;
                self.row.subscription.next_attempt_at = Some(at);
                Ok(false)
            }
            Consequence::Gone => Err(Ended::Stopped),
        }
    }

    /// Writes to the database, which may be away for a moment: what was accepted should not be sent again for that.
    async fn record(&self, delivery: &Delivery, consequence: &Consequence) -> Result<bool, Ended> {
        let kept = self.inner.settings.deliveries_kept;
        let mut pause = RECORD_PAUSE;
        for _ in 1..RECORD_ATTEMPTS {
            match record(&self.inner.db, self.under(), delivery, consequence, kept).await {
                Ok(is_ours) => return Ok(is_ours),
                Err(_) => tokio::time::sleep(pause).await,
            }
            pause *= 2;
        }
        Ok(record(&self.inner.db, self.under(), delivery, consequence, kept).await?)
    }

    fn log(&self, delivery: &Delivery, consequence: &Consequence) {
        let id = delivery.subscription;
        let error = delivery.error.as_deref().unwrap_or_default();
        match consequence {
            Consequence::Accepted(_) if delivery.attempt > 1 => {
                tracing::info!(webhook.id = %id, attempts = delivery.attempt, "a webhook accepts events again");
            }
            Consequence::Accepted(_) => {}
            Consequence::Again { failures: 1, .. } => {
                tracing::warn!(webhook.id = %id, error, "a webhook did not accept an event; it is tried again");
            }
            Consequence::Again { .. } => {
                tracing::debug!(webhook.id = %id, error, attempts = delivery.attempt, "a webhook still fails");
            }
            Consequence::Gone => tracing::warn!(webhook.id = %id, "a webhook is gone; it is paused"),
        }
    }

    fn advance(&mut self, place: ChangeCursor) {
        self.row.place = place;
        *self.passed.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }

    /// Waits until the next attempt may be made.
    async fn wait_for_turn(&self) -> Result<(), Ended> {
        while let Some(at) = self.row.subscription.next_attempt_at {
            let Ok(left) = (at - self.inner.clock.now()).to_std() else { break };
            if left.is_zero() {
                break;
            }
            // In short steps, because the clock that counts is not the one that sleeps.
            self.pause(left.min(self.inner.settings.tick)).await?;
        }
        if self.stop.is_cancelled() { Err(Ended::Stopped) } else { Ok(()) }
    }

    async fn pause(&self, how_long: Duration) -> Result<(), Ended> {
        tokio::select! {
            () = self.stop.cancelled() => Err(Ended::Stopped),
            () = tokio::time::sleep(how_long) => Ok(()),
        }
    }

    /// Makes sure that nobody else delivers while an attempt may take.
    async fn require_lease(&self) -> Result<(), Ended> {
        let Under { subscription, fence } = self.under();
        let until = leases::valid_until(&self.inner.db, subscription, self.inner.holder, fence).await?;
        match until {
            Some(until) if until >= self.inner.clock.now() + self.inner.settings.timeout => Ok(()),
            _ => Err(Ended::Stopped),
        }
    }
}

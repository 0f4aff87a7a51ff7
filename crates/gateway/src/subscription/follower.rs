//! One subscriber's way through the log.
//!
//! Owns where it starts, what is left out, and when it says where it stands.

use std::{pin::Pin, sync::Arc, time::Duration};

use callboard_catalog::{Catalog, CatalogError, Change, ChangeCursor, Resume};
use callboard_foundation::Clock;
use callboard_transport::Event;
use futures::{Stream, StreamExt, stream};
use tokio::time::{Instant, Sleep, sleep};

use super::{arguments::refused, audience::Audience};
use crate::{
    answer::Refusal,
    error::{GatewayError, chain},
    schema::change::{ChangeCheckpoint, EntityChangeEvent},
};

/// How long to wait before the log is read again after it could not be read: a database may be away for a moment.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// One subscriber's way through the log.
pub(super) struct Follower {
    catalog: Catalog,
    clock: Clock,
    audience: Audience,
    changes: Pin<Box<dyn Stream<Item = Result<Arc<Change>, CatalogError>> + Send>>,
    /// How long nothing may happen before it says where it stands.
    pause: Duration,
    timer: Pin<Box<Sleep>>,
    /// The last change looked at, wanted or not.
    seen: ChangeCursor,
    first: Option<EntityChangeEvent>,
}

impl Follower {
    /// Finds out where to start.
    pub(super) async fn start(
        catalog: Catalog,
        clock: Clock,
        after: Option<ChangeCursor>,
        pause: Duration,
        audience: Audience,
    ) -> Result<Self, Box<Refusal>> {
        let resume = match after {
            None => Ok(Resume::After(catalog.snapshot().revision())),
            Some(cursor) => catalog.resume(cursor).await,
        };
        let resume = resume.map_err(|error| refused(&error.into()))?;
        let seen = match resume {
            Resume::After(revision) => after.unwrap_or_else(|| catalog.cursor_at(revision)),
            Resume::Reset(reset) => reset.cursor,
        };
        let changes = catalog.changes(Some(seen.revision)).boxed();
        let timer = Box::pin(sleep(pause));
        let mut follower = Self { catalog, clock, audience, changes, pause, timer, seen, first: None };
        follower.first = Some(match resume {
            Resume::After(_) => follower.checkpoint(),
            Resume::Reset(reset) => EntityChangeEvent::Reset(reset.into()),
        });
        Ok(follower)
    }

    /// Streams the events: where it stands first, then what happens. It ends when the log can't be read any further; the
    /// last cursor is where to go on.
    pub(super) fn events(self) -> impl Stream<Item = Event> + Send {
        stream::unfold(self, |mut follower| async {
            let event = follower.next().await?;
            Some((event, follower))
        })
    }

    async fn next(&mut self) -> Option<Event> {
        if let Some(first) = self.first.take() {
            return Some(self.audience.own(first).await);
        }
        let deadline = Instant::now() + self.pause;
        loop {
            let change = tokio::select! {
                change = self.changes.next() => change?,
                () = wait_until(deadline, &mut self.timer) => return Some(self.audience.own(self.checkpoint()).await),
            };
            if let Err(CatalogError::HistoryExpired { .. } | CatalogError::LogReplaced) = change {
                let reset = self.start_again();
                return Some(self.audience.own(reset).await);
            }
            let change = match change {
                Ok(change) => change,
                Err(CatalogError::ShuttingDown) => return None,
                Err(error) => {
                    tracing::warn!(
                        error = chain(&error),
                        "the log can't be read for a subscription; it is tried again"
                    );
                    sleep(RETRY_AFTER).await;
                    self.changes = self.catalog.changes(Some(self.seen.revision)).boxed();
                    continue;
                }
            };
            match self.look_at(change).await {
                Ok(Some(event)) => return Some(event),
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(error = chain(&error), "a subscription can't be followed any further");
                    return None;
                }
            }
        }
    }

    async fn look_at(&mut self, change: Arc<Change>) -> Result<Option<Event>, GatewayError> {
        let place = ChangeCursor { revision: change.revision, ..self.seen };
        let event = self.audience.change(&change, place).await?;
        self.seen = place;
        Ok(event)
    }

    /// Says that changes were lost, and goes on from now.
    fn start_again(&mut self) -> EntityChangeEvent {
        let reset = self.catalog.reset();
        self.seen = reset.cursor;
        self.changes = self.catalog.changes(Some(reset.cursor.revision)).boxed();
        EntityChangeEvent::Reset(reset.into())
    }

    fn checkpoint(&self) -> EntityChangeEvent {
        let (cursor, revision) = (self.seen.to_string(), self.seen.revision.into());
        EntityChangeEvent::Checkpoint(ChangeCheckpoint { cursor, revision, at: self.clock.now() })
    }
}

/// Waits for a moment that comes later and later: the timer is moved when it fires, and not with every change, since all
/// subscribers would move theirs at the same time.
async fn wait_until(deadline: Instant, timer: &mut Pin<Box<Sleep>>) {
    while Instant::now() < deadline {
        if timer.is_elapsed() || timer.deadline() > deadline {
            timer.as_mut().reset(deadline);
        }
        timer.as_mut().await;
    }
}

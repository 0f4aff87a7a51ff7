//! One subscriber's way through the log.
//!
//! Owns where it starts, what is left out, and when it says where it stands.

use std::{pin::Pin, sync::Arc};

use callboard_catalog::{Catalog, CatalogError, Change, ChangeCursor, Resume};
use callboard_foundation::Clock;
use callboard_view::Filter;
use futures::{Stream, StreamExt, stream};
use tokio::time::{Instant, sleep_until};

use super::arguments::{FollowArguments, refused};
use crate::{
    answer::Refusal,
    error::{GatewayError, chain},
    schema::change::{ChangeCheckpoint, EntityChange, EntityChangeEvent},
};

/// One subscriber's way through the log.
pub(super) struct Follower {
    catalog: Catalog,
    clock: Clock,
    arguments: FollowArguments,
    changes: Pin<Box<dyn Stream<Item = Result<Arc<Change>, CatalogError>> + Send>>,
    /// The last change looked at, wanted or not.
    seen: ChangeCursor,
    first: Option<EntityChangeEvent>,
}

impl Follower {
    /// Finds out where to start.
    pub(super) async fn start(
        catalog: Catalog,
        clock: Clock,
        arguments: FollowArguments,
    ) -> Result<Self, Box<Refusal>> {
        let resume = match arguments.after {
            None => Ok(Resume::After(catalog.snapshot().revision())),
            Some(cursor) => catalog.resume(cursor).await,
        };
        let resume = resume.map_err(|error| refused(&error.into()))?;
        let seen = match resume {
            Resume::After(revision) => arguments.after.unwrap_or_else(|| catalog.cursor_at(revision)),
            Resume::Reset(reset) => reset.cursor,
        };
        let changes = catalog.changes(Some(seen.revision)).boxed();
        let mut follower = Self { catalog, clock, arguments, changes, seen, first: None };
        follower.first = Some(match resume {
            Resume::After(_) => follower.checkpoint(),
            Resume::Reset(reset) => EntityChangeEvent::Reset(reset.into()),
        });
        Ok(follower)
    }

    /// Says that changes were lost, and goes on from now.
    fn start_again(&mut self) -> EntityChangeEvent {
        let reset = self.catalog.reset();
        self.seen = reset.cursor;
        self.changes = self.catalog.changes(Some(reset.cursor.revision)).boxed();
        EntityChangeEvent::Reset(reset.into())
    }

    /// Streams the events: where it stands first, then what happens. It ends when the log can't be read any further; the
    /// last cursor is where to go on.
    pub(super) fn events(self) -> impl Stream<Item = EntityChangeEvent> + Send {
        stream::unfold(self, |mut follower| async {
            let event = follower.next().await?;
            Some((event, follower))
        })
    }

    async fn next(&mut self) -> Option<EntityChangeEvent> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        let deadline = Instant::now() + self.arguments.pause;
        loop {
            let change = tokio::select! {
                change = self.changes.next() => change?,
                () = sleep_until(deadline) => return Some(self.checkpoint()),
            };
            if let Err(CatalogError::HistoryExpired { .. } | CatalogError::LogReplaced) = change {
                return Some(self.start_again());
            }
            match change.map_err(GatewayError::from).and_then(|change| self.event(change)) {
                Ok(Some(event)) => return Some(event),
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(error = chain(&error), "a subscription can't be followed any further");
                    return None;
                }
            }
        }
    }

    fn checkpoint(&self) -> EntityChangeEvent {
        let (cursor, revision) = (self.seen.to_string(), self.seen.revision.into());
        EntityChangeEvent::Checkpoint(ChangeCheckpoint { cursor, revision, at: self.clock.now() })
    }

    /// Turns a change into an event, when it is wanted.
    fn event(&mut self, change: Arc<Change>) -> Result<Option<EntityChangeEvent>, GatewayError> {
        self.seen.revision = change.revision;
        if self.arguments.operations.as_ref().is_some_and(|wanted| !wanted.contains(&change.operation)) {
            return Ok(None);
        }
        let snapshot = self.catalog.snapshot();
        if let Some(filter) = &self.arguments.filter {
            // Only the one entity is looked at; the rest of the filter is evaluated within that.
            let filter = Filter::And(vec![Filter::Ref(vec![change.entity_ref.clone()]), filter.clone()]);
            let mut is_wanted = false;
            for record in [&change.before, &change.after].into_iter().flatten() {
                is_wanted = is_wanted || snapshot.index.matches(&filter, record)?;
            }
            if !is_wanted {
                return Ok(None);
            }
        }
        Ok(Some(EntityChangeEvent::Change(EntityChange::new(change, snapshot, self.seen))))
    }
}

//! One subscriber's way through the log.
//!
//! Owns where it starts, what is left out, and when it says where it stands.

use std::{pin::Pin, sync::Arc, time::Duration};

use callboard_catalog::{Catalog, CatalogError, Change};
use callboard_entity_model::Revision;
use callboard_foundation::Clock;
use callboard_view::Filter;
use futures::{Stream, StreamExt, stream};
use tokio::time::{Instant, sleep_until, timeout};

use super::arguments::FollowArguments;
use crate::{
    answer::Refusal,
    error::{GatewayError, chain},
    schema::change::{ChangeCheckpoint, ChangeReset, EntityChange, EntityChangeEvent, encode_cursor},
};

/// How long to wait for a log that is behind the cursor: another replica may have been ahead of this one.
const CATCH_UP: Duration = Duration::from_secs(5);

/// One subscriber's way through the log.
pub(super) struct Follower {
    catalog: Catalog,
    clock: Clock,
    arguments: FollowArguments,
    changes: Pin<Box<dyn Stream<Item = Result<Arc<Change>, CatalogError>> + Send>>,
    /// The last change looked at, wanted or not.
    seen: Revision,
    first: Option<EntityChangeEvent>,
}

impl Follower {
    /// Finds out where to start.
    pub(super) async fn start(
        catalog: Catalog,
        clock: Clock,
        arguments: FollowArguments,
    ) -> Result<Self, Box<Refusal>> {
        let (start, is_reset) = start(&catalog, arguments.after).await;
        let changes = catalog.changes(Some(start)).boxed();
        let mut follower = Self { catalog, clock, arguments, changes, seen: start, first: None };
        follower.first = Some(match is_reset {
            true => EntityChangeEvent::Reset(ChangeReset { cursor: encode_cursor(start), revision: start.into() }),
            false => follower.checkpoint(),
        });
        Ok(follower)
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
        let (cursor, revision) = (encode_cursor(self.seen), self.seen.into());
        EntityChangeEvent::Checkpoint(ChangeCheckpoint { cursor, revision, at: self.clock.now() })
    }

    /// Turns a change into an event, when it is wanted.
    fn event(&mut self, change: Arc<Change>) -> Result<Option<EntityChangeEvent>, GatewayError> {
        self.seen = change.revision;
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
        Ok(Some(EntityChangeEvent::Change(EntityChange::new(change, snapshot))))
    }
}

/// Returns where to start, and whether that is because the cursor is of no use.
async fn start(catalog: &Catalog, after: Option<Revision>) -> (Revision, bool) {
    let Some(after) = after else { return (catalog.snapshot().revision(), false) };
    let has_reached = timeout(CATCH_UP, catalog.revision_at_least(after)).await.is_ok();
    match has_reached {
        true => (after, false),
        false => (catalog.snapshot().revision(), true),
    }
}

//! What can be followed.
//!
//! Owns the fields of `Subscription`: turning the log's changes into events, with filters, checkpoints and resets. That no
//! change is lost or sent twice is `catalog`'s promise.

use std::{pin::Pin, sync::Arc, time::Duration};

use async_graphql::{Context, Subscription};
use callboard_catalog::{Catalog, CatalogError, Change, Operation};
use callboard_entity_model::Revision;
use callboard_foundation::Clock;
use callboard_view::Filter;
use futures::{Stream, StreamExt, stream};
use tokio::time::{Instant, sleep_until, timeout};

use super::{
    change::{
        ChangeCheckpoint, ChangeReset, ChangeType, EntityChange, EntityChangeEvent, decode_cursor, encode_cursor,
    },
    context::ContextExt,
    filter::EntityFilter,
};
use crate::error::GatewayError;

/// How long to wait for a log that is behind the cursor: another replica may have been ahead of this one.
const CATCH_UP: Duration = Duration::from_secs(5);
/// The longest time between two checkpoints that can be asked for.
const MAX_CHECKPOINT_SECONDS: i32 = 3_600;

/// The root of everything that can be followed.
pub(crate) struct SubscriptionRoot;

/// What can be followed.
#[Subscription(name = "Subscription")]
impl SubscriptionRoot {
    /// Changes of entities, in the order of the log, none left out and none twice. It starts with a checkpoint. With
    /// `after`, everything after that cursor is sent first.
    async fn entity_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entities, before or after the change; all when left out.")] filter: Option<
            EntityFilter,
        >,
        #[graphql(desc = "Which changes; all when left out.")] types: Option<Vec<ChangeType>>,
        #[graphql(desc = "A cursor of an earlier event; from now on when left out.")] after: Option<String>,
        #[graphql(
            desc = "Send a checkpoint when there was nothing to send for so long; from 1 to 3600.",
            default = 15
        )]
        checkpoint_seconds: i32,
    ) -> Result<impl Stream<Item = Result<EntityChangeEvent, async_graphql::Error>>, GatewayError> {
        let catalog = ctx.catalog().clone();
        let clock = ctx.data_unchecked::<Clock>().clone();
        let pause = match u64::try_from(checkpoint_seconds) {
            Ok(seconds @ 1..) if checkpoint_seconds <= MAX_CHECKPOINT_SECONDS => Duration::from_secs(seconds),
            _ => return Err(GatewayError::bad_argument("checkpointSeconds", "must be from 1 to 3600")),
        };
        let wish = Wish {
            filter: filter.map(EntityFilter::into_filter).transpose()?,
            operations: types.map(|types| types.into_iter().map(Into::into).collect()),
        };
        let after = after.map(|cursor| decode_cursor(&cursor).ok_or(GatewayError::InvalidCursor)).transpose()?;
        let (start, is_reset) = start(&catalog, after).await;
        let changes = catalog.changes(Some(start)).boxed();
        let first = match is_reset {
            true => EntityChangeEvent::Reset(ChangeReset { cursor: encode_cursor(start), revision: start.into() }),
            false => checkpoint(start, &clock),
        };
        let follower = Follower { catalog, clock, wish, changes, pause, seen: start, is_over: false };
        let rest = stream::unfold(follower, |mut follower| async {
            let event = follower.next().await?;
            Some((event.map_err(async_graphql::Error::from), follower))
        });
        Ok(stream::once(async { Ok(first) }).chain(rest))
    }
}

/// Which changes are wanted.
struct Wish {
    filter: Option<Filter>,
    operations: Option<Vec<Operation>>,
}

/// One subscriber's way through the log.
struct Follower {
    catalog: Catalog,
    clock: Clock,
    wish: Wish,
    changes: Pin<Box<dyn Stream<Item = Result<Arc<Change>, CatalogError>> + Send>>,
    pause: Duration,
    /// The last change looked at, wanted or not.
    seen: Revision,
    is_over: bool,
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

fn checkpoint(revision: Revision, clock: &Clock) -> EntityChangeEvent {
    let cursor = encode_cursor(revision);
    EntityChangeEvent::Checkpoint(ChangeCheckpoint { cursor, revision: revision.into(), at: clock.now() })
}

impl Follower {
    /// Waits for the next event; nothing when the log can't be followed any further.
    async fn next(&mut self) -> Option<Result<EntityChangeEvent, GatewayError>> {
        let deadline = Instant::now() + self.pause;
        while !self.is_over {
            let change = tokio::select! {
                change = self.changes.next() => change?,
                () = sleep_until(deadline) => return Some(Ok(checkpoint(self.seen, &self.clock))),
            };
            match change.map_err(GatewayError::from).and_then(|change| self.event(change)) {
                Ok(Some(event)) => return Some(Ok(event)),
                Ok(None) => {}
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }

    /// Turns a change into an event, when it is wanted.
    fn event(&mut self, change: Arc<Change>) -> Result<Option<EntityChangeEvent>, GatewayError> {
        self.seen = change.revision;
        if self.wish.operations.as_ref().is_some_and(|wanted| !wanted.contains(&change.operation)) {
            return Ok(None);
        }
        let snapshot = self.catalog.snapshot();
        if let Some(filter) = &self.wish.filter {
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

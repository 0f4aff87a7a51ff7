//! Reads sources again soon after their files change.
//!
//! Owns the way from "something changed at this location" to a refresh. Noticing is `callboard_discovery`'s work, and
//! what a refresh does is the catalog's.

use std::sync::Arc;

use callboard_catalog::{Actor, Catalog, Cause, ReadMode};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::failure::chain;

/// How many changed locations wait at most; the watcher keeps the rest.
pub(crate) const QUEUE: usize = 64;

/// Refreshes the source of each location that `changed` names, until told to stop.
pub(crate) async fn run(catalog: Catalog, mut changed: mpsc::Receiver<Arc<str>>, shutdown: CancellationToken) {
    loop {
        let location = tokio::select! {
            () = shutdown.cancelled() => return,
            location = changed.recv() => match location {
                Some(location) => location,
                None => return,
            },
        };
        refresh(&catalog, &location).await;
    }
}

async fn refresh(catalog: &Catalog, location: &str) {
    let source = location
        .split_once(':')
        .and_then(|(kind, target)| catalog.snapshot().sources.source_at(kind, target).map(|source| source.id));
    let Some(id) = source else {
        tracing::debug!(location, "a watched location is no source any more");
        return;
    };
    match catalog.refresh_source(id, ReadMode::Conditional, Cause::Watch, &Actor::system()).await {
        Ok(outcome) if outcome.is_unchanged() => tracing::debug!(location, "watched files changed, entities did not"),
        Ok(outcome) => tracing::info!(
            location,
            revision = outcome.revision.0,
            added = outcome.added.len(),
            changed = outcome.changed.len(),
            removed = outcome.removed.len(),
            problems = outcome.problems.len(),
            "watched files changed"
        ),
        Err(error) => {
            tracing::warn!(
                location,
                error = chain(&error),
                "watched files changed but could not be read; the schedule tries again"
            );
        }
    }
}

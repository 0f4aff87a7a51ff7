//! Reads sources again soon after their files change.
//!
//! Owns the way from "something changed at this location" to a refresh. Noticing is `callboard_discovery`'s work, and
//! what a refresh does is the catalog's.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use callboard_catalog::{Actor, Catalog, CatalogError, Cause, ReadMode};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::failure::chain;

/// How many changed locations wait at most; the watcher keeps the rest.
pub(crate) const QUEUE: usize = 64;

/// How long to wait before what could not be read is tried again …
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// … and at most, after it failed several times.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Refreshes the source of each location that `changed` names, until told to stop. What fails, because the database is
/// away for example, is tried again until it succeeds: no schedule may be coming to its help.
pub(crate) async fn run(catalog: Catalog, mut changed: mpsc::Receiver<Arc<str>>, shutdown: CancellationToken) {
    let mut failed: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut pause = FIRST_PAUSE;
    loop {
        let locations = tokio::select! {
            () = shutdown.cancelled() => return,
            location = changed.recv() => match location {
                Some(location) => BTreeSet::from([location]),
                None => return,
            },
            () = tokio::time::sleep(pause), if !failed.is_empty() => failed.clone(),
        };
        for location in locations {
            match refresh(&catalog, &location).await {
                Ok(()) => {
                    failed.remove(&location);
                    pause = FIRST_PAUSE;
                }
                Err(error) => {
                    tracing::warn!(
                        location = &*location,
                        error = chain(&error),
                        "watched files changed but could not be read; this is tried again"
                    );
                    failed.insert(location);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }
}

async fn refresh(catalog: &Catalog, location: &str) -> Result<(), CatalogError> {
    let source = location
        .split_once(':')
        .and_then(|(kind, target)| catalog.snapshot().sources.source_at(kind, target).map(|source| source.id));
    let Some(id) = source else {
        tracing::debug!(location, "a watched location is no source any more");
        return Ok(());
    };
    let outcome = catalog.refresh_source(id, ReadMode::Conditional, Cause::Watch, &Actor::system()).await?;
    if outcome.is_unchanged() {
        tracing::debug!(location, "watched files changed, entities did not");
    } else {
        tracing::info!(
            location,
            revision = outcome.revision.0,
            added = outcome.added.len(),
            changed = outcome.changed.len(),
            removed = outcome.removed.len(),
            problems = outcome.problems.len(),
            "watched files changed"
        );
    }
    Ok(())
}

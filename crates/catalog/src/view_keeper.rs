//! Keeps the snapshot that readers see, and swaps in a newer one.
//!
//! Owns the swap, the memory of recent changes, and telling who waits for a revision. Readers never wait here; writers
//! and the tailer take turns. Where changes come from is `crate::operations`' and `crate::follow`'s business.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use arc_swap::ArcSwap;
use callboard_entity_model::{EntityRef, Revision};
use callboard_view::{CatalogIndex, EntityRecord, ViewChange};
use tokio::sync::{MutexGuard, watch};

use crate::{CatalogError, CatalogSnapshot, Change, SourcesView};

/// Up to so many changes are applied where we are; more go to a thread that may block.
pub(crate) const FEW_CHANGES: usize = 500;
/// Rebuilding pays only for at least so many changes …
const REBUILD_AT_LEAST: usize = 10_000;
/// … and more than this part of the index (one in four).
const REBUILD_SHARE: usize = 4;

/// The current snapshot and everything around it.
#[derive(Debug)]
pub(crate) struct ViewKeeper {
    current: ArcSwap<CatalogSnapshot>,
    turn: tokio::sync::Mutex<()>,
    revision: watch::Sender<Revision>,
    recent: Mutex<VecDeque<Arc<Change>>>,
    recent_limit: usize,
}

/// The right to swap; one at a time.
pub(crate) struct Turn<'a> {
    keeper: &'a ViewKeeper,
    _guard: MutexGuard<'a, ()>,
}

impl ViewKeeper {
    pub(crate) fn new(snapshot: CatalogSnapshot, recent_limit: usize) -> Self {
        let revision = watch::Sender::new(snapshot.revision());
        Self {
            current: ArcSwap::from_pointee(snapshot),
            turn: tokio::sync::Mutex::default(),
            revision,
            recent: Mutex::default(),
            recent_limit,
        }
    }

    /// Returns the snapshot.
    pub(crate) fn snapshot(&self) -> Arc<CatalogSnapshot> {
        self.current.load_full()
    }

    /// Returns what tells of every new revision.
    pub(crate) fn watch(&self) -> watch::Receiver<Revision> {
        self.revision.subscribe()
    }

    /// Waits for the right to swap.
    pub(crate) async fn turn(&self) -> Turn<'_> {
        Turn { keeper: self, _guard: self.turn.lock().await }
    }

    /// Returns at most `limit` changes after a revision from memory; `None` when memory does not reach back so far.
    pub(crate) fn recent_after(&self, after: Revision, limit: usize) -> Option<Vec<Arc<Change>>> {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let first = recent.front()?.revision;
        if first > after.next() {
            return None;
        }
        let skip = usize::try_from(after.next().0 - first.0).unwrap_or(usize::MAX);
        Some(recent.iter().skip(skip).take(limit).cloned().collect())
    }

    /// Returns whether so many changes are better taken in by building the index anew.
    pub(crate) fn is_rebuild_better(changes: u64, entities: usize) -> bool {
        changes > Self::most_changes_applied(entities)
    }

    /// Returns up to how many changes are applied one by one.
    pub(crate) fn most_changes_applied(entities: usize) -> u64 {
        REBUILD_AT_LEAST.max(entities / REBUILD_SHARE) as u64
    }
}

impl Turn<'_> {
    /// Returns the snapshot that will be replaced.
    pub(crate) fn snapshot(&self) -> Arc<CatalogSnapshot> {
        self.keeper.snapshot()
    }

    /// Applies changes that follow the snapshot's revision without a gap, and swaps in new sources, both at once.
    pub(crate) async fn apply(
        &self,
        changes: Vec<Arc<Change>>,
        sources: Option<SourcesView>,
    ) -> Result<(), CatalogError> {
        let before = self.snapshot();
        let sources = sources.map_or_else(|| Arc::clone(&before.sources), Arc::new);
        let index = match changes.last().map(|change| change.revision) {
            None => Arc::clone(&before.index),
            Some(revision) => {
                let index = Arc::clone(&before.index);
                let few = changes.len() <= FEW_CHANGES;
                let shared: Vec<Arc<Change>> = changes.clone();
                let work = move || next_index(&index, revision, &shared);
                Arc::new(if few { work() } else { blocking(work).await? })
            }
        };
        self.swap(CatalogSnapshot::new(index, sources), changes, false);
        Ok(())
    }

    /// Swaps in a whole snapshot that was built anew; what is remembered of recent changes no longer joins on to it.
    pub(crate) fn replace(&self, snapshot: CatalogSnapshot) {
        self.swap(snapshot, Vec::new(), true);
    }

    /// Wakes whoever waits for a revision, without a new one.
    pub(crate) fn wake(&self) {
        self.keeper.revision.send_modify(|_| {});
    }

    /// Swaps in new sources.
    pub(crate) fn replace_sources(&self, sources: SourcesView) {
        let index = Arc::clone(&self.snapshot().index);
        self.swap(CatalogSnapshot::new(index, Arc::new(sources)), Vec::new(), false);
    }

    fn swap(&self, snapshot: CatalogSnapshot, changes: Vec<Arc<Change>>, forgets_recent: bool) {
        let revision = snapshot.revision();
        {
            let mut recent = self.keeper.recent.lock().unwrap_or_else(PoisonError::into_inner);
            if forgets_recent {
                recent.clear();
            }
            let limit = self.keeper.recent_limit;
            if changes.len() >= limit {
                recent.clear();
            }
            let skip = changes.len().saturating_sub(limit);
            recent.extend(changes.into_iter().skip(skip));
            let excess = recent.len().saturating_sub(limit);
            recent.drain(..excess);
        }
        self.keeper.current.store(Arc::new(snapshot));
        self.keeper.revision.send_replace(revision);
    }
}

fn next_index(index: &CatalogIndex, revision: Revision, changes: &[Arc<Change>]) -> CatalogIndex {
    let states = changes.iter().map(|change| (change.entity_ref.clone(), change.after.clone())).collect();
    with_states(index, revision, states)
}

/// Returns the index in which these entities are so, at another revision. Of two states of an entity the later counts.
pub(crate) fn with_states(
    index: &CatalogIndex,
    revision: Revision,
    states: Vec<(EntityRef, Option<Arc<EntityRecord>>)>,
) -> CatalogIndex {
    if ViewKeeper::is_rebuild_better(states.len() as u64, index.len()) {
        let states: HashMap<EntityRef, Option<Arc<EntityRecord>>> = states.into_iter().collect();
        let kept = index.records().filter(|record| !states.contains_key(&record.entity_ref)).cloned();
        return CatalogIndex::build(revision, kept.chain(states.values().flatten().cloned()));
    }
    let changes = states
        .into_iter()
        .map(|(entity_ref, state)| match state {
            Some(record) => ViewChange::Upsert(record),
            None => ViewChange::Remove(entity_ref),
        })
        .collect();
    index.apply(revision, changes)
}

/// Runs work that takes long on a thread that may block.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, CatalogError> {
    // The only ways to fail are a panic, which is reported where it happens, and the end of the runtime.
    tokio::task::spawn_blocking(work).await.map_err(|_| CatalogError::ShuttingDown)
}

#[cfg(test)]
mod tests;

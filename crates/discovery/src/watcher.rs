//! Watching the files of sources, to read them again soon after they change.
//!
//! Owns the system's watches and the short wait that turns a burst of events into one message. Folders are watched, not
//! files, so that editors that write a new file and rename it are noticed, and new files too. What is said is only
//! "read this source again": reading finds out what changed, so that saying it once too often costs little and changes
//! nothing. Network file systems may say nothing at all; the schedule is the safety net. Start reading at
//! [`Watcher::watch`].

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use callboard_entity_model::LocationSpec;
use notify::{Event, EventKind, event};
use tokio::{
    sync::{Notify, mpsc},
    task::JoinHandle,
    time::Instant,
};

use crate::{DiscoveryError, expand::Target};
use folders::Folders;
use interest::Interest;

mod folders;
mod interest;

/// A burst of events is over after this long without one.
const QUIET: Duration = Duration::from_millis(100);
/// A burst that does not end is told after this long.
const PATIENCE: Duration = Duration::from_millis(400);

/// Watches the files of sources until it is dropped.
#[derive(Debug)]
pub struct Watcher {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    /// Never locked while waiting for the system's watcher: its thread takes this lock in the callback.
    pending: Mutex<Pending>,
    wake: Notify,
    /// The system's watches; never locked in the callback.
    folders: Mutex<Folders>,
}

#[derive(Debug, Default)]
struct Pending {
    interests: HashMap<Arc<str>, Interest>,
    /// The sources that changed.
    changed: HashSet<Arc<str>>,
    /// Whether folders came or went, so that the watches must be looked at again.
    must_rearm: bool,
    /// What was removed or renamed since the watches were looked at.
    lost: HashSet<PathBuf>,
    events: u64,
}

impl Watcher {
    /// Starts watching nothing yet. For each change in what is watched later, `sender` gets the reference of the
    /// source's location, `file:/path`, about 100 ms after the last of a burst of events.
    ///
    /// Must be called on a tokio runtime.
    ///
    /// # Errors
    /// When the system gives no watcher.
    pub fn start(sender: mpsc::Sender<Arc<str>>) -> Result<Self, DiscoveryError> {
        let shared = Arc::new_cyclic(|weak: &std::sync::Weak<Shared>| {
            let weak = weak.clone();
            let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
                if let Some(shared) = weak.upgrade() {
                    shared.note(event);
                }
            });
            Shared { pending: Mutex::default(), wake: Notify::new(), folders: Mutex::new(Folders::new(watcher)) }
        });
        lock(&shared.folders).check()?;
        let task = tokio::spawn(Arc::clone(&shared).tell(sender));
        Ok(Self { shared, task })
    }

    /// Watches a source of type `file`, and the `files` that it was last read from (`file:/path`; others are ignored),
    /// in place of what was watched for it before. Blocks while the system walks through the folders.
    ///
    /// # Errors
    /// When the system refuses a folder; the others are watched.
    pub fn watch<'a>(
        &self,
        location: &LocationSpec,
        files: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), DiscoveryError> {
        if location.kind != "file" {
            return Ok(());
        }
        // A pattern that can't be read matches nothing; reading says so.
        let target = Target::of(&location.target).ok();
        let interest = Interest::new(target, files);
        lock(&self.shared.pending).interests.insert(location.reference().into(), interest);
        self.shared.rearm()
    }

    /// Stops watching a source.
    ///
    /// # Errors
    /// When the system refuses a folder of another source.
    pub fn unwatch(&self, location: &LocationSpec) -> Result<(), DiscoveryError> {
        lock(&self.shared.pending).interests.remove(location.reference().as_str());
        self.shared.rearm()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    /// Takes an event; runs on the system watcher's thread.
    fn note(&self, event: notify::Result<Event>) {
        let mut pending = lock(&self.pending);
        match event {
            Ok(event) if is_only_reading(event.kind) => return,
            Ok(event) if !event.need_rescan() => {
                let is_structural = !matches!(
                    event.kind,
                    EventKind::Modify(event::ModifyKind::Data(_) | event::ModifyKind::Metadata(_))
                        | EventKind::Access(_)
                );
                let Pending { interests, changed, must_rearm, lost, .. } = &mut *pending;
                for (reference, interest) in interests.iter() {
                    if event.paths.iter().any(|path| interest.is_touched_by(path, is_structural)) {
                        changed.insert(Arc::clone(reference));
                    }
                }
                *must_rearm |= is_structural;
                if matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(event::ModifyKind::Name(_))) {
                    lost.extend(event.paths);
                }
                if changed.is_empty() && !*must_rearm {
                    return;
                }
            }
            // Events were lost, or the watcher has trouble: everything may have changed.
            Ok(_) | Err(_) => {
                let everything: Vec<_> = pending.interests.keys().cloned().collect();
                pending.changed.extend(everything);
                pending.must_rearm = true;
            }
        }
        pending.events += 1;
        drop(pending);
        self.wake.notify_one();
    }

    /// Tells changes, burst by burst, until the receiver is gone.
    async fn tell(self: Arc<Self>, sender: mpsc::Sender<Arc<str>>) {
        loop {
            self.wake.notified().await;
            let deadline = Instant::now() + PATIENCE;
            let mut seen = lock(&self.pending).events;
            loop {
                tokio::time::sleep(QUIET).await;
                let events = lock(&self.pending).events;
                if events == seen || Instant::now() >= deadline {
                    break;
                }
                seen = events;
            }
            let (changed, must_rearm) = {
                let mut pending = lock(&self.pending);
                (std::mem::take(&mut pending.changed), std::mem::take(&mut pending.must_rearm))
            };
            if must_rearm {
                let shared = Arc::clone(&self);
                let rearmed = tokio::task::spawn_blocking(move || shared.rearm()).await;
                if let Ok(Err(error)) = rearmed {
                    tracing::warn!(error = &error as &dyn std::error::Error, "a folder can't be watched");
                }
            }
            for reference in changed {
                if sender.send(reference).await.is_err() {
                    return;
                }
            }
        }
    }

    /// Brings the system's watches in line with what is of interest and with the folders that exist now.
    fn rearm(&self) -> Result<(), DiscoveryError> {
        // Taken first, so that of two that do this at once the later one sees the later state.
        let mut folders = lock(&self.folders);
        let mut wanted = BTreeMap::new();
        let lost = {
            let mut pending = lock(&self.pending);
            for interest in pending.interests.values() {
                interest.add_folders(&mut wanted);
            }
            std::mem::take(&mut pending.lost)
        };
        folders.set(wanted, &lost)
    }
}

/// Says whether an event only tells that somebody opened or read a file, as we do ourselves.
fn is_only_reading(kind: EventKind) -> bool {
    matches!(kind, EventKind::Access(access) if access != event::AccessKind::Close(event::AccessMode::Write))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;

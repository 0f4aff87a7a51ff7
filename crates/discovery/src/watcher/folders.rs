//! The system's watches.
//!
//! Owns which folders are watched now, and the way to another set. Start reading at [`Folders::set`].

use std::{
    collections::{BTreeMap, HashSet},
    path::PathBuf,
};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::DiscoveryError;

/// The folders that the system watches for us.
#[derive(Debug)]
pub(super) struct Folders {
    watcher: Result<RecommendedWatcher, Option<notify::Error>>,
    /// The folders, and whether with everything below.
    watched: BTreeMap<PathBuf, bool>,
}

impl Folders {
    pub(super) fn new(watcher: notify::Result<RecommendedWatcher>) -> Self {
        Self { watcher: watcher.map_err(Some), watched: BTreeMap::new() }
    }

    /// Returns the error by which the system gave no watcher, once.
    pub(super) fn check(&mut self) -> Result<(), DiscoveryError> {
        match &mut self.watcher {
            Ok(_) => Ok(()),
            Err(error) => {
                let source = error.take().unwrap_or_else(|| notify::Error::generic("there is no watcher"));
                Err(DiscoveryError::Watch { path: String::new(), source })
            }
        }
    }

    /// Watches these folders and no others. Paths in `lost` were removed or renamed: a folder among them, or below one,
    /// took its watch along, and needs a new one when it is there again.
    pub(super) fn set(
        &mut self,
        mut wanted: BTreeMap<PathBuf, bool>,
        lost: &HashSet<PathBuf>,
    ) -> Result<(), DiscoveryError> {
        self.check()?;
        let Ok(watcher) = &mut self.watcher else { return Ok(()) };
        let deep: Vec<_> = wanted.iter().filter(|(_, is_deep)| **is_deep).map(|(path, _)| path.clone()).collect();
        wanted.retain(|path, _| !deep.iter().any(|above| path != above && path.starts_with(above)));

        let mut ended = Vec::new();
        self.watched.retain(|path, is_deep| {
            let is_lost = !lost.is_empty() && path.ancestors().any(|above| lost.contains(above));
            let stays = wanted.get(path) == Some(is_deep) && !is_lost;
            if !stays {
                // An error means that the watch is gone already.
                let _ = watcher.unwatch(path);
                ended.push(path.clone());
            }
            stays
        });
        let mut refused = None;
        for (path, is_deep) in wanted {
            // Ending a deep watch ends those below it as well.
            let is_watched = self.watched.contains_key(&path) && !ended.iter().any(|above| path.starts_with(above));
            if is_watched {
                continue;
            }
            let mode = if is_deep { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
            match watcher.watch(&path, mode) {
                Ok(()) => {
                    self.watched.insert(path, is_deep);
                }
                Err(source) => refused = Some(DiscoveryError::Watch { path: path.display().to_string(), source }),
            }
        }
        refused.map_or(Ok(()), Err)
    }
}

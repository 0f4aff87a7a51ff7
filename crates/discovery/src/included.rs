//! Files of this machine that a placeholder may take in.
//!
//! Owns the boundary: only where the installation allows it, only by relative path, and only what really lies, with
//! symbolic links resolved, below the source's own folder. Everything here blocks.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    files::{FileContent, FileRequest, read_file},
    path::{absolute, location_of},
    placeholder::PlaceholderFault,
};

/// Reads files for the placeholders of one file and remembers their fingerprints.
pub(crate) struct FileIncluder<'a> {
    /// The folder that nothing may lie outside of; `None` when placeholders in files are off.
    pub(crate) root: Option<&'a Path>,
    /// The file that holds the placeholders.
    pub(crate) file: &'a Path,
    /// How to read; `known` is not used.
    pub(crate) request: FileRequest<'a>,
    /// What was read, by location, with fingerprints.
    pub(crate) included: Vec<(String, String)>,
}

impl FileIncluder<'_> {
    /// Reads the file that a placeholder names.
    pub(crate) fn read(&mut self, target: &str) -> Result<Arc<[u8]>, PlaceholderFault> {
        let path = self.require_inside(target)?;
        match read_file(&path, &self.request) {
            FileContent::Bytes { bytes, fingerprint } => {
                self.included.push((location_of(&path), fingerprint.to_text()));
                Ok(bytes.into())
            }
            FileContent::Failed(problem) => Err(PlaceholderFault::passing(problem.message)),
            FileContent::Missing | FileContent::Unchanged => {
                Err(PlaceholderFault::passing(format!("`{target}` is not there")))
            }
        }
    }

    fn require_inside(&self, target: &str) -> Result<PathBuf, PlaceholderFault> {
        let Some(root) = self.root else {
            return Err(PlaceholderFault::lasting(
                "placeholders in files are off; `callboard.reading.filePlaceholders: true` turns them on",
            ));
        };
        if target.contains(':') || Path::new(target).has_root() {
            return Err(PlaceholderFault::lasting(format!(
                "`{target}` must be a path relative to the file, such as `./openapi.yaml`"
            )));
        }
        let outside = || {
            PlaceholderFault::lasting(format!(
                "`{target}` lies outside `{}`, the folder of the source; placeholders stay inside it",
                root.display()
            ))
        };
        let path = absolute(target, self.file.parent());
        if !path.starts_with(root) {
            return Err(outside());
        }
        let real_root = std::fs::canonicalize(root).map_err(|_| outside())?;
        match std::fs::canonicalize(&path) {
            Ok(real) if real.starts_with(&real_root) => Ok(real),
            Ok(_) => Err(outside()),
            Err(error) => Err(PlaceholderFault::passing(format!("`{target}` can't be read: {error}"))),
        }
    }
}

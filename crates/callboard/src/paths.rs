//! Paths and targets from the command line and the configuration.
//!
//! Owns making them absolute, by their text alone: globs are no paths, and what a path leads to may not exist yet.

use std::path::{Component, Path, PathBuf};

/// Returns a file target as an absolute one, starting from the working directory; `.` and `..` are resolved.
pub(crate) fn absolute_target(target: &str) -> String {
    let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"));
    absolute_in(&folder, target).to_string_lossy().into_owned()
}

/// Tells whether a text is an address, not a path.
pub(crate) fn is_address(target: &str) -> bool {
    target.starts_with("http://") || target.starts_with("https://")
}

fn absolute_in(folder: &Path, target: &str) -> PathBuf {
    let mut absolute = PathBuf::new();
    for component in folder.join(target).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                absolute.pop();
            }
            other => absolute.push(other),
        }
    }
    absolute
}

#[cfg(test)]
mod tests;

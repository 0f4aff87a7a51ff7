//! Paths as text: absolute, without `.` and `..`, so that one file has one location.
//!
//! Owns the lexical form only; symbolic links are looked at where a file must not leave a folder
//! (`crate::expand`, `crate::placeholder`).

use std::path::{Component, Path, PathBuf};

/// Returns the path with `.` and `..` taken out, without asking the file system.
pub(crate) fn clean(path: &Path) -> PathBuf {
    let mut cleaned = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                cleaned.pop();
            }
            other => cleaned.push(other),
        }
    }
    cleaned
}

/// Returns `target` as an absolute clean path; a relative one starts at the folder `base`, or where the process
/// stands.
pub(crate) fn absolute(target: &str, base: Option<&Path>) -> PathBuf {
    let joined = match base {
        Some(base) => base.join(target),
        None => std::path::absolute(target).unwrap_or_else(|_| PathBuf::from(target)),
    };
    clean(&joined)
}

/// Returns the location reference of a file, `file:/absolute/path`.
pub(crate) fn location_of(path: &Path) -> String {
    format!("file:{}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_taken_out() {
        assert_eq!(absolute("./x/../y.yaml", Some(Path::new("/a/b"))), Path::new("/a/b/y.yaml"));
        assert_eq!(absolute("../../../y.yaml", Some(Path::new("/a/b"))), Path::new("/y.yaml"));
        assert_eq!(absolute("/c//d/./e.yaml", Some(Path::new("/a/b"))), Path::new("/c/d/e.yaml"));
    }

    #[test]
    fn a_location_starts_with_its_type() {
        assert_eq!(location_of(Path::new("/a/b.yaml")), "file:/a/b.yaml");
    }
}

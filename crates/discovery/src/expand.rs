//! Expanding a `file` target: a path, a glob or a folder becomes a list of files.
//!
//! Owns which files a target means. A folder means every `catalog-info.yaml` or `catalog-info.yml` below it, and where
//! there is none, every `*.yaml` and `*.yml` directly in it. Names that begin with a dot are only found where the
//! pattern writes the dot. Links to folders are not followed; a link to a file counts when the file lies in the folder
//! that the pattern starts from. Everything here blocks.

use std::path::{Path, PathBuf};

use callboard_entity_model::{Problem, ProblemCode};
use globset::{GlobBuilder, GlobMatcher};
use walkdir::{DirEntry, WalkDir};

use crate::path::{absolute, clean, location_of};

/// What a target means at the moment.
#[derive(Debug, Default)]
pub struct Expansion {
    /// The files, in order of their paths. A plain path stands here whether or not it exists.
    pub files: Vec<PathBuf>,
    /// What could not be listed.
    pub problems: Vec<Problem>,
    /// Whether the target is a glob or a folder, so that the files were found and not named.
    pub is_listed: bool,
    /// Whether every folder could be listed to the end.
    pub is_complete: bool,
}

/// What a target is, by its form and the file system.
#[derive(Debug)]
pub(crate) enum Target {
    File(PathBuf),
    Folder(PathBuf),
    Glob(Pattern),
}

/// A glob, split where its wildcards begin.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    /// The folder before the first wildcard.
    pub(crate) base: PathBuf,
    /// Matches whole paths.
    pub(crate) matcher: GlobMatcher,
    /// Whether a part after `base` begins with a dot, so that such names are meant.
    names_dots: bool,
    /// How deep below `base` a match can lie; `None` for any.
    depth: Option<usize>,
}

/// Lists the files that a `file` target means, at most `max_files` of them.
#[must_use]
pub fn expand_file_target(target: &str, max_files: usize) -> Expansion {
    match Target::of(target) {
        Ok(Target::File(path)) => Expansion { files: vec![path], is_complete: true, ..Expansion::default() },
        Ok(Target::Folder(folder)) => expand_folder(&folder, max_files),
        Ok(Target::Glob(pattern)) => {
            list(&pattern.base, pattern.depth, pattern.names_dots, max_files, |path| pattern.matcher.is_match(path))
        }
        Err(problem) => Expansion { problems: vec![*problem], is_listed: true, ..Expansion::default() },
    }
}

impl Target {
    /// Finds out what a target is. A path that exists is taken as it is written, also when it has wildcards in it.
    pub(crate) fn of(target: &str) -> Result<Self, Box<Problem>> {
        let path = absolute(target, None);
        match std::fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => Ok(Self::Folder(path)),
            Ok(_) => Ok(Self::File(path)),
            Err(_) if target.contains(['*', '?', '{', '[']) => Pattern::new(&path)
                .map(Self::Glob)
                .map_err(|message| Box::new(Problem::error(ProblemCode::NotFound, location_of(&path), message))),
            Err(_) => Ok(Self::File(path)),
        }
    }
}

impl Pattern {
    fn new(path: &Path) -> Result<Self, String> {
        let text = path.to_string_lossy();
        let glob = GlobBuilder::new(&text)
            .literal_separator(true)
            .build()
            .map_err(|error| format!("`{text}` is not a valid pattern: {}", error.kind()))?;
        let is_wild = |part: &std::ffi::OsStr| part.to_string_lossy().contains(['*', '?', '{', '[']);
        let base: PathBuf = path.iter().take_while(|part| !is_wild(part)).collect();
        let rest: Vec<_> = path.iter().skip(base.iter().count()).map(|part| part.to_string_lossy()).collect();
        let has_alternatives = rest.iter().any(|part| part.contains('{'));
        Ok(Self {
            matcher: glob.compile_matcher(),
            names_dots: rest.iter().any(|part| part.starts_with('.')),
            depth: (!has_alternatives && !rest.iter().any(|part| part.contains("**"))).then_some(rest.len()),
            base,
        })
    }
}

fn expand_folder(folder: &Path, max_files: usize) -> Expansion {
    let is_catalog_info =
        |path: &Path| path.file_name().is_some_and(|name| name == "catalog-info.yaml" || name == "catalog-info.yml");
    let found = list(folder, None, false, max_files, is_catalog_info);
    if !found.files.is_empty() || !found.is_complete {
        return found;
    }
    list(folder, Some(1), false, max_files, |path| {
        path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
    })
}

fn list(
    base: &Path,
    depth: Option<usize>,
    names_dots: bool,
    max_files: usize,
    is_wanted: impl Fn(&Path) -> bool,
) -> Expansion {
    let mut expansion = Expansion { is_listed: true, is_complete: true, ..Expansion::default() };
    let root = std::fs::canonicalize(base).unwrap_or_else(|_| clean(base));
    let walk = WalkDir::new(base)
        .follow_links(false)
        .max_depth(depth.unwrap_or(usize::MAX))
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| names_dots || entry.depth() == 0 || !begins_with_dot(entry));
    for entry in walk {
        match entry {
            Ok(entry) if !is_wanted(entry.path()) || !is_file_within(&entry, &root) => {}
            Ok(_) if expansion.files.len() == max_files => {
                expansion.is_complete = false;
                expansion.problems.push(Problem::error(
                    ProblemCode::Limit,
                    location_of(base),
                    format!("there are more than {max_files} files, which is as many as one source may have"),
                ));
                break;
            }
            Ok(entry) => expansion.files.push(entry.into_path()),
            Err(error) => {
                let is_missing = error.io_error().is_some_and(|error| error.kind() == std::io::ErrorKind::NotFound);
                let path = error.path().unwrap_or(base).to_owned();
                if is_missing && path != base {
                    // It went away while the list was made: then it declares nothing.
                    continue;
                }
                // A base that is not there lists nothing, which the caller judges by the presence wanted.
                if !is_missing {
                    expansion.is_complete = false;
                    expansion.problems.push(Problem::error(
                        ProblemCode::Unreadable,
                        location_of(&path),
                        format!("`{}` can't be listed: {error}", path.display()),
                    ));
                }
            }
        }
    }
    expansion
}

fn begins_with_dot(entry: &DirEntry) -> bool {
    entry.file_name().to_string_lossy().starts_with('.')
}

fn is_file_within(entry: &DirEntry, root: &Path) -> bool {
    if entry.file_type().is_file() {
        return true;
    }
    entry.file_type().is_symlink()
        && std::fs::canonicalize(entry.path()).is_ok_and(|real| real.starts_with(root) && real.is_file())
}

#[cfg(test)]
mod tests;

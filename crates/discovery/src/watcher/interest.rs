//! What one source wants to hear about.
//!
//! Owns the decision whether an event concerns a source, and which folders must be watched for it.

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

use crate::expand::{Pattern, Target};

/// The paths that matter to one source.
#[derive(Debug)]
pub(super) struct Interest {
    /// Files that matter, wherever they lie.
    files: HashSet<PathBuf>,
    /// The folder that is searched.
    area: Option<Area>,
}

#[derive(Debug)]
enum Area {
    Folder(PathBuf),
    Glob(Pattern),
}

impl Interest {
    pub(super) fn new<'a>(target: Option<Target>, files: impl IntoIterator<Item = &'a str>) -> Self {
        let mut files: HashSet<_> =
            files.into_iter().filter_map(|file| file.strip_prefix("file:")).map(PathBuf::from).collect();
        let area = match target {
            Some(Target::File(file)) => {
                files.insert(file);
                None
            }
            Some(Target::Folder(folder)) => Some(Area::Folder(folder)),
            Some(Target::Glob(pattern)) => Some(Area::Glob(pattern)),
            None => None,
        };
        Self { files, area }
    }

    /// Says whether an event at `path` may change what the source brings. A structural event is one by which
    /// something came, went or was renamed, possibly a whole folder.
    pub(super) fn is_touched_by(&self, path: &Path, is_structural: bool) -> bool {
        if self.files.contains(path) {
            return true;
        }
        let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        let is_in_area = match &self.area {
            Some(Area::Glob(pattern)) if pattern.matcher.is_match(path) => return true,
            Some(Area::Folder(folder)) if is_yaml && path.starts_with(folder) => return true,
            Some(Area::Folder(base) | Area::Glob(Pattern { base, .. })) => {
                path.starts_with(base) || base.starts_with(path)
            }
            None => false,
        };
        // Something that is not a YAML file and came or went may be a folder with files in it, or a link that files are
        // reached through (Kubernetes swaps `..data`).
        is_structural
            && !is_yaml
            && (is_in_area && !is_hidden_file(path) || is_link_of_mount(path) || self.leads_to_file(path))
    }

    /// Adds the folders to watch, and whether with everything below.
    pub(super) fn add_folders(&self, folders: &mut BTreeMap<PathBuf, bool>) {
        match &self.area {
            Some(Area::Folder(base) | Area::Glob(Pattern { base, .. })) => add(folders, base, true),
            None => {}
        }
        let parents: HashSet<_> = self.files.iter().filter_map(|file| file.parent()).collect();
        for parent in parents {
            add(folders, parent, false);
        }
    }

    fn leads_to_file(&self, path: &Path) -> bool {
        self.files.iter().any(|file| file.starts_with(path))
    }
}

/// Adds a folder, or the nearest one above it that exists, to notice when it comes.
fn add(folders: &mut BTreeMap<PathBuf, bool>, folder: &Path, is_deep: bool) {
    if folder.is_dir() {
        *folders.entry(folder.to_owned()).or_default() |= is_deep;
    } else if let Some(above) = folder.ancestors().skip(1).find(|above| above.is_dir()) {
        folders.entry(above.to_owned()).or_default();
    }
}

fn is_hidden_file(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

fn is_link_of_mount(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "..data")
}

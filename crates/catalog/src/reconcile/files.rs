//! What the files of a source are remembered by, after a reading.
//!
//! Owns the comparison with what was remembered before. A file that is gone stays remembered as long as removals of its
//! entities wait, so that it is noticed when it comes back. Pure.

use std::{collections::HashSet, sync::Arc};

use super::{Plan, sort::without_fingerprint};
use crate::{
    known_files::KnownSource,
    store::source_files::{FileState, SourceFile},
};

/// Adds to the plan which files to write and which to forget.
pub(super) fn compare(
    plan: &mut Plan,
    known: &KnownSource,
    files: Vec<(Arc<str>, SourceFile)>,
    gone: Vec<Arc<str>>,
    waiting_in: &HashSet<Arc<str>>,
) {
    for (location, file) in files {
        if known.file(&location).as_ref() != Some(&file) {
            plan.file_upserts.push((location, file));
        }
    }
    for location in gone {
        let before = known.file(&location);
        if waiting_in.contains(&location) {
            let known = before.as_ref().and_then(|before| before.known.clone()).map(without_fingerprint);
            let held = SourceFile { state: FileState::Held, known };
            if before.as_ref() != Some(&held) {
                plan.file_upserts.push((location, held));
            }
        } else if before.is_some() {
            plan.file_deletes.push(location);
        }
    }
}

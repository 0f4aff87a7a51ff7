//! Visiting one file of this machine.
//!
//! Owns the order of things: compare, read, parse, take in what placeholders name. Everything here blocks.

use std::{path::Path, sync::Arc};

use callboard_entity_model::{KnownFile, Presence};

use crate::{
    ReadMode,
    children::Base,
    files::{FileContent, FileRequest, read_file},
    fingerprint::Fingerprint,
    included::FileIncluder,
    parse::FileParser,
    path::location_of,
    visit::{Job, Visited},
};

/// Visits a file, given what is known of it.
pub(crate) fn visit_file(job: &Job, path: &Path, presence: Presence, known: Option<KnownFile>) -> Visited {
    let location: Arc<str> = location_of(path).into();
    let mut request = job.file_request();
    request.known = known
        .as_ref()
        .filter(|known| known.included.iter().all(|(location, seen)| job.is_still(location, seen)))
        .and_then(|known| Fingerprint::from_text(&known.fingerprint));
    match read_file(path, &request) {
        FileContent::Unchanged => Visited::unchanged(location, known),
        FileContent::Missing => Visited::missing(location, presence, known),
        FileContent::Failed(problem) => Visited::failed(location, *problem, known),
        FileContent::Bytes { bytes, fingerprint } => {
            let base = Base::File(path.to_owned());
            let parser = FileParser {
                settings: &job.settings,
                scm: &job.scm,
                rules: &job.rules,
                location: &location,
                origin: &job.origin,
                base: &base,
            };
            let mut includer = FileIncluder {
                root: job.placeholder_root.as_deref(),
                file: path,
                request: job.file_request(),
                included: Vec::new(),
            };
            let contents = parser.parse(&bytes, Some(&mut |target| includer.read(target)));
            let included = includer.included;
            Visited::read(location, contents, &fingerprint, included, known)
        }
    }
}

impl Job {
    fn file_request(&self) -> FileRequest<'_> {
        FileRequest {
            context: &self.context,
            known: None,
            mode: self.mode,
            max_bytes: self.settings.limits.max_file_bytes,
            now: self.now,
        }
    }

    /// Says whether a file that was taken in is still the same.
    fn is_still(&self, location: &str, seen: &str) -> bool {
        let Some(path) = location.strip_prefix("file:") else { return false };
        let known = Fingerprint::from_text(seen);
        let request = FileRequest { known, mode: ReadMode::Conditional, ..self.file_request() };
        matches!(read_file(Path::new(path), &request), FileContent::Unchanged)
    }
}

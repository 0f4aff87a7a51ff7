//! What the tests of readings share: a folder, a reader, what is known, and a short text for what a reading brought.

use std::{
    fs,
    path::{Path, PathBuf},
};

use callboard_entity_model::{FileOutcome, KnownFiles, LocationSpec, Presence, Problem, Reading};
use callboard_foundation::Clock;
use tempfile::TempDir;

use crate::{Origin, ReadMode, Reader, ReaderSettings, Rule, SourceSpec};

pub(super) struct Fixture {
    folder: TempDir,
    reader: Reader,
    known: KnownFiles,
    source: SourceSpec,
}

/// Returns the YAML of a small valid component.
pub(super) fn component(name: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: {name}\nspec:\n  type: service\n  lifecycle: production\n  owner: team-a\n"
    )
}

/// Returns the YAML of a Location.
pub(super) fn location(name: &str, spec: &str) -> String {
    format!("apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{name: {name}}}\nspec: {spec}\n")
}

pub(super) fn permissive() -> ReaderSettings {
    ReaderSettings { rules: Some(vec![Rule::allowing_everything()]), ..ReaderSettings::default() }
}

impl Fixture {
    /// A folder, read from `target` in it.
    pub(super) fn new(target: &str) -> Self {
        Self::with(target, permissive())
    }

    pub(super) fn with(target: &str, settings: ReaderSettings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join(target).display().to_string();
        Self::of_source(folder, "file", target, settings)
    }

    /// A source that is an address.
    pub(super) fn url(target: &str, settings: ReaderSettings) -> Self {
        Self::of_source(tempfile::tempdir().unwrap(), "url", target.to_owned(), settings)
    }

    fn of_source(folder: TempDir, kind: &str, target: String, settings: ReaderSettings) -> Self {
        let reader = Reader::new(settings, Clock::system()).unwrap();
        let location = LocationSpec { kind: kind.into(), target, presence: Presence::Required };
        let source = SourceSpec { location, rules: None, origin: Origin::Config };
        Self { folder, reader, known: KnownFiles::new(), source }
    }

    pub(super) fn optional(mut self) -> Self {
        self.source.location.presence = Presence::Optional;
        self
    }

    pub(super) fn registered(mut self) -> Self {
        self.source.origin = Origin::Registered;
        self
    }

    /// Goes on with other settings, as after a restart.
    pub(super) fn restart(&mut self, settings: ReaderSettings) {
        self.reader = Reader::new(settings, Clock::system()).unwrap();
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }

    pub(super) async fn read(&mut self) -> Reading {
        self.read_as(ReadMode::Conditional).await
    }

    /// Reads, and remembers what a catalog would.
    pub(super) async fn read_as(&mut self, mode: ReadMode) -> Reading {
        let reading = self.reader.read(&self.source, &self.known, mode).await;
        if reading.is_complete {
            self.known.retain(|location, _| reading.files.iter().any(|file| file.location == *location));
        }
        for file in &reading.files {
            match &file.outcome {
                FileOutcome::Read { known, .. } => {
                    self.known.insert(file.location.clone(), known.clone());
                }
                FileOutcome::Gone => {
                    self.known.remove(&file.location);
                }
                FileOutcome::Unchanged | FileOutcome::Failed => {}
            }
        }
        reading
    }

    /// Reads and compares with one line per file, `<outcome> <file> [<names>] [keep …] [unknown]`, and one per problem,
    /// `! <code> <file>:<line> <part of the message>`; the parts of messages need not be whole.
    #[track_caller]
    pub(super) fn check_reads(&mut self, expected: &str) -> impl Future<Output = ()> {
        let caller = std::panic::Location::caller();
        async move {
            let reading = self.read().await;
            check_reading(&reading, self.folder.path(), expected, caller);
        }
    }
}

pub(super) fn check_reading(reading: &Reading, folder: &Path, expected: &str, caller: &std::panic::Location<'_>) {
    let found = describe(reading, folder);
    let expected: Vec<_> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let is_same = found.len() == expected.len()
        && found.iter().zip(&expected).all(|(found, expected)| match found.strip_prefix("! ") {
            // A problem's line starts as expected and has the words in it.
            Some(_) => {
                let (start, words) = expected.split_once(" ~ ").unwrap_or((expected, ""));
                found.starts_with(start) && found.contains(words)
            }
            None => found == expected,
        });
    assert!(is_same, "at {caller}, read:\n{}\nexpected:\n{}", found.join("\n"), expected.join("\n"));
}

fn describe(reading: &Reading, folder: &Path) -> Vec<String> {
    let mut lines = Vec::new();
    let short =
        |location: &str| location.replace(&format!("file:{}/", folder.display().to_string().trim_end_matches('/')), "");
    let problem_line = |problem: &Problem| {
        let line = problem.line.map(|line| format!(":{line}")).unwrap_or_default();
        let field = problem.field.as_ref().map(|field| format!(" {field}")).unwrap_or_default();
        format!("! {} {}{line}{field} {}", problem.code.as_str(), short(&problem.location), problem.message)
    };
    for file in &reading.files {
        let location = short(&file.location);
        lines.push(match &file.outcome {
            FileOutcome::Unchanged => format!("unchanged {location}"),
            FileOutcome::Gone => format!("gone {location}"),
            FileOutcome::Failed => format!("failed {location}"),
            FileOutcome::Read { entities, keep, has_unknown, .. } => {
                let names: String = entities.iter().map(|entity| format!(" {}", entity.entity_ref.name())).collect();
                let keep: String = keep.iter().map(|kept| format!(" keep:{}", kept.name())).collect();
                format!("read {location}{names}{keep}{}", if *has_unknown { " unknown" } else { "" })
            }
        });
        lines.extend(file.problems.iter().map(problem_line));
    }
    if !reading.is_complete {
        lines.push("incomplete".to_owned());
    }
    lines.extend(reading.problems.iter().map(problem_line));
    lines
}

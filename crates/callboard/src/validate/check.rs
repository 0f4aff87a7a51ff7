//! Collecting what `validate` checks: files, folders, globs and standard input.
//!
//! Owns reading them with a bound, and the one rule that no single file shows: an entity that two files declare.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use callboard_config::{Environment, Settings, load};
use callboard_discovery::{Reader, expand_file_target};
use callboard_entity_model::{EntityRef, Problem, ProblemCode};
use callboard_foundation::Clock;

use super::{CheckedFile, Report};
use crate::{adapters, cli::ValidateArguments, configuration::load_configuration, failure::Failure};

/// Checks everything that the arguments name.
pub(super) fn check(config: &[PathBuf], arguments: &ValidateArguments) -> Result<Report, Failure> {
    let mut settings = settings(config)?;
    settings.callboard.keeps_custom_kinds |= arguments.custom_kinds;
    let limits = &settings.callboard.reading;
    let reader = Reader::new(adapters::reader_settings(&settings), Clock::system())
        .map_err(|error| Failure::coded(error.code(), error))?;
    let mut checker = Checker {
        reader,
        max_file_bytes: limits.limits.max_file_bytes,
        declared: HashMap::new(),
        checked: HashSet::new(),
        report: Report::default(),
    };
    for path in &arguments.paths {
        if path == "-" {
            checker.input("<stdin>".to_owned(), "file:/dev/stdin", io::stdin().lock());
            continue;
        }
        let expansion = expand_file_target(path, limits.max_files);
        let mut problems = expansion.problems;
        if expansion.is_listed && expansion.files.is_empty() && problems.is_empty() {
            let message = "no catalog file is found here";
            problems.push(Problem::error(ProblemCode::NotFound, format!("file:{path}"), message));
        }
        if !problems.is_empty() {
            checker.add(path.clone(), String::new(), 0, problems);
        }
        for file in expansion.files {
            checker.file(&file);
        }
    }
    Ok(checker.report)
}

/// Returns the settings of the files named. What happens to lie in the working directory does not matter to a check.
fn settings(config: &[PathBuf]) -> Result<Settings, Failure> {
    match config.is_empty() {
        true => Ok(load(&[], &Environment::new()).map_err(Failure::internal)?.settings),
        false => Ok(load_configuration(config)?.settings),
    }
}

struct Checker {
    reader: Reader,
    max_file_bytes: u64,
    /// The file and line that declared each entity first.
    declared: HashMap<EntityRef, (String, u32)>,
    /// The files so far: arguments may overlap, and a file is no duplicate of itself.
    checked: HashSet<PathBuf>,
    report: Report,
}

impl Checker {
    fn file(&mut self, path: &Path) {
        if !self.checked.insert(path.to_owned()) {
            return;
        }
        let location = format!("file:{}", path.display());
        match File::open(path) {
            Ok(file) => self.input(shown(path), &location, file),
            Err(error) => self.unreadable(shown(path), &location, &error),
        }
    }

    fn input(&mut self, name: String, location: &str, input: impl Read) {
        let mut bytes = Vec::new();
        if let Err(error) = input.take(self.max_file_bytes.saturating_add(1)).read_to_end(&mut bytes) {
            return self.unreadable(name, location, &error);
        }
        if bytes.len() as u64 > self.max_file_bytes {
            let max = callboard_config::format_bytes(self.max_file_bytes);
            let message = format!("the file is larger than {max} (`callboard.reading.maxFileBytes`)");
            return self.add(name, String::new(), 0, vec![Problem::error(ProblemCode::Limit, location, message)]);
        }
        let parsed = self.reader.parse_text(&bytes, location);
        let mut problems = parsed.problems;
        for entity in &parsed.entities {
            if let Some((file, line)) = self.declared.get(&entity.entity_ref) {
                let message = format!("`{}` is declared in {file}:{line} already", entity.entity_ref);
                let mut problem = Problem::error(ProblemCode::Duplicate, location, message);
                problem.line = Some(entity.line);
                problems.push(problem.about(entity.entity_ref.clone()));
            } else {
                self.declared.insert(entity.entity_ref.clone(), (name.clone(), entity.line));
            }
        }
        problems.sort_by_key(|problem| (problem.line, problem.column));
        // The text is only needed for showing lines of it.
        let text = if problems.is_empty() { String::new() } else { String::from_utf8_lossy(&bytes).into_owned() };
        self.add(name, text, parsed.entities.len(), problems);
    }

    fn unreadable(&mut self, name: String, location: &str, error: &io::Error) {
        let (code, message) = match error.kind() {
            io::ErrorKind::NotFound => (ProblemCode::NotFound, "there is no such file".to_owned()),
            _ => (ProblemCode::Unreadable, format!("the file cannot be read: {error}")),
        };
        self.add(name, String::new(), 0, vec![Problem::error(code, location, message)]);
    }

    fn add(&mut self, name: String, text: String, entity_count: usize, problems: Vec<Problem>) {
        self.report.files.push(CheckedFile { name, text, entity_count, problems });
    }
}

/// Returns a path relative to the working directory, where it lies below.
fn shown(path: &Path) -> String {
    let folder = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&folder).unwrap_or(path).display().to_string()
}

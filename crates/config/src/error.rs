//! What can be wrong with a configuration, each mistake with its key and file.
//!
//! Owns the sentences. Values of secret keys never appear in them. Start reading at [`Mistake`].

use std::{fmt, io, sync::Arc};

use callboard_foundation::ErrorCode;
use callboard_yaml::YamlError;

/// The configuration cannot be used; every mistake that was found.
#[derive(Debug, thiserror::Error)]
#[error("the configuration has {}:{}", count(mistakes.len()), list(mistakes))]
pub struct ConfigError {
    /// The mistakes, in the order of the files; never empty.
    pub mistakes: Vec<Mistake>,
}

/// Where in the configuration something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The key, `catalog.locations[0].target`.
    pub key: String,
    /// The file that sets it, or where else the value comes from; `None` when nothing sets it.
    pub file: Option<Arc<str>>,
    /// The line in that file, counted from 1, where it is known.
    pub line: Option<u32>,
}

/// One thing that is wrong.
#[derive(Debug, thiserror::Error)]
pub enum Mistake {
    /// A file cannot be read.
    #[error("`{file}` cannot be read: {source}")]
    UnreadableFile {
        /// The file.
        file: Arc<str>,
        /// Why not.
        source: io::Error,
    },
    /// A file is not YAML.
    #[error("`{file}` is not valid YAML: {}", without_file(source, file))]
    Syntax {
        /// The file.
        file: Arc<str>,
        /// Where, and why not.
        #[source]
        source: Box<YamlError>,
    },
    /// A file holds a list or a plain value where an object of keys belongs.
    #[error("`{file}` must hold an object of keys, such as `backend:`, but holds {found}")]
    NotAnObject {
        /// The file.
        file: Arc<str>,
        /// What it holds.
        found: &'static str,
    },
    /// A value has the wrong type or form.
    #[error("{place} must be {expected}, but is {found}")]
    WrongValue {
        /// Where.
        place: Place,
        /// What belongs there.
        expected: String,
        /// What stands there: the value, or only its type where the key holds a secret.
        found: String,
    },
    /// A key that is needed is not set.
    #[error("{place} is missing; it must be {expected}{}", because_unset(variable.as_deref()))]
    Missing {
        /// Where.
        place: Place,
        /// What belongs there.
        expected: String,
        /// The environment variable that would have given the value, when it is unset.
        variable: Option<String>,
    },
    /// A key under `callboard` that does not exist.
    #[error("{place} is not a setting of Callboard{}", did_you_mean(suggestion.as_deref()))]
    UnknownKey {
        /// Where.
        place: Place,
        /// The key that was probably meant.
        suggestion: Option<String>,
    },
    /// Two keys contradict each other.
    #[error("{place} cannot be combined with `{other}`: {reason}")]
    Contradiction {
        /// Where.
        place: Place,
        /// The other key.
        other: &'static str,
        /// Why not.
        reason: &'static str,
    },
    /// A `$file` or `$include` cannot be read.
    #[error("{place} takes in `{path}`, which cannot be read: {source}")]
    UnreadableInclude {
        /// Where.
        place: Place,
        /// The path as written.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// A `$include` names something that the file does not hold, or a form that is not known.
    #[error("{place} takes in `{path}`, {reason}")]
    BadInclude {
        /// Where.
        place: Place,
        /// The path as written.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A `${` without its `}`.
    #[error("{place} has a `${{` that is not closed; write `$${{` for the two characters themselves")]
    OpenSubstitution {
        /// Where.
        place: Place,
    },
}

impl ConfigError {
    /// Returns what kind of failure this is: always the caller's input.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        ErrorCode::BadInput
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.key)?;
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, " ({file}:{line})"),
            (Some(file), None) => write!(f, " ({file})"),
            (None, _) => Ok(()),
        }
    }
}

fn count(mistakes: usize) -> String {
    match mistakes {
        1 => "a mistake".to_owned(),
        many => format!("{many} mistakes"),
    }
}

fn list(mistakes: &[Mistake]) -> String {
    mistakes.iter().map(|mistake| format!("\n  - {mistake}")).collect()
}

/// Returns the fault without the name of the file, which the sentence has already.
fn without_file(source: &YamlError, file: &str) -> String {
    source.to_string().replace(&format!("{file}: "), "")
}

fn because_unset(variable: Option<&str>) -> String {
    variable.map(|name| format!(" (the environment variable `{name}` is not set)")).unwrap_or_default()
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

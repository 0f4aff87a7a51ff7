//! `callboard validate`: checks catalog files without a database.
//!
//! Owns the report and the verdict. Collecting files and problems is `check`'s work, writing them `human`'s, `json`'s
//! and `sarif`'s; what is a problem is decided by `callboard_discovery`.

mod check;
mod human;
mod json;
mod sarif;

use std::path::PathBuf;

use callboard_entity_model::{Problem, Severity};

use crate::{
    cli::{Format, ValidateArguments},
    failure::{Failure, Status},
    output,
};

/// A file after the check, with its text for showing lines of it.
#[derive(Debug)]
struct CheckedFile {
    /// The path as people know it: relative to the working directory where it lies below.
    name: String,
    text: String,
    entity_count: usize,
    problems: Vec<Problem>,
}

/// Everything that was checked.
#[derive(Debug, Default)]
struct Report {
    files: Vec<CheckedFile>,
}

impl Report {
    fn entity_count(&self) -> usize {
        self.files.iter().map(|file| file.entity_count).sum()
    }

    fn count(&self, severity: Severity) -> usize {
        self.problems().filter(|(_, problem)| problem.severity == severity).count()
    }

    fn problems(&self) -> impl Iterator<Item = (&CheckedFile, &Problem)> {
        self.files.iter().flat_map(|file| file.problems.iter().map(move |problem| (file, problem)))
    }

    fn verdict(&self, denies_warnings: bool) -> Status {
        let is_bad = self.count(Severity::Error) > 0 || (denies_warnings && self.count(Severity::Warning) > 0);
        if is_bad { Status::Problems } else { Status::Success }
    }
}

/// Runs the command.
pub(crate) fn run(config: &[PathBuf], arguments: &ValidateArguments) -> Result<Status, Failure> {
    let report = check::check(config, arguments)?;
    let text = match arguments.format {
        Format::Human => human::render(&report, output::is_terminal()),
        Format::Json => json::render(&report),
        Format::Sarif => sarif::render(&report),
    };
    output::print(&text)?;
    Ok(report.verdict(arguments.deny_warnings))
}

#[cfg(test)]
mod tests;

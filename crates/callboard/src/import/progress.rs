//! How far an import is: a moving line on a terminal, plain lines otherwise.
//!
//! Owns the form. It is written to standard error, so that standard output holds the summary alone.

use std::time::Duration;

use callboard_catalog::ImportProgress;
use indicatif::{ProgressBar, ProgressStyle};

use crate::output;

/// Tells how far one import is.
pub(super) enum Progress {
    /// A moving line.
    Line(ProgressBar),
    /// A line for each step, with the location in front.
    Plain { location: String },
}

impl Progress {
    /// Starts telling about a location.
    pub(super) fn start(location: &str, is_terminal: bool) -> Self {
        if !is_terminal {
            return Self::Plain { location: location.to_owned() };
        }
        let bar = ProgressBar::new_spinner();
        // The template is fixed; one that the library does not take would only look plainer.
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}: {msg} ({elapsed})") {
            bar.set_style(style);
        }
        bar.set_prefix(location.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        Self::Line(bar)
    }

    /// Tells a step.
    pub(super) fn show(&self, step: ImportProgress) {
        let text = describe(step);
        match self {
            Self::Line(bar) => bar.set_message(text),
            Self::Plain { location } => output::print_message(&format!("{location}: {text}")),
        }
    }

    /// Takes the moving line away.
    pub(super) fn finish(&self) {
        if let Self::Line(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn describe(step: ImportProgress) -> String {
    match step {
        ImportProgress::Reading => "reading".to_owned(),
        ImportProgress::Read { files, entities } => format!("read {files} files, {entities} entities in changed ones"),
        ImportProgress::Writing { changes } => format!("writing {changes} changes"),
        ImportProgress::Done => "done".to_owned(),
    }
}

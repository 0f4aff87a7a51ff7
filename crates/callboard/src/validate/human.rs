//! Problems as a compiler writes them: the line, and a mark under the place.
//!
//! Owns cutting out the lines; drawing them is the library's work.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use callboard_entity_model::{Problem, Severity};

use super::{CheckedFile, Report};

/// How many lines are shown around the one that is meant.
const LINES_AROUND: usize = 1;

/// Writes every problem and a line that sums up; coloured for terminals.
pub(super) fn render(report: &Report, is_coloured: bool) -> String {
    let renderer = if is_coloured { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for (file, problem) in report.problems() {
        text.push_str(&render_problem(&renderer, file, problem));
        text.push_str("\n\n");
    }
    text.push_str(&summary(report));
    text
}

fn render_problem(renderer: &Renderer, file: &CheckedFile, problem: &Problem) -> String {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let message = match &problem.field {
        Some(field) => format!("{field}: {}", problem.message),
        None => problem.message.clone(),
    };
    let title = level.primary_title(message).id(problem.code.as_str());
    let excerpt = problem.line.and_then(|line| Excerpt::of(&file.text, line, problem.column));
    let mut group = match &excerpt {
        Some(excerpt) => {
            let annotation = AnnotationKind::Primary.span(excerpt.span.clone());
            let snippet = Snippet::source(excerpt.text).line_start(excerpt.first_line).path(&file.name);
            title.element(snippet.annotation(annotation))
        }
        None => title.element(Origin::path(&file.name)),
    };
    if let Some(entity_ref) = &problem.entity_ref {
        group = group.element(Level::NOTE.message(format!("in `{entity_ref}`")));
    }
    renderer.render(&[group])
}

fn summary(report: &Report) -> String {
    format!(
        "{} in {}: {}, {}\n",
        counted(report.entity_count(), "valid entity", "valid entities"),
        counted(report.files.len(), "file", "files"),
        counted(report.count(Severity::Error), "error", "errors"),
        counted(report.count(Severity::Warning), "warning", "warnings"),
    )
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Some lines of a text, and the bytes among them that are meant.
#[derive(Debug, PartialEq, Eq)]
struct Excerpt<'a> {
    text: &'a str,
    first_line: usize,
    span: Range<usize>,
}

impl<'a> Excerpt<'a> {
    /// Cuts out a line, counted from 1, and those around it; `column` counts characters from 1.
    fn of(text: &'a str, line: u32, column: Option<u32>) -> Option<Self> {
        let line = usize::try_from(line).ok()?.checked_sub(1)?;
        let mut lines = Vec::new();
        let mut start = 0;
        for (index, content) in text.split_inclusive('\n').enumerate().take(line + LINES_AROUND + 1) {
            if index + LINES_AROUND >= line {
                lines.push((index, start..start + content.trim_end_matches(['\n', '\r']).len()));
            }
            start += content.len();
        }
        let (first_line, first) = lines.first()?.clone();
        let (_, last) = lines.last()?.clone();
        let (_, meant) = lines.iter().find(|(index, _)| *index == line)?.clone();
        let span = token(&text[meant.clone()], column.unwrap_or(1));
        let offset = meant.start - first.start;
        Some(Self {
            text: &text[first.start..last.end],
            first_line: first_line + 1,
            span: offset + span.start..offset + span.end,
        })
    }
}

/// Returns the bytes of the key or value that begins at a column; without one there, the end of the line.
fn token(line: &str, column: u32) -> Range<usize> {
    let skipped = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
    let start = line.char_indices().nth(skipped).map_or(line.len(), |(at, _)| at);
    let rest = &line[start..];
    let start = start + (rest.len() - rest.trim_start().len());
    let rest = line[start..].trim_end();
    // A key ends at its colon, anything else at a comment or the end of the line.
    let end = [": ", " #"].iter().filter_map(|mark| rest.find(mark)).min();
    let end = end.or_else(|| rest.strip_suffix(':').map(str::len)).unwrap_or(rest.len());
    start..start + end
}

#[cfg(test)]
mod tests;

//! The report: Markdown tables made from kept results, put between two markers of a document.
//!
//! Owns the tables and the way numbers are written. The prose around them belongs to the document.
//! Start reading at [`render`].

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context as _, Result};

use crate::{
    load::LoadRun,
    promises::{Goal, PROMISES, Promise, SERIES, Unit},
    results::{LoadResult, Part, PartResult},
    statistics::median,
};

const BEGIN: &str = "<!-- figures: written by the benchmark, do not edit -->";
const END: &str = "<!-- end of figures -->";

/// Returns the figures of all parts as Markdown. All results must be of one binary; a missing part says so.
pub(crate) fn render(results: &[PartResult]) -> String {
    let mut text = String::new();
    facts(&mut text, results);
    text.push_str("\n### Goals\n\n| what | Backstage 1.55 | goal | Callboard | runs, lowest–highest | |\n|---|---|---|---|---|---|\n");
    for promise in PROMISES {
        promise_row(&mut text, promise, results);
    }
    for result in results {
        requests(&mut text, result);
    }
    for result in results {
        changes(&mut text, result);
    }
    notes(&mut text, results);
    text
}

/// Tells whether all measured goals are met, and names those that are not.
pub(crate) fn missed(results: &[PartResult]) -> Vec<String> {
    let mut missed = Vec::new();
    for promise in PROMISES {
        let Some(value) = value_of(promise, results) else { continue };
        if promise.goal.is_some_and(|goal| !goal.is_met(value)) {
            missed.push(format!("{} ({}): {}", promise.what, promise.part.name(), written(value, promise.unit)));
        }
    }
    missed
}

/// Puts the figures between the markers of a document.
///
/// # Errors
/// When the document cannot be read or written, or has not both markers.
pub(crate) fn write_into(document: &Path, figures: &str) -> Result<()> {
    write_between(document, (BEGIN, END), figures)
}

/// Puts text between two markers of a document.
///
/// # Errors
/// When the document cannot be read or written, or has not both markers.
pub(crate) fn write_between(document: &Path, markers: (&str, &str), figures: &str) -> Result<()> {
    let text = fs::read_to_string(document).with_context(|| format!("failed to read {}", document.display()))?;
    let text = replace_between(&text, markers, figures).with_context(|| {
        format!("{} has no place for figures: `{}` … `{}`", document.display(), markers.0, markers.1)
    })?;
    fs::write(document, text).with_context(|| format!("failed to write {}", document.display()))
}

fn replace_between(text: &str, (begin, end): (&str, &str), figures: &str) -> Option<String> {
    let (before, rest) = text.split_once(begin)?;
    let (_, after) = rest.split_once(end)?;
    Some(format!("{before}{begin}\n\n{}\n\n{end}{after}", figures.trim()))
}

fn facts(text: &mut String, results: &[PartResult]) {
    for result in results {
        let machine = &result.machine;
        // Writing into a string cannot fail, here and below.
        let _ = writeln!(
            text,
            "- `{}`: {} entities, {:.1} MB of YAML ({}); measured {} on {} cores of {}, {:.0} GiB of memory, Linux {}; \
             binary {}",
            result.part.name(),
            with_separators(u128::from(result.entities)),
            megabytes(result.yaml_bytes),
            result.made_by,
            result.measured_at,
            machine.cores,
            machine.processor,
            gibibytes(machine.memory_bytes),
            machine.kernel,
            result.binary_sha256.get(..12).unwrap_or_default(),
        );
    }
}

fn promise_row(text: &mut String, promise: &Promise, results: &[PartResult]) {
    let goal = match promise.goal {
        Some(Goal::AtMost(limit)) => format!("≤ {}", written_short(limit, promise.unit)),
        Some(Goal::AtLeast(limit)) => format!("≥ {}", written_short(limit, promise.unit)),
        None => "–".to_owned(),
    };
    let values = values_of(promise, results);
    let (measured, spread, verdict) = match (median(values), promise.goal) {
        (None, _) => ("not measured".to_owned(), String::new(), ""),
        (Some(value), goal) => (
            format!("**{}**", written(value, promise.unit)),
            spread(values, promise.unit),
            goal.map_or("", |goal| if goal.is_met(value) { "met" } else { "**missed**" }),
        ),
    };
    let _ = writeln!(text, "| {} | {} | {goal} | {measured} | {spread} | {verdict} |", promise.what, promise.backstage);
}

fn requests(text: &mut String, result: &PartResult) {
    if result.loads.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "\n### Requests: `{}`\n\n| query | clients | answer | requests/s | p50 | p99 | CPU a request | bare axum handler, \
         same bytes: requests/s | p50 | CPU |\n|---|---|---|---|---|---|---|---|---|---|",
        result.part.name()
    );
    for load in &result.loads {
        let _ = writeln!(
            text,
            "| {} | {} | {} B | {} | {} | {} | {} | {} | {} | {} |",
            load.what,
            load.clients,
            with_separators(load.answer_bytes as u128),
            of(&load.runs, |run| run.requests_per_second, Unit::RequestsPerSecond),
            of(&load.runs, |run| run.p50_ms, Unit::Milliseconds),
            of(&load.runs, |run| run.p99_ms, Unit::Milliseconds),
            of(&load.runs, |run| run.cpu_ms_per_request, Unit::Milliseconds),
            of(&load.floor, |run| run.requests_per_second, Unit::RequestsPerSecond),
            of(&load.floor, |run| run.p50_ms, Unit::Milliseconds),
            of(&load.floor, |run| run.cpu_ms_per_request, Unit::Milliseconds),
        );
    }
}

fn changes(text: &mut String, result: &PartResult) {
    if result.row("change_count").is_none() {
        return;
    }
    let _ = writeln!(
        text,
        "\n### One entity changed: `{}`\n\n| the entity is | changes | to the subscriber: p50 | p99 | commit to subscriber: \
         p50 | p99 | CPU a change | idle CPU a second |\n|---|---|---|---|---|---|---|---|",
        result.part.name()
    );
    for series in SERIES {
        let cell = |name: &str, unit| {
            let row = result.row(&format!("{}_{name}", series.prefix));
            let value = row.and_then(|row| median(&row.values));
            value.map_or_else(|| "–".to_owned(), |value| written(value, unit))
        };
        let times = ["p50", "p99", "commit_p50", "commit_p99", "cpu", "idle_cpu"];
        let times = times.map(|name| cell(name, Unit::Milliseconds)).join(" | ");
        let _ = writeln!(text, "| {} | {} | {times} |", series.what, cell("count", Unit::Count));
    }
}

fn notes(text: &mut String, results: &[PartResult]) {
    let mut notes = String::new();
    for result in results {
        for row in result.rows.iter().filter(|row| !row.note.is_empty()) {
            let _ = writeln!(notes, "- `{}` {}: {}", result.part.name(), row.id, row.note);
        }
    }
    if !notes.is_empty() {
        text.push_str("\n### Notes of the run\n\n");
        text.push_str(&notes);
    }
}

fn of(runs: &[LoadRun], value: fn(&LoadRun) -> f64, unit: Unit) -> String {
    let values: Vec<f64> = runs.iter().map(value).collect();
    median(&values).map_or_else(|| "–".to_owned(), |value| written(value, unit))
}

fn values_of<'a>(promise: &Promise, results: &'a [PartResult]) -> &'a [f64] {
    let result = results.iter().find(|result| result.part == promise.part);
    result.and_then(|result| result.row(promise.id)).map(|row| row.values.as_slice()).unwrap_or_default()
}

fn value_of(promise: &Promise, results: &[PartResult]) -> Option<f64> {
    median(values_of(promise, results))
}

fn spread(values: &[f64], unit: Unit) -> String {
    if values.len() < 2 {
        return values.len().to_string();
    }
    let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    format!("{}: {}–{}", values.len(), written(lowest, unit), written(highest, unit))
}

/// Writes a measured value, with as many digits as it deserves.
fn written(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Milliseconds if value < 10.0 => format!("{value:.3} ms"),
        Unit::Milliseconds => format!("{value:.0} ms"),
        Unit::Seconds => format!("{value:.2} s"),
        Unit::Megabytes => format!("{value:.0} MB"),
        Unit::Gibibytes => format!("{value:.2} GiB"),
        Unit::Ratio => format!("{value:.1} : 1"),
        Unit::RequestsPerSecond => format!("{}/s", rounded(value)),
        Unit::MegabytesPerSecond => format!("{} MB/s", rounded(value)),
        Unit::Count => rounded(value),
    }
}

/// Writes a goal, which is exact: no digits behind the point that say nothing.
fn written_short(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Milliseconds => format!("{value} ms"),
        Unit::Seconds => format!("{value} s"),
        Unit::Megabytes => format!("{value} MB"),
        Unit::Gibibytes => format!("{value} GiB"),
        Unit::Ratio => format!("{value} : 1"),
        Unit::RequestsPerSecond | Unit::MegabytesPerSecond | Unit::Count => written(value, unit),
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn rounded(value: f64) -> String {
    with_separators(value.max(0.0).round() as u128)
}

fn with_separators(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[allow(clippy::cast_precision_loss)]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[allow(clippy::cast_precision_loss)]
fn gibibytes(bytes: u64) -> f64 {
    bytes as f64 / 1_073_741_824.0
}

/// Returns the kept results that belong together: those of the binary that was measured last.
pub(crate) fn kept_results(directory: &Path) -> Result<Vec<PartResult>> {
    let mut results = Vec::new();
    for part in Part::ALL {
        results.extend(PartResult::load(directory, part)?);
    }
    let newest = results.iter().max_by_key(|result| result.measured_at.clone());
    let binary = newest.map(|result| result.binary_sha256.clone()).unwrap_or_default();
    results.retain(|result| result.binary_sha256 == binary);
    Ok(results)
}

/// Returns one line for a load, for the terminal.
pub(crate) fn load_line(load: &LoadResult) -> String {
    format!(
        "{}, {} clients: {}, p50 {}, CPU {}; bare handler {}",
        load.what,
        load.clients,
        of(&load.runs, |run| run.requests_per_second, Unit::RequestsPerSecond),
        of(&load.runs, |run| run.p50_ms, Unit::Milliseconds),
        of(&load.runs, |run| run.cpu_ms_per_request, Unit::Milliseconds),
        of(&load.floor, |run| run.requests_per_second, Unit::RequestsPerSecond),
    )
}

#[cfg(test)]
mod tests;

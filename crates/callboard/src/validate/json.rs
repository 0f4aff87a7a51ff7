//! Problems as one JSON object, for programs.
//!
//! Owns the names of its keys, which programs rely on.

use serde::Serialize;

use callboard_entity_model::{Problem, Severity};

use super::{CheckedFile, Report};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonReport<'a> {
    files: usize,
    entities: usize,
    errors: usize,
    warnings: usize,
    problems: Vec<JsonProblem<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JsonProblem<'a> {
    code: &'static str,
    severity: Severity,
    message: &'a str,
    file: &'a str,
    document: Option<u32>,
    line: Option<u32>,
    column: Option<u32>,
    field: Option<&'a str>,
    entity_ref: Option<&'a str>,
}

/// Writes the report, with a line break at the end.
pub(super) fn render(report: &Report) -> String {
    let json = JsonReport {
        files: report.files.len(),
        entities: report.entity_count(),
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        problems: report.problems().map(|(file, problem)| JsonProblem::of(file, problem)).collect(),
    };
    format!("{:#}\n", serde_json::json!(json))
}

impl<'a> JsonProblem<'a> {
    fn of(file: &'a CheckedFile, problem: &'a Problem) -> Self {
        Self {
            code: problem.code.as_str(),
            severity: problem.severity,
            message: &problem.message,
            file: &file.name,
            document: problem.document,
            line: problem.line,
            column: problem.column,
            field: problem.field.as_deref(),
            entity_ref: problem.entity_ref.as_ref().map(callboard_entity_model::EntityRef::as_str),
        }
    }
}

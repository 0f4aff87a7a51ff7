//! Problems as SARIF 2.1.0, which code hosts show beside the lines.
//!
//! Owns the mapping to that format.

use callboard_entity_model::{Problem, ProblemCode, Severity};
use serde_json::{Value, json};

use super::{CheckedFile, Report};

/// Writes the report, with a line break at the end.
pub(super) fn render(report: &Report) -> String {
    let rules: Vec<_> = ProblemCode::ALL
        .iter()
        .map(|code| json!({ "id": code.as_str(), "shortDescription": { "text": describe(*code) } }))
        .collect();
    let results: Vec<_> = report.problems().map(|(file, problem)| result(file, problem)).collect();
    let sarif = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "callboard",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{sarif:#}\n")
}

fn result(file: &CheckedFile, problem: &Problem) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&file.name) } });
    if let Some(line) = problem.line {
        physical["region"] = json!({ "startLine": line });
        if let Some(column) = problem.column {
            physical["region"]["startColumn"] = column.into();
        }
    }
    let mut location = json!({ "physicalLocation": physical });
    if let Some(entity_ref) = &problem.entity_ref {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": entity_ref.as_str() }]);
    }
    let message = match &problem.field {
        Some(field) => format!("{field}: {}", problem.message),
        None => problem.message.clone(),
    };
    json!({
        "ruleId": problem.code.as_str(),
        "ruleIndex": ProblemCode::ALL.iter().position(|code| *code == problem.code),
        "level": match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        "message": { "text": message },
        "locations": [location],
    })
}

/// Writes a path as a URI reference: absolute paths with `file://`, everything unusual percent-encoded.
fn uri(name: &str) -> String {
    let mut uri = if name.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

fn describe(code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::Syntax => "the text is not YAML",
        ProblemCode::InvalidEntity => "a field breaks a rule of the entity model",
        ProblemCode::UnknownKind => "the kind is not known",
        ProblemCode::KindNotAllowed => "the kind is not allowed from this location",
        ProblemCode::Placeholder => "a placeholder cannot be filled in",
        ProblemCode::Limit => "a limit is exceeded",
        ProblemCode::NotFound => "the file is not there",
        ProblemCode::Unreadable => "the file cannot be read",
        ProblemCode::NotAllowed => "the target may not be read",
        ProblemCode::Cycle => "a chain of Locations leads back to itself",
        ProblemCode::Duplicate => "the same entity is declared twice",
        ProblemCode::Conflict => "another source declared the entity first",
        ProblemCode::RemovalHeld => "a large removal waits for confirmation",
        ProblemCode::UnsafeUrl => "an address that a browser would run",
    }
}

#[cfg(test)]
mod tests;

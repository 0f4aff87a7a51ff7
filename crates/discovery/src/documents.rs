//! The door to `callboard_yaml`: a file becomes documents, a fault becomes a problem.
//!
//! Owns the translation only; the parser and its limits are `callboard_yaml`'s.

use callboard_entity_model::ProblemCode;
use callboard_yaml::{ParsedStream, YamlError, YamlErrorKind, YamlLimits, parse_stream};
use serde_json::Value;

use crate::ReadLimits;

/// Parses a file, each of its documents on its own.
pub(crate) fn split(bytes: &[u8], limits: &ReadLimits) -> ParsedStream {
    parse_stream(bytes, &yaml_limits(limits))
}

/// Parses bytes that must be exactly one document.
pub(crate) fn single(bytes: &[u8]) -> Result<Value, String> {
    let mut documents = parse_stream(bytes, &YamlLimits::default()).documents;
    match (documents.pop(), documents.len()) {
        (Some(document), 0) => document.result.map_err(|error| error.to_string()),
        (None, _) => Err("it is empty".to_owned()),
        (Some(_), more) => Err(format!("it has {} documents", more + 1)),
    }
}

/// Returns the code of the problem that a fault of the parser is.
pub(crate) fn code_of(error: &YamlError) -> ProblemCode {
    match error.kind {
        YamlErrorKind::Limit { .. } => ProblemCode::Limit,
        _ => ProblemCode::Syntax,
    }
}

fn yaml_limits(limits: &ReadLimits) -> YamlLimits {
    YamlLimits {
        max_bytes: usize::try_from(limits.max_file_bytes).unwrap_or(usize::MAX),
        max_documents: limits.max_documents,
        max_depth: limits.max_depth,
        max_nodes: limits.max_nodes,
        ..YamlLimits::default()
    }
}

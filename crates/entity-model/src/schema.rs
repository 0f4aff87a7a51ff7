//! Checking `spec` against its kind's JSON Schema, and saying in people's words what is wrong.
//!
//! Owns the compiled schema and the translation of its errors; the schemas themselves stand with the kinds. Valid
//! specs take the quick way, which only answers yes or no.

use jsonschema::{
    JsonType, ValidationError, Validator,
    error::{TypeKind, ValidationErrorKind},
    paths::LocationSegment,
};
use serde_json::Value;

use crate::{Violation, ViolationCode, envelope::wrong_type};

/// The compiled schema of the `spec` of one kind.
pub(crate) struct SpecSchema {
    /// The error is kept: it refuses entities of this kind with a sentence instead of stopping the program.
    validator: Result<Validator, String>,
}

impl SpecSchema {
    /// Compiles a schema.
    pub(crate) fn compile(schema: &Value) -> Self {
        Self { validator: jsonschema::validator_for(schema).map_err(|error| error.to_string()) }
    }

    /// Checks a `spec`, and adds every violation.
    pub(crate) fn check(&self, spec: &Value, violations: &mut Vec<Violation>) {
        match &self.validator {
            Ok(validator) if validator.is_valid(spec) => {}
            Ok(validator) => {
                for error in validator.iter_errors(spec) {
                    translate(&error, violations);
                }
            }
            Err(fault) => {
                violations.push(Violation::refusal(&["spec"], format!("the schema of this kind is faulty: {fault}")));
            }
        }
    }
}

fn translate(error: &ValidationError<'_>, violations: &mut Vec<Violation>) {
    let mut path = path_of(error);
    let message = match error.kind() {
        ValidationErrorKind::Required { property } => {
            path.push(plain(property));
            "is required".to_owned()
        }
        ValidationErrorKind::Type { kind } => wrong_type(&expected_types(&types_of(kind)), error.instance()),
        ValidationErrorKind::MinLength { .. } => "must not be empty".to_owned(),
        ValidationErrorKind::MinItems { limit: 1 } => "must have at least one item".to_owned(),
        ValidationErrorKind::MinItems { limit } => format!("must have at least {limit} items"),
        ValidationErrorKind::Enum { options } => format!("must be {}", alternatives(options)),
        ValidationErrorKind::Constant { expected_value } => format!("must be `{}`", plain(expected_value)),
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => {
            return translate_alternatives(error, context, violations);
        }
        _ => error.to_string(),
    };
    violations.push(Violation { code: ViolationCode::Field, path, message, is_fatal: true });
}

/// Reports the alternative that the author most likely meant: the one that fits down to the deepest place. When none
/// fits at all, says which types would.
fn translate_alternatives(
    error: &ValidationError<'_>,
    context: &[Vec<ValidationError<'static>>],
    violations: &mut Vec<Violation>,
) {
    let own_path = path_of(error);
    let depth = |errors: &Vec<ValidationError<'_>>| errors.iter().map(|error| path_of(error).len()).max().unwrap_or(0);
    if let Some(meant) = context.iter().max_by_key(|errors| depth(errors))
        && depth(meant) > own_path.len()
    {
        return meant.iter().for_each(|error| translate(error, violations));
    }
    let mut types = Vec::new();
    for error in context.iter().flatten() {
        if let ValidationErrorKind::Type { kind } = error.kind() {
            types.extend(types_of(kind));
        }
    }
    let message = match types.is_empty() {
        true => error.to_string(),
        false => wrong_type(&expected_types(&types), error.instance()),
    };
    violations.push(Violation { code: ViolationCode::Field, path: own_path, message, is_fatal: true });
}

fn path_of(error: &ValidationError<'_>) -> Vec<String> {
    let mut path = vec!["spec".to_owned()];
    for segment in error.instance_path() {
        path.push(match segment {
            LocationSegment::Property(name) => name.into_owned(),
            LocationSegment::Index(index) => index.to_string(),
        });
    }
    path
}

fn types_of(kind: &TypeKind) -> Vec<JsonType> {
    match kind {
        TypeKind::Single(one) => vec![*one],
        TypeKind::Multiple(several) => several.iter().collect(),
    }
}

fn expected_types(types: &[JsonType]) -> String {
    let names: Vec<_> = types
        .iter()
        .map(|one| match one {
            JsonType::Array => "a list",
            JsonType::Boolean => "true or false",
            JsonType::Integer => "a whole number",
            JsonType::Null => "empty (null)",
            JsonType::Number => "a number",
            JsonType::Object => "an object",
            JsonType::String => "a string",
        })
        .collect();
    names.join(" or ")
}

fn alternatives(options: &Value) -> String {
    let options: Vec<_> =
        options.as_array().into_iter().flatten().map(|option| format!("`{}`", plain(option))).collect();
    options.join(" or ")
}

/// Returns a value as people write it: a string without its quotes.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

//! From text to a document that fits the schema.
//!
//! Owns the calls of apollo-compiler, which parses and validates by the letter of the specification, and telling apart
//! what is no GraphQL from what does not fit. Whether a text is GraphQL is decided before, by `crate::grammar`, and what
//! apollo-compiler does not check stands in `crate::rules`.

use apollo_compiler::{
    ExecutableDocument, Schema,
    diagnostic::Diagnostic,
    parser::{Parser, SourceMap, SourceSpan},
    validation::{DiagnosticData, DiagnosticList, Valid},
};

use crate::{DocumentError, Fault, grammar, rules};

/// So deep may the brackets of a document nest: what the parser may safely recurse into.
const MAX_NESTING: usize = 250;
/// More faults of one document are not told.
const MAX_FAULTS: usize = 5;
/// What apollo-compiler 1.x does not know by itself.
const ONE_OF: &str = "directive @oneOf on INPUT_OBJECT\n";

/// Reads a schema.
///
/// # Errors
/// When it is no valid schema, with what is wrong first.
pub(crate) fn read_schema(sdl: &str) -> Result<Valid<Schema>, String> {
    let text = match sdl.contains("directive @oneOf") {
        true => sdl.to_owned(),
        false => format!("{ONE_OF}{sdl}"),
    };
    Schema::parse_and_validate(text, "schema.graphql").map_err(|error| {
        let first = error.errors.iter().next();
        first.map_or_else(|| "it is no valid schema".to_owned(), |it| it.to_json().message)
    })
}

/// Parses a text and checks it against the schema.
///
/// # Errors
/// When it is no GraphQL, or does not fit.
pub(crate) fn validate(
    schema: &Valid<Schema>,
    text: &str,
    allows_introspection: bool,
) -> Result<Valid<ExecutableDocument>, DocumentError> {
    let text = grammar::check(text, MAX_NESTING).map_err(|fault| DocumentError::Unparsed(vec![fault]))?;
    let parsed = Parser::new().recursion_limit(MAX_NESTING).parse_ast(text, "document.graphql");
    let parsed = parsed.map_err(|error| DocumentError::Unparsed(faults(&error.errors)))?;
    let valid = match parsed.to_executable_validate(schema) {
        Ok(valid) => valid,
        Err(error) if error.errors.iter().all(is_about_root_fields) && rules::has_one_root_field(&error.partial) => {
            Valid::assume_valid(error.partial)
        }
        Err(error) => return Err(DocumentError::Invalid(faults(&error.errors))),
    };
    let more = rules::check(schema, &valid, allows_introspection);
    match more.is_empty() {
        true => Ok(valid),
        false => Err(DocumentError::Invalid(more)),
    }
}

/// Returns whether a diagnostic says that a subscription has several fields at its root, which is decided anew by their
/// names in the answer.
fn is_about_root_fields(diagnostic: Diagnostic<'_, DiagnosticData>) -> bool {
    diagnostic.error.unstable_error_name() == Some("SubscriptionUsesMultipleFields")
}

fn faults(errors: &DiagnosticList) -> Vec<Fault> {
    let told = errors.iter().take(MAX_FAULTS).map(|diagnostic| {
        let error = diagnostic.to_json();
        let locations = error.locations.iter().map(|place| (place.line, place.column)).collect();
        Fault { message: error.message, locations }
    });
    told.collect()
}

/// Makes a fault at a place of a document.
pub(crate) fn fault_at(sources: &SourceMap, span: Option<SourceSpan>, message: String) -> Fault {
    let place = span.and_then(|span| span.line_column(sources));
    Fault { message, locations: place.iter().map(|place| (place.line, place.column)).collect() }
}

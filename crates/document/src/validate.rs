//! From text to a document that fits the schema.
//!
//! Owns the calls of apollo-compiler, which parses and validates by the letter of the specification, and telling apart
//! what is no GraphQL from what does not fit. Whether a text is GraphQL is decided before, by `crate::grammar`, and what
//! apollo-compiler does not check stands in `crate::rules`.

use apollo_compiler::{
    ExecutableDocument, Schema,
    diagnostic::Diagnostic,
    name,
    parser::{Parser, SourceMap, SourceSpan},
    schema::ExtendedType,
    ty,
    validation::{DiagnosticData, DiagnosticList, Valid},
};

use crate::{DocumentError, Fault, grammar, rules};

/// So deep may the brackets of a document nest: what the parser may safely recurse into.
const MAX_NESTING: usize = 250;
/// More faults of one document are not told.
const MAX_FAULTS: usize = 5;
/// The most characters of a message.
const MAX_MESSAGE: usize = 300;
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
    let first = |errors: &DiagnosticList| {
        errors.iter().next().map_or_else(|| "it is no valid schema".to_owned(), |it| it.to_json().message)
    };
    let mut schema = Schema::parse(text, "schema.graphql").map_err(|error| first(&error.errors))?;
    add_is_one_of(&mut schema);
    schema.validate().map_err(|error| first(&error.errors))
}

/// Lets documents ask whether an input object takes exactly one field: introspection has had it since September 2025.
fn add_is_one_of(schema: &mut Schema) {
    let deprecated = match schema.types.get("__Field") {
        Some(ExtendedType::Object(object)) => object.fields.get("isDeprecated").cloned(),
        _ => None,
    };
    if let (Some(mut field), Some(ExtendedType::Object(object))) = (deprecated, schema.types.get_mut("__Type")) {
        let definition = field.make_mut();
        definition.name = name!("isOneOf");
        definition.ty = ty!(Boolean);
        definition.description = None;
        object.make_mut().fields.insert(name!("isOneOf"), field);
    }
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
    let mut more = rules::check(schema, &valid, allows_introspection);
    more.truncate(MAX_FAULTS);
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
        Fault { message: shortened(error.message), locations }
    });
    told.collect()
}

/// Cuts a message short: it repeats names, which may be as long as the document.
fn shortened(message: String) -> String {
    match message.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message,
    }
}

/// Makes a fault at a place of a document.
pub(crate) fn fault_at(sources: &SourceMap, span: Option<SourceSpan>, message: String) -> Fault {
    let place = span.and_then(|span| span.line_column(sources));
    Fault { message: shortened(message), locations: place.iter().map(|place| (place.line, place.column)).collect() }
}

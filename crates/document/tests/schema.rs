//! The published schema, as far as its price is concerned.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use apollo_compiler::{ExecutableDocument, Schema, response::JsonMap, validation::Valid};
use callboard_document::{CostLimits, CostModel, TextLimits, check_text};

fn schema() -> Valid<Schema> {
    let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema.graphql"));
    let text = match text.contains("directive @oneOf") {
        true => text.to_owned(),
        false => format!("directive @oneOf on INPUT_OBJECT\n{text}"),
    };
    Schema::parse_and_validate(text, "schema.graphql").unwrap()
}

fn nodes(query: &str) -> Result<u64, callboard_document::LimitError> {
    check_text(query, &TextLimits::default())?;
    let schema = schema();
    let document = ExecutableDocument::parse_and_validate(&schema, query, "query.graphql").unwrap();
    let operation = document.operations.get(None).unwrap();
    let cost = CostModel::new(&schema).price(&document, operation, &JsonMap::new(), &CostLimits::default())?;
    Ok(cost.nodes)
}

#[test]
fn every_list_has_a_size() {
    let unknown = CostModel::new(&schema()).unsized_fields();
    assert!(unknown.is_empty(), "say in crates/document/src/cost/sizes.rs how long these lists can be: {unknown:#?}");
}

#[test]
fn every_connection_says_how_large_its_page_is() {
    let schema = schema();
    for definition in schema.types.values().filter_map(|it| it.as_object()) {
        for field in definition.fields.values().filter(|field| field.ty.inner_named_type().ends_with("Connection")) {
            let place = format!("{}.{}", definition.name, field.name);
            assert!(field.argument_by_name("first").is_some(), "{place} has no `first`");
        }
    }
}

#[test]
fn the_usual_question_of_tools_is_within_all_limits() {
    let query = include_str!("introspection.graphql");
    let nodes = nodes(query).unwrap();
    assert!(nodes < 250_000, "{nodes}");
}

#[test]
fn circular_introspection_is_refused_with_numbers() {
    let query = format!("{{ __schema {{ types {{ {}name{} }} }} }}", "fields { type { ".repeat(4), "} } ".repeat(4));
    let (found, max) = nodes(&query).unwrap_err().numbers();
    assert!(found > max && max == 500_000, "{found} and {max}");
}

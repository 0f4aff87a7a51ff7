use async_graphql::{
    parser::{parse_query, parse_schema},
    value,
};

use super::*;

const SCHEMA: &str = "
    type Query { thing(ref: ID!): Thing  things(first: Int, last: Int): Things!  named(refs: [ID!]!): [Thing]! }
    interface Thing { name: String!  parts(first: Int): Things! }
    type Things { nodes: [Thing!]! }
";

fn check_cost(query: &str, variables: async_graphql::Value, expected: Result<u64, LimitError>) {
    let table = CostTable::from_schema(&parse_schema(SCHEMA).unwrap());
    let settings = GatewaySettings { max_depth: 8, max_cost: 10_000, ..GatewaySettings::default() };
    let document = parse_query(query).unwrap();
    let variables = Variables::from_json(variables.into_json().unwrap());
    assert_eq!(table.check(&document, &variables, &settings), expected, "{query}");
}

#[test]
fn each_field_costs_one() {
    check_cost("{ thing(ref: 1) { name } a: thing(ref: 2) { name } }", value!({}), Ok(4));
}

#[test]
fn a_page_multiplies_what_stands_below_it() {
    check_cost("{ things(first: 10) { nodes { name } } }", value!({}), Ok(1 + 10 * 2));
}

#[test]
fn a_page_without_size_counts_as_the_default_page() {
    check_cost("{ things { nodes { name } } }", value!({}), Ok(1 + 50 * 2));
}

#[test]
fn page_sizes_are_read_from_variables_and_their_defaults() {
    check_cost("query($n: Int) { things(last: $n) { nodes { name } } }", value!({ "n": 3 }), Ok(1 + 3 * 2));
    check_cost("query($n: Int = 4) { things(first: $n) { nodes { name } } }", value!({}), Ok(1 + 4 * 2));
}

#[test]
fn nested_pages_multiply_each_other_also_below_an_interface() {
    let query = "{ things(first: 10) { nodes { parts(first: 20) { nodes { name } } } } }";
    check_cost(query, value!({}), Ok(1 + 10 * (1 + (1 + 20 * 2))));
    let query = "{ things(first: 500) { nodes { parts(first: 500) { nodes { name } } } } }";
    check_cost(query, value!({}), Err(LimitError::Cost { found: 501_001, max: 10_000 }));
}

#[test]
fn a_list_of_references_multiplies_what_stands_below_it() {
    check_cost("{ named(refs: [1, 2, 3]) { name } }", value!({}), Ok(1 + 3));
    check_cost("query($r: [ID!]!) { named(refs: $r) { name } }", value!({ "r": [1, 2] }), Ok(1 + 2));
}

#[test]
fn a_cost_beyond_all_numbers_is_refused_without_overflow() {
    let query =
        "{ things(first: 9000000000000000000) { nodes { parts(first: 9000000000000000000) { nodes { name } } } } }";
    check_cost(query, value!({}), Err(LimitError::Cost { found: u64::MAX, max: 10_000 }));
}

#[test]
fn ten_thousand_aliases_are_refused() {
    let fields: String = (0..10_001).map(|n| format!("a{n}: __typename ")).collect();
    check_cost(&format!("{{ {fields} }}"), value!({}), Err(LimitError::Cost { found: 10_001, max: 10_000 }));
}

#[test]
fn introspection_that_goes_in_circles_is_refused() {
    let query = format!("{{ __schema {{ types {{ {}name{} }} }} }}", "fields { type { ".repeat(3), "} } ".repeat(3));
    let found = 1 + 1 + 100 * (1 + 8 * (1 + 1 + 8 * (1 + 1 + 8 * (1 + 1))));
    check_cost(&query, value!({}), Err(LimitError::Depth { found: 9, max: 8 }));
    let settings = GatewaySettings { max_cost: 10_000, ..GatewaySettings::default() };
    let result = CostTable::default().check(&parse_query(&query).unwrap(), &Variables::default(), &settings);
    assert_eq!(result, Err(LimitError::Cost { found, max: 10_000 }));
}

#[test]
fn no_field_of_ours_is_called_like_a_list_of_introspection() {
    for definition in parse_schema(crate::schema_sdl()).unwrap().definitions {
        let TypeSystemDefinition::Type(definition) = definition else { continue };
        let (TypeKind::Object(async_graphql::parser::types::ObjectType { fields, .. })
        | TypeKind::Interface(async_graphql::parser::types::InterfaceType { fields, .. })) = definition.node.kind
        else {
            continue;
        };
        for field in fields {
            let name = field.node.name.node.as_str();
            assert!(INTROSPECTION_LISTS.iter().all(|(list, _)| *list != name), "{name}");
        }
    }
}

#[test]
fn directives_cost_too() {
    check_cost("{ __typename @a @b @c }", value!({}), Ok(4));
}

#[test]
fn depth_counts_fields_not_fragments() {
    let query = "{ thing(ref: 1) { ...A } } fragment A on Thing { ... on Thing { parts { nodes { name } } } }";
    check_cost(query, value!({}), Ok(1 + 1 + 1 + 1 + 50 * 2));
}

#[test]
fn too_much_depth_is_refused_with_its_number() {
    let query = format!("{{ {}name{} }}", "a {".repeat(8), "}".repeat(8));
    check_cost(&query, value!({}), Err(LimitError::Depth { found: 9, max: 8 }));
}

#[test]
fn fragments_that_double_each_other_are_counted_once_each_and_refused() {
    let mut query = "{ ...F0 ...F0 }".to_owned();
    for n in 0..60 {
        query.push_str(&format!(" fragment F{n} on Query {{ ...F{m} ...F{m} }}", m = n + 1));
    }
    query.push_str(" fragment F60 on Query { __typename }");
    let document = parse_query(&query).unwrap();
    let table = CostTable::default();
    let result = table.check(&document, &Variables::default(), &GatewaySettings::default());
    assert!(matches!(result, Err(LimitError::Cost { found, .. }) if found > 1 << 60), "{result:?}");
}

#[test]
fn fragments_in_a_circle_end_the_walk() {
    check_cost("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", value!({}), Ok(3));
}

fn check_nesting(text: &str, expected: Option<(usize, usize)>) {
    let found = check_brackets(text).err().map(|(_, pos)| (pos.line, pos.column));
    assert_eq!(found, expected, "{text}");
}

#[test]
fn deep_brackets_are_refused_with_their_place() {
    check_nesting(&"{".repeat(MAX_BRACKET_DEPTH), None);
    check_nesting(&format!("\n{}", "[".repeat(MAX_BRACKET_DEPTH + 1)), Some((2, MAX_BRACKET_DEPTH + 1)));
}

#[test]
fn brackets_in_strings_and_comments_do_not_count() {
    let many = "[".repeat(1_000);
    check_nesting(&format!("{{ a(b: \"{many}\\\"{many}\") }}"), None);
    check_nesting(&format!("{{ a(b: \"\"\"{many}\n\\\"\"\"{many}\"\"\") }}"), None);
    check_nesting(&format!("# {many}\n{{ a }}"), None);
}

#[test]
fn a_string_that_does_not_end_hides_no_brackets_on_the_next_line() {
    check_nesting(&format!("\"open\n{}", "(".repeat(MAX_BRACKET_DEPTH + 1)), Some((2, MAX_BRACKET_DEPTH + 1)));
}

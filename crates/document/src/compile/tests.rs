use apollo_compiler::Schema;
use async_graphql_parser::types::Selection as Compiled;

use super::*;

const SDL: &str = "
    interface N { n: Int, next: N, list(x: [Int]): [N] }
    type A implements N { n: Int, next: N, list(x: [Int]): [N], a: Int }
    type Query { n: N, a: A }
";

fn compiled(text: &str, max: usize) -> Result<String, DocumentError> {
    compiled_with(text, "{}", max)
}

fn compiled_with(text: &str, variables: &str, max: usize) -> Result<String, DocumentError> {
    let schema = Schema::parse_and_validate(SDL, "s").unwrap();
    let document = ExecutableDocument::parse_and_validate(&schema, text, "d").unwrap();
    let operation = document.operations.get(None).unwrap();
    let variables = serde_json::from_str(variables).unwrap();
    let compiled = compile(&schema, &document, operation, &variables, max)?;
    let DocumentOperations::Single(operation) = compiled.executable.operations else { panic!("one operation") };
    Ok(show(&operation.node.selection_set.node))
}

fn show(set: &types::SelectionSet) -> String {
    let mut text = String::new();
    for item in &set.items {
        text.push(' ');
        let (name, directives, inner) = match &item.node {
            Compiled::Field(field) => {
                let alias = field.node.alias.as_ref().map(|alias| format!("{}:", alias.node)).unwrap_or_default();
                let arguments =
                    field.node.arguments.iter().map(|(name, value)| format!("({}:{})", name.node, value.node));
                let arguments: String = arguments.collect();
                (
                    format!("{alias}{}{arguments}", field.node.name.node),
                    &field.node.directives,
                    &field.node.selection_set,
                )
            }
            Compiled::InlineFragment(inline) => {
                let on = inline.node.type_condition.as_ref().map(|it| it.node.on.node.to_string()).unwrap_or_default();
                (format!("...{on}"), &inline.node.directives, &inline.node.selection_set)
            }
            Compiled::FragmentSpread(_) => panic!("no spread may be left"),
        };
        text.push_str(&name);
        text.extend(directives.iter().map(|it| format!("@{}", it.node.name.node)));
        if !inner.node.items.is_empty() {
            text.push_str(&format!("{{{} }}", show(&inner.node)));
        }
    }
    text
}

#[test]
fn fragments_are_put_in_place_and_fields_merged() {
    let text = "{ n { n ...F n } n { next { n } } } fragment F on N { n next { x: n } }";
    assert_eq!(compiled(text, 100).unwrap(), " n{ n next{ x:n n } }");
}

#[test]
fn what_narrows_stays_apart_and_conditions_are_decided() {
    let text = "query($c: Boolean!) { n { ...A ... on A { n } ...F @include(if: $c) n @skip(if: $c) } } \
                fragment A on A { a } fragment F on N { n }";
    assert_eq!(compiled_with(text, r#"{"c":true}"#, 100).unwrap(), " n{ ...A{ a } ...A{ n } n }");
    let text = "query($c: Boolean!) { n { n } ... @include(if: $c) { n { x: n } } ... @skip(if: true) { a { a } } }";
    assert_eq!(compiled_with(text, r#"{"c":true}"#, 100).unwrap(), " n{ n x:n }");
    assert_eq!(compiled_with(text, r#"{"c":false}"#, 100).unwrap(), " n{ n }");
}

#[test]
fn an_argument_whose_variable_was_left_out_is_left_out() {
    let text = "query($x: [Int], $y: Int) { n { a: list(x: $x) { n } b: list(x: [1, $y]) { n } } }";
    assert_eq!(compiled(text, 100).unwrap(), " n{ a:list{ n } b:list(x:[1, null]){ n } }");
    assert_eq!(
        compiled_with(text, r#"{"x":null,"y":2}"#, 100).unwrap(),
        " n{ a:list(x:$x){ n } b:list(x:[1, $y]){ n } }"
    );
}

#[test]
fn a_fragment_counts_once_per_selection_set() {
    let mut text = String::from("{ n { ...F0 } }");
    for at in 0..30 {
        text.push_str(&format!(" fragment F{at} on N {{ ...F{0} ...F{0} ...F{0} }}", at + 1));
    }
    text.push_str(" fragment F30 on N { n }");
    assert_eq!(compiled(&text, 200).unwrap(), " n{ n }");
}

#[test]
fn a_fragment_that_is_visited_in_a_narrower_place_still_counts_outside() {
    let text = "{ n { ... on A { ...F } ...F } } fragment F on N { n }";
    assert_eq!(compiled(text, 100).unwrap(), " n{ ...A{ n } n }");
}

#[test]
fn what_grows_without_end_is_refused() {
    let mut text = String::from("{ n { ...F0 } }");
    for at in 0..30 {
        text.push_str(&format!(" fragment F{at} on N {{ x: next {{ ...F{0} }} y: next {{ ...F{0} }} }}", at + 1));
    }
    text.push_str(" fragment F30 on N { n }");
    assert_eq!(compiled(&text, 10_000).unwrap_err(), DocumentError::TooManySelections { max: 10_000 });
}

#[test]
fn an_object_is_asked_for_its_type_where_nothing_else_may_be_asked() {
    let typename = " __callboard_nothing_asked:__typename";
    assert_eq!(compiled("{ n { ... on A { a } } }", 100).unwrap(), format!(" n{{ ...A{{ a }}{typename} }}"));
    assert_eq!(compiled("{ n @skip(if: true) { n } }", 100).unwrap(), typename);
    assert_eq!(compiled("{ n { n } }", 100).unwrap(), " n{ n }");
}

#[test]
fn a_condition_can_not_be_null() {
    let text = "query($c: Boolean = true) { n @include(if: $c) { n } }";
    assert!(matches!(compiled_with(text, r#"{"c":null}"#, 100), Err(DocumentError::Variable(_))));
    assert_eq!(compiled_with(text, r#"{"c":true}"#, 100).unwrap(), " n{ n }");
}

#[test]
fn one_object_is_asked_for_so_many_fields_and_no_more() {
    let fields = |count: usize| (0..count).map(|n| format!("x{n}: n ")).collect::<String>();
    assert!(compiled(&format!("{{ n {{ {} }} }}", fields(100)), 1_000).is_ok());
    let error = compiled(&format!("{{ n {{ {} }} }}", fields(101)), 1_000).unwrap_err();
    assert_eq!(error, DocumentError::TooManyFields { max: 100 });
}

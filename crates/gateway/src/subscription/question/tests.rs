use async_graphql::parser::{
    parse_query,
    types::{DocumentOperations, ExecutableDocument},
};

use super::*;

fn document(text: &str) -> ExecutableDocument {
    parse_query(text).expect("a document")
}

fn root(document: &ExecutableDocument) -> &Field {
    let DocumentOperations::Single(operation) = &document.operations else { panic!("one operation") };
    let Selection::Field(field) = &operation.node.selection_set.node.items[0].node else { panic!("a field") };
    &field.node
}

#[test]
fn where_to_start_makes_no_difference() {
    let document =
        document("subscription($a: String, $s: Int) { entityChanges(after: $a, checkpointSeconds: $s) { a } }");
    assert!(!makes_a_difference(root(&document), "a"));
    assert!(!makes_a_difference(root(&document), "s"));
}

#[test]
fn what_is_asked_for_makes_one_wherever_it_stands() {
    for text in [
        "subscription($v: T) { entityChanges(filter: $v) { a } }",
        "subscription($v: T) { entityChanges(filter: { and: [{ kind: { eq: $v } }] }) { a } }",
        "subscription($v: T) { entityChanges(after: $v) @skip(if: $v) { a } }",
        "subscription($v: T) { entityChanges(after: $v) { a { b(after: $v) } } }",
        "subscription($v: T) { entityChanges(after: $v) { a @include(if: $v) } }",
        "subscription($v: T) { entityChanges(after: $v) { ... on A { b(c: [{ d: $v }]) } } }",
        "subscription($v: T) { entityChanges(after: $v) { ... @skip(if: $v) { b } } }",
        "subscription($v: T) { entityChanges(after: $v) { ...F } } fragment F on A { b(c: $v) }",
    ] {
        assert!(makes_a_difference(root(&document(text)), "v"), "{text}");
    }
}

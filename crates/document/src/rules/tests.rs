use crate::{DocumentError, DocumentFront, DocumentSettings, DocumentSource};

const SDL: &str = "
    scalar Any
    enum Way { UP DOWN }
    input Filter { and: [Filter!], in: [String!], not: Filter, way: Way! = UP, is: Boolean }
    interface Thing { id(of: [Int!]): ID }
    type A implements Thing { id(of: [Int!]): ID, next(f: Filter): Thing, only(of: [Int!]): Int }
    type B implements Thing { id(of: [Int!]): ID, next(f: Filter): Thing, only(of: [Int!]): Int }
    type Query { list(ids: [ID!]!, f: Filter, any: Any): Int, thing: Thing, b: Int }
    type Subscription { ticks(of: [Int]): Int, others: Int }
";

fn verdict(text: &str) -> Result<(), DocumentError> {
    DocumentFront::new(SDL, DocumentSettings::default()).unwrap().find(DocumentSource::Text(text)).map(drop)
}

fn check_ok(text: &str) {
    if let Err(error) = verdict(text) {
        panic!("{text}: {error:?}");
    }
}

fn check_invalid(text: &str) {
    let verdict = verdict(text);
    assert!(matches!(verdict, Err(DocumentError::Invalid(_))), "{text}: {verdict:?}");
}

#[test]
fn variables_fit_inside_lists_and_objects() {
    check_ok("query($a: ID!) { list(ids: [$a]) }");
    check_ok("query($a: ID = 1) { list(ids: [\"b\", $a]) }");
    check_ok("query($a: [String!], $w: Way) { list(ids: [], f: {and: [{in: $a}], way: $w}) }");
    check_ok("query($f: Filter!) { list(ids: [], f: {and: [$f, {not: $f}]}) }");
    check_invalid("query($a: ID) { list(ids: [$a]) }");
    check_invalid("query($a: ID = null) { list(ids: [$a]) }");
    check_invalid("query($a: [ID!]!) { list(ids: [$a]) }");
    check_invalid("query($a: Int!) { list(ids: [$a]) }");
    check_invalid("query($f: Filter) { list(ids: [], f: {and: [$f]}) }");
    check_invalid("query($s: String) { list(ids: [], f: {and: {in: [$s]}}) }");
    check_invalid("query($s: String) { ...F } fragment F on Query { list(ids: [], f: {in: [$s]}) }");
}

#[test]
fn what_a_scalar_holds_in_objects_has_no_types() {
    check_ok("query($a: Int) { list(ids: [], any: {b: $a, c: [$a, {d: $a}]}) }");
    check_ok("query($a: Any) { list(ids: [], any: [$a]) }");
    check_invalid("query($a: Int) { list(ids: [], any: [$a]) }");
}

#[test]
fn variables_fit_in_directives_wherever_those_stand() {
    check_ok(
        "query($a: Boolean!) { b @include(if: $a) ...F @skip(if: $a) ... @skip(if: $a) { b } } fragment F on Query { b }",
    );
    for text in [
        "query($a: Boolean = null) { b @include(if: $a) }",
        "query($a: Boolean = null) { __typename @include(if: $a) }",
        "query($a: Boolean = null) { ... @include(if: $a) { b } }",
        "query($a: Boolean = null) { ...F @include(if: $a) } fragment F on Query { b }",
        "query($a: Boolean = null) { ...F } fragment F on Query { b @include(if: $a) }",
    ] {
        check_invalid(text);
    }
}

#[test]
fn an_object_has_each_field_once() {
    check_ok("{ list(ids: [], f: {is: true, not: {is: true}}) }");
    for text in [
        "{ list(ids: [], f: {is: true, is: true}) }",
        "{ list(ids: [], f: {and: [{not: {is: true, is: false}}]}) }",
        "{ list(ids: [], any: {b: [{c: 1, c: 1}]}) }",
        "query($f: Filter = {is: true, is: true}) { list(ids: [], f: $f) }",
    ] {
        check_invalid(text);
    }
}

#[test]
fn fields_that_meet_have_the_same_lists() {
    check_ok("{ list(ids: [1, 2]) list(ids: [1, 2]) }");
    check_ok("{ list(ids: [], f: {is: true, in: [\"a\"]}) list(f: {in: [\"a\"], is: true}, ids: []) }");
    check_ok("{ thing { ... on A { only(of: [1]) } ... on B { only(of: []) } } }");
    check_ok("{ thing { id(of: [1]) ... on A { id(of: [1]) } } x: thing { id(of: []) } }");
    for text in [
        "{ list(ids: [1, 2]) list(ids: [1]) }",
        "{ list(ids: [1]) list(ids: [1, 2]) }",
        "{ list(ids: []) ...F } fragment F on Query { list(ids: [1]) }",
        "{ list(ids: [], f: {in: []}) list(ids: [], f: {in: [\"a\"]}) }",
        "{ thing { id(of: [1]) ... on A { id(of: []) } } }",
        "{ thing { ... on Thing { id(of: [1]) } ... on B { id(of: []) } } }",
        "{ thing { ... on A { only(of: [1]) } } thing { ... on A { only(of: [1, 2]) } } }",
        "{ thing { ... on A { next { id(of: [1]) } } ... on A { next { id(of: []) } } } }",
    ] {
        check_invalid(text);
    }
}

#[test]
fn comparing_fields_stays_within_bounds() {
    let fragments: String = (0..60)
        .map(|at| {
            let next = at + 1;
            format!("fragment F{at} on A {{ next {{ ...F{next} ... on A {{ next {{ ...F{next} }} }} }} x{at}: next {{ ...F{next} }} }} ")
        })
        .collect();
    let text = format!("{{ list(ids: [1]) thing {{ ...F0 }} }} {fragments} fragment F60 on A {{ id(of: [1]) }}");
    // Whatever the verdict, it comes.
    let _ = verdict(&text);
}

#[test]
fn a_subscription_may_say_its_one_field_twice() {
    check_ok("subscription { ticks }");
    check_ok("subscription { ticks ticks }");
    check_ok("subscription { ticks ...F } fragment F on Subscription { ticks }");
    check_invalid("subscription { ticks a: ticks }");
    check_invalid("subscription { ticks others }");
    check_invalid("subscription { ticks ticks __typename }");
    check_invalid("subscription { ticks ticks others }");
    check_invalid("subscription { ticks(of: [1]) ticks(of: []) }");
    check_invalid("subscription A { ticks ticks } query B { nothing }");
}

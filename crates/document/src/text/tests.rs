use std::fmt::Write as _;

use super::*;

fn check(text: &str) -> Result<(), LimitError> {
    check_text(text, &TextLimits::default())
}

fn numbers(text: &str) -> (u64, u64, u64) {
    let scan = lexer::scan(text, usize::MAX);
    (scan.token_count, scan.ignored_count, scan.bracket_depth)
}

#[test]
fn tokens_are_counted_as_the_specification_counts_them() {
    assert_eq!(numbers(""), (0, 0, 0));
    assert_eq!(numbers("{ a }"), (3, 0, 1));
    assert_eq!(numbers("query Q($a: [Int!]! = [1, -2.5e+3]) @d { a(b: $a) }"), (28, 1, 2));
    assert_eq!(numbers("\u{feff}{ a, b ...F ... on T { c } }"), (12, 2, 2));
}

#[test]
fn strings_and_comments_are_one_token_and_none() {
    assert_eq!(numbers(r#"{ a(b: "{[(\"{") } # {{{"#), (8, 1, 2));
    assert_eq!(numbers("{ a(b: \"\"\"{ \\\"\"\" \" {{\"\"\") }"), (8, 0, 2));
    assert_eq!(numbers("{ a(b: \"\") # {\r{ c } }"), (11, 1, 2));
    assert_eq!(numbers("{ a(b: \"never ends"), (6, 0, 2));
    assert_eq!(numbers("{ a(b: \"\"\"two\nlines\nmore\"\"\") }"), (8, 2, 2));
}

#[test]
fn a_text_that_is_too_long_is_refused_with_its_length() {
    let text = format!("{{ a }}{}", " ".repeat(1024 * 1024));
    assert_eq!(check(&text), Err(LimitError::Bytes { found: 1_048_581, max: 131_072 }));
}

#[test]
fn too_many_tokens_are_refused_with_their_number() {
    let aliases = (0..10_000).fold(String::new(), |mut text, n| {
        let _ = write!(text, "a{n}:b ");
        text
    });
    assert_eq!(check(&format!("{{{aliases}}}")), Err(LimitError::Tokens { found: 30_002, max: 5_000 }));
    assert_eq!(
        check(&format!("{{ a {} }}", "@d".repeat(10_000))),
        Err(LimitError::Tokens { found: 20_003, max: 5_000 })
    );
    assert_eq!(check(&format!("{{ b {{ {} }} }}", "a ".repeat(4_995))), Ok(()));
    let over = format!("{{ b {{ {} }} }}", "a ".repeat(4_996));
    assert_eq!(check(&over), Err(LimitError::Tokens { found: 5_001, max: 5_000 }));
}

#[test]
fn what_means_nothing_is_counted_too() {
    assert_eq!(check(&format!("{{ a {} }}", ",".repeat(5_000))), Ok(()));
    let over = LimitError::Ignored { found: 5_001, max: 5_000 };
    assert_eq!(check(&format!("{{ a {} }}", ",".repeat(5_001))), Err(over));
    assert_eq!(check(&format!("{{ a {} }}", "#\n".repeat(5_001))), Err(over));
}

#[test]
fn brackets_and_fields_nest_only_so_deep() {
    let nested =
        |open: &str, close: &str, times: usize| format!("{{ a(b: {}{}) }}", open.repeat(times), close.repeat(times));
    assert_eq!(check(&nested("[", "]", 198)), Ok(()));
    assert_eq!(check(&nested("[", "]", 300)), Err(LimitError::Brackets { found: 302, max: 200 }));
    assert_eq!(check(&nested("{a:", "}", 300)), Err(LimitError::Brackets { found: 302, max: 200 }));
    let fields = |times: usize| format!("{{{}b{}}}", "a{".repeat(times), "}".repeat(times));
    assert_eq!(check(&fields(14)), Ok(()));
    assert_eq!(check(&fields(15)), Err(LimitError::Depth { found: 16, max: 15 }));
    assert_eq!(check(&fields(300)), Err(LimitError::Brackets { found: 301, max: 200 }));
}

#[test]
fn depth_is_counted_through_fragments_and_not_by_them() {
    let inline = format!("{{{}a{}}}", "... on T {".repeat(100), "}".repeat(100));
    assert_eq!(check(&inline), Ok(()));
    let mut chain = "{ ...F0 } fragment F16 on T { a }".to_owned();
    for n in 0..16 {
        let _ = write!(chain, "fragment F{n} on T {{ a {{ ...F{} }} }}", n + 1);
    }
    assert_eq!(check(&chain), Err(LimitError::Depth { found: 17, max: 15 }));
}

#[test]
fn directives_in_one_place_and_fields_of_the_root_are_few() {
    assert_eq!(check(&format!("{{ a {} }}", "@d(if: $x)".repeat(8))), Ok(()));
    assert_eq!(check(&format!("{{ a {} }}", "@d".repeat(9))), Err(LimitError::Directives { found: 9, max: 8 }));
    assert_eq!(check(&format!("query {} {{ a }}", "@d".repeat(9))), Err(LimitError::Directives { found: 9, max: 8 }));
    assert_eq!(check(&format!("{{ {} }}", "a ".repeat(100))), Ok(()));
    let root = |count: usize| format!("{{ a ...F }} fragment F on Query {{ {} }}", "a ".repeat(count));
    assert_eq!(check(&root(99)), Ok(()));
    assert_eq!(check(&root(100)), Err(LimitError::RootFields { found: 101, max: 100 }));
}

/// Fragments of which each spreads the next twice, in a field each, some levels deep.
fn bomb(levels: usize, spreads: usize) -> String {
    let mut text = format!("{{ ...F0 }} fragment F{levels} on T {{ a }}");
    for n in 0..levels {
        let below: String = (0..spreads).map(|key| format!("a{key}: a {{ ...F{} }} ", n + 1)).collect();
        let _ = write!(text, "fragment F{n} on T {{ {below} }}");
    }
    text
}

#[test]
fn fragments_that_multiply_are_refused() {
    assert_eq!(check(&bomb(4, 3)), Ok(()));
    assert!(matches!(check(&bomb(14, 2)), Err(LimitError::Work { max: 20_000, .. })));
    assert!(matches!(check(&bomb(6, 10)), Err(LimitError::Work { max: 20_000, .. })));
}

#[test]
fn fragments_that_lead_back_to_themselves_are_left_to_validation_unless_they_multiply() {
    assert_eq!(check("{ ...A } fragment A on T { ...B } fragment B on T { ...A }"), Ok(()));
    assert_eq!(check("{ ...A } fragment A on T { a { ...A } }"), Ok(()));
    let twice = check("{ ...A } fragment A on T { a { ...A } b { ...A } }");
    assert!(matches!(twice, Err(LimitError::Work { .. })));
}

#[test]
fn types_that_are_asked_separately_multiply() {
    let level = |below: String| {
        let types: String = (0..10).map(|n| format!("... on T{n} {{ a {{ t{n} }} }}")).collect();
        format!("{{ a {below} {types} }}")
    };
    let text = (0..6).fold("{ b }".to_owned(), |below, _| level(below));
    assert!(matches!(check(&text), Err(LimitError::Work { .. })));
}

#[test]
fn many_operations_pay_for_their_fragments_each() {
    let fields: String = (0..90).map(|n| format!("a{n} ")).collect();
    let operations = |count: usize| (0..count).map(|n| format!("query Q{n} {{ ...F }}")).collect::<String>();
    assert_eq!(check(&format!("{} fragment F on Query {{ {fields} }}", operations(20))), Ok(()));
    let many = check(&format!("{} fragment F on Query {{ {fields} }}", operations(400)));
    assert!(matches!(many, Err(LimitError::Work { .. })));
}

#[test]
fn variables_and_large_objects_are_work() {
    let variables: String = (0..600).map(|n| format!("$v{n}: Int ")).collect();
    let uses: String = (0..200).map(|n| format!("b{n}: b(c: $v{n}) ")).collect();
    let result = check(&format!("query({variables}) {{ a {{ {uses} }} }}"));
    assert!(matches!(result, Err(LimitError::Work { .. })), "{result:?}");
    let entries: String = (0..1_000).map(|n| format!("k{n}: 1 ")).collect();
    let result = check(&format!("{{ a(b: {{ {entries} }}) }}"));
    assert!(matches!(result, Err(LimitError::Work { .. })), "{result:?}");
}

#[test]
fn what_is_no_graphql_is_left_to_the_parser() {
    for text in
        ["", "{", "}", "{ a", "query {", "{ a(b: }) }", "type T { a: B }", "{ ... }", "fragment on on on { on }", "&"]
    {
        assert_eq!(check(text), Ok(()), "{text}");
    }
}

#[test]
fn keywords_are_names_where_they_are_names() {
    let text = "query query { query fragment on: mutation(on: on fragment: {query: true}) ...fragment ... on on { on } ... { a } }
        fragment fragment on on @on { fragment }";
    let scan = lexer::scan(text, usize::MAX);
    assert!(outline::outline(&scan.tokens).is_some());
}

#[test]
fn variables_are_counted_whatever_their_types_and_defaults() {
    let text = "query($a: [[T!]]! = [[{ b: {c: $d} }] \"$e\"] @f(g: [1] h: {}) $i: J, $k: L = $m) @n(o: 1) { p }";
    let scan = lexer::scan(text, usize::MAX);
    assert_eq!(outline::outline(&scan.tokens).unwrap().operations[0].variables, 3);
}

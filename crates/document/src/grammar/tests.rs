use super::*;

fn check_ok(text: &str) {
    if let Err(fault) = check(text, 50) {
        panic!("{text}: {fault:?}");
    }
}

fn check_wrong(text: &str) {
    assert!(check(text, 50).is_err(), "{text}");
}

#[test]
fn what_means_nothing_is_blanked_and_lines_stay() {
    let text = "\u{FEFF}\"What\" query A(\"\"\"How\nmany\"\"\" $a: Int, $b ,: Int) { b(a: \",\" # ,\n) }";
    let shown = check(text, 50).unwrap();
    assert_eq!(shown, "          query A(      \n        $a: Int  $b  : Int) { b(a: \",\" # ,\n) }");
    assert_eq!(shown.len(), text.len());
}

#[test]
fn descriptions_stand_where_september_2025_wants_them() {
    for text in
        ["\"a\" query { b }", "\"a\" fragment F on A { b }", "query (\"a\" $b: C) { b }", "\"a\" subscription S { b }"]
    {
        check_ok(text);
    }
    for text in ["\"a\" { b }", "\"a\" \"b\" query { b }", "{ \"a\" b }", "query ($a: B \"c\") { b }", "\"a\""] {
        check_wrong(text);
    }
}

#[test]
fn every_part_is_complete() {
    for text in [
        "",
        " ",
        "{",
        "{}",
        "{ a",
        "{ a }}",
        "{ a( }",
        "{ a() }",
        "{ a(b) }",
        "{ a(b:) }",
        "{ a(b: { c }) }",
        "{ a(b: {c: }) }",
        "{ a: }",
        "{ : a }",
        "{ ... }",
        "{ ... on }",
        "{ ... on { a } }",
        "{ ...on A }",
        "query ($a) { b }",
        "query () { b }",
        "query ($a: ) { b }",
        "query ($a: A!!) { b }",
        "query ($a: [A) { b }",
        "query ($a: A = $b) { b }",
        "queri { a }",
        "query A B { a }",
        "fragment on on A { a }",
        "fragment F A { a }",
        "fragment F($a: A) on A { a }",
        "{ a @ }",
        "{ a @b() }",
        "{ a @b(c) }",
        "query ($a: A @b(c: $d)) { b }",
        "{ a } b",
        "{ a(b: $) }",
        "{ a(b: ...) }",
        "{ a ? }",
        "{ a | b }",
    ] {
        check_wrong(text);
    }
    for text in [
        "{ a }",
        "query { a }",
        "query query { query: on true null }",
        "{ a(b: [1 {c: $d} [] {} E true null \"f\" -1.5e3]) @g(h: $i) { j } }",
        "{ ...F @a ... on A @b { c } ... { d } ... @e { f } } fragment F on A @g { h }",
        "query ($a: [[A!]!]! = [{b: 1}] @c(d: 2)) @e(f: $a) { g }",
    ] {
        check_ok(text);
    }
}

#[test]
fn numbers_are_those_of_the_specification() {
    for number in ["0", "-0", "10", "1.0", "-1.5e-10", "1E5", "0.0"] {
        check_ok(&format!("{{ a(b: {number}) }}"));
    }
    for number in
        ["00", "01", "-", "+1", "1.", ".5", "1e", "1e+", "1a", "1.5a", "1.2.3", "0x1", "1_0", "--1", "1\u{e9}"]
    {
        check_wrong(&format!("{{ a(b: {number}) }}"));
    }
}

#[test]
fn strings_are_those_of_the_specification() {
    for string in [
        r#""""#,
        r#""a \" \\ \/ \b \f \n \r \t""#,
        r#""\u00e9 \u{e9} \u{1F600} \u{00000041} \uD83D\uDE00""#,
        "\"\u{7} \u{1F600} # ,\"",
        r#""""""""#,
        "\"\"\"a \" \"\" \\\"\"\" \\x\n\"\"\"",
    ] {
        check_ok(&format!("{{ a(b: {string}) }}"));
    }
    for string in [
        r#"""#,
        r#""a"#,
        "\"a\nb\"",
        "\"a\rb\"",
        r#""\x41""#,
        r#""\u12""#,
        r#""\u+123""#,
        r#""\uD83D""#,
        r#""\uD83Dx""#,
        r#""\uDE00\uD83D""#,
        r#""\u{}""#,
        r#""\u{110000}""#,
        r#""\u{D800}""#,
        r#""\u{1F600""#,
        r#""\u{000000041}""#,
        r#"""""#,
        r#""""a""#,
        r#""\"#,
    ] {
        check_wrong(&format!("{{ a(b: {string}) }}"));
    }
}

#[test]
fn nothing_but_the_characters_of_the_grammar_stands_between_tokens() {
    for text in ["{ a\u{a0}}", "{ a \u{7} }", "{ \u{e9} }", "{ a; }", "{ a } \u{0}", "{ 'a' }"] {
        check_wrong(text);
    }
}

#[test]
fn nesting_is_bounded_whatever_the_brackets() {
    for (open, close) in [("{ a ", "}"), ("{ ... ", "}")] {
        check_ok(&format!("{}{{ a }}{}", open.repeat(49), close.repeat(49)));
        check_wrong(&format!("{}{{ a }}{}", open.repeat(50), close.repeat(50)));
    }
    check_wrong(&format!("{{ a(b: {}) }}", "[".repeat(100_000)));
    check_wrong(&format!("{{ a(b: {}) }}", "{c:".repeat(100_000)));
    check_wrong(&format!("query ($a: {}", "[".repeat(100_000)));
}

#[test]
fn definitions_of_types_are_left_to_others() {
    check_ok("{ a } \"What\" type A { b: C }");
    assert_eq!(check("\"What\" scalar A", 50).unwrap(), "\"What\" scalar A");
}

#[test]
fn the_place_is_told_in_lines_and_characters() {
    let fault = check("{\r\n  a # \u{1F600}\n  \u{7} }", 50).unwrap_err();
    assert_eq!(fault.locations, [(3, 3)]);
    let fault = check("{ a(b: \"\u{1F600}\" ?) }", 50).unwrap_err();
    assert_eq!(fault.locations, [(1, 12)]);
}

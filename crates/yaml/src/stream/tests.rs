//! What becomes of YAML that people write, and of YAML that is meant to hurt.

use serde_json::json;

use super::*;

fn parse(text: &str) -> Vec<ParsedDocument> {
    parse_stream(text.as_bytes(), &YamlLimits::default()).documents
}

fn check(text: &str, expected: Value) {
    let documents = parse(text);
    assert_eq!(documents.len(), 1, "{text:?} gave {documents:?}");
    assert_eq!(documents[0].result, Ok(expected), "{text:?}");
}

fn check_error(text: &str, kind: YamlErrorKind, place: (u32, u32)) {
    let documents = parse(text);
    assert_eq!(documents.len(), 1, "{documents:?}");
    let error = documents[0].result.clone().unwrap_err();
    assert_eq!((error.kind, error.line, error.column), (kind, Some(place.0), Some(place.1)), "{error}");
}

fn check_limit(text: &str, limits: &YamlLimits, what: &str) {
    let documents = parse_stream(text.as_bytes(), limits).documents;
    let error = documents.last().unwrap().result.clone().unwrap_err();
    match error.kind {
        YamlErrorKind::Limit { what: found, max } => {
            assert_eq!(found, what);
            assert!(error.message.contains(&max.to_string()), "{error}");
        }
        other => panic!("{other:?}: {error}"),
    }
}

#[test]
fn words_that_older_yaml_took_for_booleans_stay_words() {
    check("[no, yes, on, Off, true, False]", json!(["no", "yes", "on", "Off", true, false]));
}

#[test]
fn numbers_are_read_as_backstage_reads_them() {
    check("[012, 0x1F, 0o17, +5, -0, 1.0, 1e3, .5, 5., -1.5E-1]", json!([12, 31, 15, 5, 0, 1, 1000, 0.5, 5, -0.15]));
    check(
        "[1_000, 1:30, 2024-01-01, 1.2.3, 0b1, -0x1, 0x-1, ., +, e5, 1e, 0x]",
        json!(["1_000", "1:30", "2024-01-01", "1.2.3", "0b1", "-0x1", "0x-1", ".", "+", "e5", "1e", "0x"]),
    );
}

#[test]
fn numbers_that_json_does_not_have_stay_texts() {
    check("[.nan, .inf, -.inf, 1e999]", json!([".nan", ".inf", "-.inf", "1e999"]));
}

#[test]
fn large_whole_numbers_are_exact_as_long_as_64_bits_hold_them() {
    check(
        "[9007199254740993, 18446744073709551615, -9223372036854775808]",
        json!([9_007_199_254_740_993_i64, 18_446_744_073_709_551_615_u64, i64::MIN]),
    );
    check("[18446744073709551616, -9223372036854775809]", json!(["18446744073709551616", "-9223372036854775809"]));
}

#[test]
fn keys_that_are_not_texts_become_texts() {
    check("1: a\ntrue: b\n~: c\n1.5: d", json!({"1": "a", "true": "b", "": "c", "1.5": "d"}));
}

#[test]
fn a_list_can_not_be_a_key() {
    assert!(parse("[a, b]: 1")[0].result.is_err());
}

#[test]
fn a_scalar_with_a_tag_is_what_the_tag_says_or_a_text() {
    check("[!custom 1, !!binary aGk=, !!str 12, ! 12]", json!(["1", "aGk=", "12", "12"]));
    check("[!!int '12', !!float 1, !!bool 'true', !!null '']", json!([12, 1, true, null]));
    check("!custom {a: !!set [x]}", json!({"a": ["x"]}));
    check_error("a: !!int x", YamlErrorKind::Syntax, (1, 10));
}

#[test]
fn merge_keys_are_merged_and_what_stands_beside_them_wins() {
    check(
        "base: &base {a: 1, b: 2}\nother:\n  <<: *base\n  b: 3",
        json!({"base": {"a": 1, "b": 2}, "other": {"b": 3, "a": 1}}),
    );
}

#[test]
fn several_mappings_are_merged_and_the_first_wins() {
    check(
        "l: [&x {a: 1}, &y {a: 2, b: 2}]\nm: {<<: [*x, *y], c: 3}",
        json!({"l": [{"a": 1}, {"a": 2, "b": 2}], "m": {"c": 3, "a": 1, "b": 2}}),
    );
    check_error("a:\n  <<: 1\n", YamlErrorKind::Syntax, (2, 7));
    check("'<<': 1", json!({"<<": 1}));
}

#[test]
fn block_texts_keep_the_line_breaks_that_their_author_chose() {
    check("a: |\n  x\n   y\nb: >-\n  x\n  y\nc: |+\n  x\n\n", json!({"a": "x\n y\n", "b": "x y", "c": "x\n\n"}));
}

#[test]
fn a_byte_order_mark_and_carriage_returns_do_no_harm() {
    check("\u{feff}a: 1\r\nb:\r\n  - x\r\n", json!({"a": 1, "b": ["x"]}));
}

#[test]
fn empty_documents_are_left_out_and_not_counted() {
    let documents = parse("---\n# nothing\n---\nnull\n---\n~\n---\na: 1\n---\n");
    assert_eq!(documents.iter().map(|d| (d.index, d.line)).collect::<Vec<_>>(), [(1, 8)]);
    assert!(parse("").is_empty());
    assert!(parse("# only a comment\n").is_empty());
}

#[test]
fn a_broken_document_spoils_no_other() {
    let documents = parse("a: 1\n---\nb: [1\n---\nc: 3\n");
    assert_eq!(
        documents.iter().map(|d| (d.index, d.line, d.result.is_ok())).collect::<Vec<_>>(),
        [(1, 1, true), (2, 3, false), (3, 5, true)]
    );
}

#[test]
fn faults_name_line_and_column_of_the_file() {
    check_error("# c\n# d\na: b: c\n", YamlErrorKind::Syntax, (3, 5));
    let error = parse("a: 1\n---\nx: y\nb: 'open\n")[1].result.clone().unwrap_err();
    assert!(error.line >= Some(4), "{error}");
}

#[test]
fn a_key_that_stands_twice_is_a_fault_where_it_stands_again() {
    check_error("a: 1\nb: 2\na: 3\n", YamlErrorKind::DuplicateKey, (3, 1));
}

#[test]
fn a_number_and_the_same_text_are_the_same_key() {
    check_error("1: a\n'1': b", YamlErrorKind::DuplicateKey, (2, 1));
}

#[test]
fn tabs_for_indentation_are_a_fault() {
    assert!(matches!(parse("a:\n\tb: 1\n")[0].result, Err(YamlError { line: Some(2), .. })));
}

#[test]
fn bytes_that_are_not_text_are_named_by_their_place() {
    let documents = parse_stream(b"a: 1\nb: \xff\n", &YamlLimits::default()).documents;
    let error = documents[0].result.clone().unwrap_err();
    assert_eq!((error.kind, error.line), (YamlErrorKind::Encoding, Some(2)));
    assert_eq!(error.message, "not UTF-8 text: byte 8 can't be read");
}

#[test]
fn too_many_bytes_are_refused_without_reading_them() {
    let text = "a: 1\n".repeat(21_000_000);
    check_limit(&text, &YamlLimits::default(), "bytes in one file");
}

#[test]
fn too_many_documents_are_refused_after_the_allowed_ones() {
    let limits = YamlLimits { max_documents: 2, ..YamlLimits::default() };
    let text = "a: 1\n---\nb: 2\n---\nc: 3\n---\nd: 4\n";
    check_limit(text, &limits, "documents in one file");
    assert_eq!(parse_stream(text.as_bytes(), &limits).documents.len(), 3);
}

#[test]
fn deep_nesting_is_refused_in_every_style() {
    let limits = YamlLimits::default();
    check_limit(&"- ".repeat(100_000), &limits, "levels within each other");
    check_limit(&"[".repeat(10_000), &limits, "levels within each other");
    check_limit(&"{a: ".repeat(10_000), &limits, "levels within each other");
    let stairs: String = (0..10_000).map(|depth| format!("{}a:\n", " ".repeat(depth % 4000))).collect();
    assert!(parse(&stairs)[0].result.is_err());
}

#[test]
fn aliases_that_repeat_aliases_are_refused_quickly() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    check_limit(&text, &YamlLimits::default(), "nodes repeated by aliases");
}

#[test]
fn aliases_can_not_be_used_to_nest_more_deeply() {
    let mut text = "a0: &a0 [x]\n".to_owned();
    for level in 1..200 {
        text.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    check_limit(&text, &YamlLimits::default(), "levels within each other");
}

#[test]
fn anchors_that_nobody_uses_are_not_kept_without_end() {
    let limits = YamlLimits { max_nodes: 1000, ..YamlLimits::default() };
    let nested: String = (0..50).map(|level| format!("&a{level} [")).collect();
    let text = format!("{nested}{}{}", vec!["x"; 500].join(","), "]".repeat(50));
    check_limit(&text, &limits, "nodes in one document");
}

#[test]
fn a_long_text_that_is_repeated_often_is_refused() {
    let text = format!("long: &long {}\nlist: [{}]\n", "x".repeat(200_000), vec!["*long"; 2000].join(", "));
    check_limit(&text, &YamlLimits::default(), "bytes of text in one document");
}

#[test]
fn too_many_nodes_are_refused() {
    let limits = YamlLimits { max_nodes: 100, ..YamlLimits::default() };
    check_limit(&format!("[{}]", vec!["1"; 200].join(",")), &limits, "nodes in one document");
}

#[test]
fn an_alias_to_itself_is_a_fault() {
    assert!(parse("a: &a [*a]")[0].result.is_err());
    assert!(parse("a: *nowhere")[0].result.is_err());
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        parse(&text);
    }

    #[test]
    fn no_text_made_of_signs_of_yaml_makes_it_panic(text in "[-:{}\\[\\]&*!|>'\"%#, a1\n\t]{0,120}") {
        for document in parse(&text) {
            let _ = crate::locate(text.as_bytes(), document.index, &["a".to_owned(), "1".to_owned()]);
        }
    }

    #[test]
    fn what_serde_saphyr_reads_is_read_the_same(text in "(([ab1]|- |<<)(: ?|\n| )|[&*][xy] |[\\[\\]{},]|\n {0,4}|'[a1]'|[|>]\n  |# c\n|true|null|~|1\\.5){0,30}") {
        let options = serde_saphyr::options! { strict_booleans: true, with_snippet: false };
        let theirs: Result<Value, _> = serde_saphyr::from_str_with_options(&text, options);
        let ours = parse(&text);
        if let (Ok(theirs), [ParsedDocument { result: Ok(ours), .. }]) = (theirs, &ours[..]) {
            proptest::prop_assert_eq!(&theirs, ours);
        }
    }
}

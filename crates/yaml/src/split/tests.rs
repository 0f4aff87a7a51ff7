//! Where one document ends and the next begins.

use super::*;

/// Checks `first line: text` of each document.
fn check(stream: &str, expected: &[(usize, &str)]) {
    let got: Vec<_> = documents(stream).map(|document| (document.first_line, document.text)).collect();
    assert_eq!(got, expected, "{stream:?}");
}

#[test]
fn a_text_without_markers_is_one_document() {
    check("a: 1\nb: 2\n", &[(1, "a: 1\nb: 2\n")]);
}

#[test]
fn markers_separate_documents() {
    check("---\na: 1\n---\nb: 2\n", &[(2, "---\na: 1\n"), (4, "---\nb: 2\n")]);
}

#[test]
fn carriage_returns_do_not_hide_a_marker() {
    check("a: 1\r\n---\r\nb: 2\r\n", &[(1, "a: 1\r\n"), (3, "---\r\nb: 2\r\n")]);
}

#[test]
fn content_may_stand_beside_the_marker() {
    check("--- {a: 1}\n--- # nothing\n--- |\n text\n", &[(1, "--- {a: 1}\n"), (3, "--- |\n text\n")]);
}

#[test]
fn documents_of_nothing_but_comments_are_left_out() {
    check("# one\n---\n# two\n---\n\n---\n# three\na: 1\n---\n", &[(8, "---\n# three\na: 1\n")]);
}

#[test]
fn directives_belong_to_the_document_that_follows() {
    check(
        "%YAML 1.2\n---\na: 1\n...\n%TAG ! x:\n---\nb: 2\n",
        &[(3, "%YAML 1.2\n---\na: 1\n...\n"), (7, "%TAG ! x:\n---\nb: 2\n")],
    );
}

#[test]
fn an_end_marker_ends_a_document_without_a_beginning_of_the_next() {
    check("a: 1\n...\nb: 2\n", &[(1, "a: 1\n...\n"), (3, "b: 2\n")]);
}

#[test]
fn dashes_that_are_longer_or_indented_are_content() {
    check("a: |\n  ---\n----\n---x\n", &[(1, "a: |\n  ---\n----\n---x\n")]);
}

#[test]
fn the_last_line_needs_no_line_break() {
    check("a: 1\n---\nb: 2", &[(1, "a: 1\n"), (3, "---\nb: 2")]);
    check("", &[]);
    check("---", &[]);
}

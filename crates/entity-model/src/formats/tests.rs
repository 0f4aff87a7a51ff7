//! Which texts have which form.

use super::*;

fn check(has_form: impl Fn(&str) -> bool, right: &[&str], wrong: &[&str]) {
    for text in right {
        assert!(has_form(text), "`{text}` should have the form");
    }
    for text in wrong {
        assert!(!has_form(text), "`{text}` should not have the form");
    }
}

#[test]
fn names_begin_and_end_with_a_letter_or_digit() {
    let longest = "a".repeat(63);
    let too_long = "a".repeat(64);
    check(
        is_name,
        &["a", "1", "a-b", "a_b", "a..b", "A--b", &longest],
        &["", "-a", "a.", "_a", "a b", "a#b", "á", "Ａ", "a\n", &too_long],
    );
}

#[test]
fn namespaces_are_lower_case() {
    check(is_namespace, &["default", "team-1", "1", "a--b"], &["", "Default", "a_b", "a.b", "a-", "-a", "ü", "a/b"]);
}

#[test]
fn keys_may_have_a_domain_before_a_slash() {
    let longest = format!("{}.com/a", vec!["a".repeat(61); 4].join("."));
    let too_long = format!("{}.comm/aaaaaa", vec!["a".repeat(62); 4].join("."));
    check(
        is_key,
        &["a", "a_b", "a/b", "example.com/a", "1/2", &longest],
        &["", "/a", "a/", "a/b/c", "Example.com/a", "-a/b", "a./b", "a:b", &too_long],
    );
}

#[test]
fn tags_are_parts_joined_by_single_dashes() {
    check(is_tag, &["java", "c++", "c#", "a:b", "+", "a#-b", ":a"], &["", "-a", "a-", "a--b", "a.b", "Java", "a_b"]);
}

#[test]
fn versions_may_have_a_domain_before_a_slash() {
    check(is_api_version, &["v1", "backstage.io/v1alpha1", "A1"], &["", "a/b/c", "backstage.io/", "/v1", "v1-beta"]);
}

#[test]
fn kinds_are_letters_and_digits() {
    check(is_kind, &["Component", "a1"], &["", "1a", "foo-bar", "a_b", "Ü"]);
}

#[test]
fn addresses_are_absolute() {
    check(
        is_url,
        &["https://a.b", "mailto:a@b.c", "ftp://a", "x:"],
        &["", "//a.b", "/a", "a.b", "https://", "http://a b"],
    );
}

#[test]
fn blanks_are_what_javascript_trims() {
    check(is_blank, &["", " ", "\t\n\u{a0}\u{feff}\u{3000}"], &["a", "\u{85}", "\u{200b}"]);
}

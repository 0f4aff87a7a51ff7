//! Which place is shown for a field.

use super::*;

const TEXT: &str = "\
# a comment
kind: Component
metadata:
  name: web
  tags: [java, Go]
  links:
    - url: https://example.com
      title: ''
    - url: nowhere
  labels: {tier: '1'}
---
null
---
kind: System
other: &other {owner: me}
spec: *other
";

/// Checks the place of `path`, written with `/`, and the line there from that column on.
fn check(document: u32, path: &str, expected: &str) {
    let path: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).map(ToOwned::to_owned).collect();
    let (line, column) = locate(TEXT.as_bytes(), document, &path).unwrap();
    let shown = TEXT.lines().nth(line as usize - 1).unwrap().get(column as usize - 1..).unwrap();
    assert_eq!(shown, expected, "{path:?} is at {line}:{column}");
}

#[test]
fn a_scalar_is_shown_at_its_value() {
    check(1, "kind", "Component");
    check(1, "metadata/name", "web");
    check(1, "metadata/tags/1", "Go]");
    check(1, "metadata/links/1/url", "nowhere");
    check(1, "metadata/links/0/title", "title: ''");
    check(1, "metadata/labels/tier", "'1'}");
}

#[test]
fn a_collection_is_shown_at_its_key() {
    check(1, "metadata", "metadata:");
    check(1, "metadata/links", "links:");
    check(1, "metadata/links/1", "url: nowhere");
}

#[test]
fn a_missing_field_is_shown_at_the_deepest_that_exists() {
    check(1, "spec/owner", "kind: Component");
    check(1, "metadata/namespace", "metadata:");
    check(1, "metadata/tags/7", "tags: [java, Go]");
    check(1, "kind/0", "kind: Component");
}

#[test]
fn documents_are_counted_without_the_empty_ones() {
    check(2, "kind", "System");
    assert_eq!(locate(TEXT.as_bytes(), 3, &[]), None);
    assert_eq!(locate(TEXT.as_bytes(), 0, &[]), None);
}

#[test]
fn what_stands_behind_an_alias_is_shown_where_the_alias_stands() {
    check(2, "spec/owner", "spec: *other");
    check(2, "spec", "spec: *other");
}

#[test]
fn columns_are_counted_in_characters() {
    assert_eq!(locate("ä: {ö: [x]}".as_bytes(), 1, &["ä".into(), "ö".into(), "0".into()]), Some((1, 9)));
}

#[test]
fn a_text_that_is_too_deep_for_reading_can_still_be_searched() {
    let deep = "- ".repeat(20_000);
    assert!(locate(deep.as_bytes(), 1, &vec!["0".to_owned(); 20_000]).is_some());
}

//! What is a reference, what is not, and what the canonical form is.

use super::*;

fn check(text: &str, default_kind: Option<&str>, expected: &str) {
    let parsed = EntityRef::parse_with(text, default_kind, "shop");
    let got = parsed.map_or_else(|error| format!("error: {error}"), |reference| reference.to_string());
    assert_eq!(got, expected, "`{text}`");
}

#[test]
fn parts_that_are_missing_come_from_the_context() {
    check("web", Some("component"), "component:shop/web");
    check("Other/Web", Some("Component"), "component:other/web");
    check("api:web", Some("component"), "api:shop/web");
    check("API:Default/Web", None, "api:default/web");
}

#[test]
fn a_colon_after_the_slash_belongs_to_the_name() {
    check("a/b:c", Some("component"), "component:a/b:c");
    check("a:b:c", None, "a:shop/b:c");
    check("a/b/c", Some("group"), "group:a/b/c");
}

#[test]
fn empty_parts_and_missing_kinds_are_refused() {
    check("component:", None, "error: entity reference `component:` is not of the form [<kind>:][<namespace>/]<name>");
    check("", Some("group"), "error: entity reference `` is not of the form [<kind>:][<namespace>/]<name>");
    check(":x", None, "error: entity reference `:x` is not of the form [<kind>:][<namespace>/]<name>");
    check("/x", Some("group"), "error: entity reference `/x` is not of the form [<kind>:][<namespace>/]<name>");
    check("x", None, "error: entity reference `x` must start with a kind, for example `component:x`");
}

#[test]
fn a_reference_longer_than_can_be_stored_is_refused() {
    let error = EntityRef::new("component", "default", &"x".repeat(300)).unwrap_err();
    assert!(matches!(error, EntityRefError::TooLong { length: 318, .. }), "{error:?}");
}

#[test]
fn the_parts_of_a_reference_can_be_read_back() {
    let reference: EntityRef = "Component:Shop/Web".parse().unwrap();
    assert_eq!((reference.kind(), reference.namespace(), reference.name()), ("component", "shop", "web"));
}

proptest::proptest! {
    #[test]
    fn the_canonical_form_reads_back_as_itself(text in "[A-Za-zÄß:/. -]{0,30}") {
        if let Ok(reference) = EntityRef::parse_with(&text, Some("Component"), "Shop") {
            let again: EntityRef = reference.as_str().parse().unwrap();
            proptest::prop_assert_eq!(again.as_str(), reference.as_str());
            let parts = EntityRef::new(reference.kind(), reference.namespace(), reference.name()).unwrap();
            proptest::prop_assert_eq!(parts, reference);
        }
    }
}

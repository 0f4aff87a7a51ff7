use callboard_entity_model::{LocationSpec, Presence};
use serde_json::json;

use super::{AllowedKind, Rule, RuleLocation, RuleSet};

fn location(kind: &str, target: &str) -> LocationSpec {
    LocationSpec { kind: kind.into(), target: target.into(), presence: Presence::Required }
}

#[track_caller]
fn check_allowed(configured: Option<&[Rule]>, own: Option<&[Rule]>, kind: &str, spec_type: &str, expected: bool) {
    check_allowed_at(
        configured,
        own,
        &location("url", "https://example.com/a/catalog-info.yaml"),
        kind,
        spec_type,
        expected,
    );
}

#[track_caller]
fn check_allowed_at(
    configured: Option<&[Rule]>,
    own: Option<&[Rule]>,
    at: &LocationSpec,
    kind: &str,
    spec_type: &str,
    expected: bool,
) {
    let rules = RuleSet::for_source(configured, own, at).unwrap();
    let entity = json!({"kind": kind, "spec": {"type": spec_type}});
    assert_eq!(rules.allows(&entity), expected, "{kind} of type {spec_type} from {at:?}");
}

#[test]
fn without_rules_components_apis_and_locations_are_allowed() {
    for kind in ["Component", "API", "Location"] {
        check_allowed(None, None, kind, "", true);
    }
    for kind in ["User", "Group", "Template", "Resource", "System", "Domain"] {
        check_allowed(None, None, kind, "", false);
    }
}

#[test]
fn an_empty_list_allows_nothing() {
    check_allowed(Some(&[]), None, "Component", "service", false);
}

#[test]
fn kinds_and_types_are_compared_without_case() {
    let rules = [Rule {
        allow: vec![AllowedKind { kind: Some("component".into()), spec_type: Some("SERVICE".into()) }],
        locations: None,
    }];
    check_allowed(Some(&rules), None, "Component", "service", true);
    check_allowed(Some(&rules), None, "Component", "library", false);
}

#[test]
fn rules_of_the_location_add_to_the_rules_for_all() {
    let own = [Rule::allowing(["Template"])];
    check_allowed(None, Some(&own), "Template", "", true);
    check_allowed(None, Some(&own), "Component", "", true);
    check_allowed(Some(&[]), Some(&own), "Component", "", false);
}

#[test]
fn a_rule_with_locations_holds_only_there() {
    let at = |location| [Rule { allow: vec![AllowedKind::named("User")], locations: Some(vec![location]) }];
    let here = location("url", "https://example.com/a/catalog-info.yaml");
    let exact = at(RuleLocation { kind: Some("url".into()), exact: Some(here.target.clone()), pattern: None });
    check_allowed_at(Some(&exact), None, &here, "User", "", true);
    check_allowed_at(Some(&exact), None, &location("file", &here.target), "User", "", false);
    check_allowed_at(Some(&exact), None, &location("url", "https://example.com/b"), "User", "", false);
    let pattern =
        at(RuleLocation { pattern: Some("https://EXAMPLE.com/*/catalog-info.yaml".into()), ..RuleLocation::default() });
    check_allowed_at(Some(&pattern), None, &here, "User", "", true);
    check_allowed_at(
        Some(&pattern),
        None,
        &location("url", "https://example.com/a/b/catalog-info.yaml"),
        "User",
        "",
        false,
    );
}

#[test]
fn a_pattern_that_is_not_a_glob_is_an_error() {
    let rules = [Rule {
        allow: Vec::new(),
        locations: Some(vec![RuleLocation { pattern: Some("a{".into()), ..RuleLocation::default() }]),
    }];
    assert!(super::check_patterns(&rules).is_err());
}

#[test]
fn everything_means_custom_kinds_too() {
    check_allowed(Some(&[Rule::allowing_everything()]), None, "Robot", "", true);
}

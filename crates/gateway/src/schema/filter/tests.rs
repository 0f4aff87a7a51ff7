use async_graphql::{InputType, value};

use super::*;

fn check_filter(asked: async_graphql::Value, expected: Filter) {
    let filter = EntityFilter::parse(Some(asked)).unwrap_or_else(|_| panic!("the filter fits the schema"));
    assert_eq!(filter.into_filter().unwrap(), expected);
}

fn check_refused(asked: async_graphql::Value, expected: &str) {
    let filter = EntityFilter::parse(Some(asked)).unwrap_or_else(|_| panic!("the filter fits the schema"));
    assert_eq!(filter.into_filter().unwrap_err().to_string(), expected);
}

fn kind_is(kind: &str) -> Filter {
    Filter::kind(kind)
}

#[test]
fn an_empty_filter_wants_everything() {
    check_filter(value!({}), Filter::And(Vec::new()));
}

#[test]
fn one_field_is_one_test() {
    check_filter(value!({ "kind": { "eq": "API" } }), kind_is("API"));
    check_filter(value!({ "tag": { "in": ["a", "b"] } }), Filter::Tag(TextTest::In(vec!["a".into(), "b".into()])));
}

#[test]
fn several_tests_of_one_text_all_have_to_hold() {
    let at = |test| Filter::Field { path: FieldPath::name(), test };
    let both = vec![at(TextTest::StartsWith("a".into())), at(TextTest::Contains("b".into()))];
    check_filter(value!({ "name": { "startsWith": "a", "contains": "b" } }), Filter::And(both));
}

#[test]
fn fields_are_joined_by_and() {
    let both = vec![kind_is("Component"), Filter::Text("pay".into())];
    check_filter(value!({ "kind": { "eq": "Component" }, "text": "pay" }), Filter::And(both));
}

#[test]
fn or_and_not_nest() {
    let either = Filter::Or(vec![kind_is("A"), Filter::Not(Box::new(kind_is("B")))]);
    check_filter(value!({ "or": [{ "kind": { "eq": "A" } }, { "not": { "kind": { "eq": "B" } } }] }), either);
}

#[test]
fn owners_are_groups_and_systems_are_systems_unless_they_say_otherwise() {
    let owners = vec!["group:default/team-a".parse().unwrap(), "user:default/ann".parse().unwrap()];
    let expected = Filter::Owner { refs: owners, transitive: true };
    check_filter(value!({ "owner": ["team-a", "user:ann"], "ownerTransitive": true }), expected);
    check_filter(value!({ "system": ["shop"] }), Filter::System(vec!["system:default/shop".parse().unwrap()]));
}

#[test]
fn a_label_without_a_test_has_to_exist() {
    let expected = Filter::Label { key: "tier".into(), test: TextTest::Exists(true) };
    check_filter(value!({ "label": [{ "key": "tier" }] }), expected);
}

#[test]
fn a_relation_may_be_asked_for_by_its_targets() {
    let expected = Filter::HasRelation {
        kind: RelationType::DependsOn,
        direction: None,
        targets: Some(vec!["resource:default/db".parse().unwrap()]),
        target_filter: None,
        exists: true,
    };
    check_filter(value!({ "relation": [{ "type": "dependsOn", "targets": ["resource:db"] }] }), expected);
}

#[test]
fn unknown_relation_types_and_paths_are_refused() {
    check_refused(value!({ "relation": [{ "type": "eats" }] }), "argument `type` is `eats`, which is no relation type");
    check_refused(value!({ "field": [{ "path": "", "value": {} }] }), "`` is not a field path: it is empty");
}

#[test]
fn short_lists_are_filtered_by_the_same_rules() {
    let filter = StringFilter { contains: Some("HOP".into()), ..StringFilter::default() };
    assert!(filter.matches("Shop"));
    assert!(!filter.matches("web"));
    assert!(!StringFilter { exists: Some(false), ..StringFilter::default() }.matches("Shop"));
}

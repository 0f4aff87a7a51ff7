//! What is an entity, what it becomes, and what people are told about those that are none.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn component(metadata: Value) -> Value {
    json!({
        "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": metadata,
        "spec": {"type": "service", "lifecycle": "production", "owner": "team-a"},
    })
}

fn validate(value: Value) -> Result<(Entity, Vec<Violation>), Vec<Violation>> {
    Entity::validate(value, ModelPolicy::default())
}

/// Checks that a value is refused with exactly these violations, written `field: message`.
fn check_refused(value: Value, expected: &[&str]) {
    let violations = validate(value.clone()).unwrap_err();
    assert_eq!(violations.iter().map(ToString::to_string).collect::<Vec<_>>(), expected, "{value}");
}

/// Checks that a value is accepted, with these warnings, and returns its `metadata`.
fn check_accepted(value: Value, expected: &[&str]) -> Value {
    let (entity, warnings) = validate(value.clone()).unwrap();
    assert_eq!(warnings.iter().map(ToString::to_string).collect::<Vec<_>>(), expected, "{value}");
    entity.value()["metadata"].clone()
}

#[test]
fn the_namespace_is_filled_in_after_the_name() {
    let (entity, _) = validate(component(json!({"title": "T", "name": "Web", "tags": ["a"]}))).unwrap();
    assert_eq!(entity.entity_ref().as_str(), "component:default/web");
    let (document, _) = entity.into_document();
    assert!(document.contains(r#"{"title":"T","name":"Web","namespace":"default","tags":["a"]}"#), "{document}");
}

#[test]
fn every_violation_is_reported_at_once() {
    let value = json!({
        "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "Spec": {},
        "metadata": {"name": "_a", "namespace": 1, "tags": ["ok", "-"], "labels": {"k": true}, "links": [{}]},
        "spec": {"type": "service", "lifecycle": "production"},
    });
    check_refused(
        value,
        &[
            "Spec: is not a field of an entity; did you mean `spec`?",
            "metadata.name: `_a` has not the right form: letters, digits, `-`, `_` and `.`, a letter or digit at both \
             ends, at most 63",
            "metadata.namespace: must be a string, not a number",
            "metadata.labels.k: must be a string, not true or false",
            "metadata.tags[1]: `-` has not the right form: lower-case letters, digits, `+`, `#` and `:`, parts joined \
             by single `-`, at most 63",
            "metadata.links[0].url: is required",
            "spec.owner: is required",
        ],
    );
}

#[test]
fn what_the_catalog_writes_can_not_be_declared() {
    let mut value = component(json!({"name": "web"}));
    value["relations"] = json!([]);
    check_refused(value, &["relations: is written by the catalog and can't be declared"]);
}

#[test]
fn things_that_are_no_entities_are_refused() {
    check_refused(json!([]), &["must be an object, not a list"]);
    check_refused(json!({}), &["apiVersion: is required", "kind: is required", "metadata: is required"]);
    check_refused(
        json!({"apiVersion": "backstage.io/v1alpha1", "kind": "User", "metadata": {"name": "a"}}),
        &["spec: is required"],
    );
}

#[test]
fn a_reference_that_the_schema_has_refused_is_not_reported_twice() {
    let mut value = component(json!({"name": "web"}));
    value["spec"]["dependsOn"] = json!([null, "x"]);
    check_refused(
        value,
        &[
            "spec.dependsOn[0]: must be a string, not empty (null)",
            "spec.dependsOn[1]: entity reference `x` must start with a kind, for example `component:x`",
        ],
    );
}

#[test]
fn unknown_kinds_are_refused_unless_they_are_wanted() {
    let mut value = component(json!({"name": "web"}));
    value["kind"] = "Dashboard".into();
    let refused = validate(value.clone()).unwrap_err();
    assert_eq!((refused.len(), refused[0].code, refused[0].is_fatal), (1, ViolationCode::UnknownKind, true));
    let (entity, _) = Entity::validate(value, ModelPolicy { allows_custom_kinds: true }).unwrap();
    assert_eq!(entity.relations().len(), 1);
}

#[test]
fn a_built_in_kind_can_not_be_taken_for_a_custom_one() {
    for (field, text) in [("kind", "component"), ("apiVersion", "example.com/v1")] {
        let mut value = component(json!({"name": "web"}));
        value[field] = text.into();
        let refused = Entity::validate(value, ModelPolicy { allows_custom_kinds: true }).unwrap_err();
        assert_eq!(
            (refused[0].code, refused[0].path.as_slice()),
            (ViolationCode::UnknownKind, [field.to_owned()].as_slice())
        );
    }
}

#[test]
fn links_that_browsers_would_run_are_left_out_with_a_warning() {
    let links = json!([{"url": "https://a.b"}, {"url": "java\nscript:alert(1)"}, {"url": "mailto:a@b.c"}]);
    let metadata = check_accepted(
        component(json!({"name": "web", "links": links})),
        &["metadata.links[1].url: the link is left out because browsers run `javascript:` addresses"],
    );
    assert_eq!(metadata["links"], json!([{"url": "https://a.b"}, {"url": "mailto:a@b.c"}]));
}

#[test]
fn annotations_that_browsers_would_run_are_left_out_with_a_warning() {
    let annotations = json!({"backstage.io/view-url": "data:text/html,x", "a": "b"});
    let metadata = check_accepted(
        component(json!({"name": "web", "annotations": annotations})),
        &["metadata.annotations[\"backstage.io/view-url\"]: the annotation is left out because browsers run `data:` \
           addresses"],
    );
    assert_eq!(metadata["annotations"], json!({"a": "b"}));
}

#[test]
fn keys_that_differ_only_in_case_are_accepted_with_a_warning() {
    check_accepted(
        component(json!({"name": "web", "x": [{"Team": 1, "team": 2}]})),
        &["metadata.x[0].team: differs from `Team` only in case, so filters can't tell them apart"],
    );
}

#[test]
fn annotating_creates_or_replaces() {
    let (mut entity, _) = validate(component(json!({"name": "web"}))).unwrap();
    entity.annotate("a", "1");
    entity.annotate("a", "2");
    assert_eq!(entity.value()["metadata"]["annotations"], json!({"a": "2"}));
}

#[test]
fn the_same_content_has_the_same_hash() {
    let document = |name: &str| validate(component(json!({"name": name}))).unwrap().0.into_document();
    assert_eq!(document("web"), document("web"));
    assert_ne!(document("web").1, document("api").1);
}

#[test]
fn a_broken_entity_still_says_who_it_is() {
    let mut value = component(json!({"name": "Web", "namespace": "shop"}));
    value["spec"] = Value::Null;
    assert_eq!(Entity::readable_ref(&value).unwrap().as_str(), "component:shop/web");
    assert_eq!(Entity::readable_ref(&json!({"kind": "Component"})), None);
}

fn any_json() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "apiVersion",
        "kind",
        "metadata",
        "spec",
        "name",
        "namespace",
        "labels",
        "annotations",
        "links",
        "tags",
        "url",
        "owner",
        "dependencyOf",
        "steps",
        "Name",
        "",
    ]);
    let text = prop::sample::select(vec![
        "backstage.io/v1alpha1",
        "Component",
        "API",
        "Template",
        "Custom",
        "a",
        "a:b/c",
        "javascript:x",
        "",
        "ü",
        "/",
        ":",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text.prop_map(Value::from),
        ".{0,5}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..8)
                .prop_map(|entries| Value::Object(entries.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_value_makes_it_panic_and_refusals_say_why(value in any_json(), allows_custom_kinds: bool) {
        match Entity::validate(value.clone(), ModelPolicy { allows_custom_kinds }) {
            Ok((entity, warnings)) => {
                prop_assert!(warnings.iter().all(|warning| !warning.is_fatal));
                prop_assert_eq!(Entity::readable_ref(&value), Some(entity.entity_ref().clone()));
            }
            Err(violations) => prop_assert!(violations.iter().any(|violation| violation.is_fatal)),
        }
    }

    #[test]
    fn what_was_accepted_is_accepted_again_unchanged(name in "[a-z]{1,8}", label in "[a-z]{0,5}", extra in any_json()) {
        let value = component(json!({"name": name, "labels": {"k": label}, "extra": extra}));
        let (once, _) = validate(value).unwrap();
        let (twice, _) = validate(once.value().clone()).unwrap();
        prop_assert_eq!(once, twice);
    }
}

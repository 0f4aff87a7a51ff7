//! What the definitions promise.

use serde_json::json;

use super::*;

#[test]
fn every_schema_compiles_and_describes_its_kind() {
    for kind in Kind::ALL {
        let definition = kind.definition();
        assert!(jsonschema::validator_for(&definition.schema).is_ok(), "{kind:?}");
        assert_eq!(definition.schema["properties"]["kind"]["const"], definition.name);
        assert!(!definition.description.is_empty() && definition.plural.ends_with('s'), "{definition:?}");
        let mut violations = Vec::new();
        kind.spec_schema().check(&json!([]), &mut violations);
        assert_eq!(violations[0].message, "must be an object, not a list", "{kind:?}");
    }
}

#[test]
fn names_are_found_again_whatever_their_case() {
    for kind in Kind::ALL {
        assert_eq!(Kind::from_lowercase(&kind.as_str().to_lowercase()), Some(kind));
    }
    assert_eq!(Kind::from_lowercase("components"), None);
}

#[test]
fn the_shown_schema_accepts_what_is_valid_and_refuses_what_is_not() {
    let validator = jsonschema::validator_for(&Kind::User.definition().schema).unwrap();
    let mut user = json!({
        "apiVersion": "backstage.io/v1alpha1", "kind": "User", "metadata": {"name": "ann"}, "spec": {"memberOf": []},
    });
    assert!(validator.is_valid(&user));
    user["metadata"]["name"] = "-".into();
    assert!(!validator.is_valid(&user));
}

/// Checks which violations a `spec` of that kind has, written `field: message`.
fn check(kind: Kind, spec: Value, expected: &[&str]) {
    let mut violations = Vec::new();
    kind.spec_schema().check(&spec, &mut violations);
    assert_eq!(violations.iter().map(ToString::to_string).collect::<Vec<_>>(), expected, "{spec}");
}

#[test]
fn every_violation_is_found_and_named_in_people_s_words() {
    let spec = json!({"type": "", "lifecycle": 1, "providesApis": ["a", null], "dependsOn": "x"});
    check(
        Kind::Component,
        spec,
        &[
            "spec.owner: is required",
            "spec.type: must not be empty",
            "spec.lifecycle: must be a string, not a number",
            "spec.providesApis[1]: must be a string, not empty (null)",
            "spec.dependsOn: must be a list, not a string",
        ],
    );
}

#[test]
fn an_api_needs_a_definition_unless_it_is_a_server_with_addresses() {
    let api = |more: Value| {
        let mut spec = json!({"type": "mcp-server", "lifecycle": "production", "owner": "o"});
        spec.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        spec
    };
    check(Kind::Api, api(json!({"remotes": [{"type": "http", "url": "https://a.b"}]})), &[]);
    check(Kind::Api, api(json!({"definition": "x"})), &[]);
    check(Kind::Api, api(json!({"definition": ""})), &["spec.definition: must not be empty"]);
    check(Kind::Api, api(json!({})), &["spec.remotes: is required"]);
    check(Kind::Api, api(json!({"remotes": []})), &["spec.remotes: must have at least one item"]);
    check(Kind::Api, api(json!({"remotes": [{"type": "http"}]})), &["spec.remotes[0].url: is required"]);
    check(Kind::Api, api(json!({"type": "grpc", "remotes": []})), &["spec.definition: is required"]);
}

#[test]
fn a_location_may_be_empty_but_its_presence_is_one_of_two() {
    check(Kind::Location, json!({}), &[]);
    check(Kind::Location, json!({"presence": "sometimes"}), &["spec.presence: must be `required` or `optional`"]);
}

#[test]
fn parameters_of_a_template_are_a_page_or_pages() {
    let template = |parameters: Value| json!({"type": "x", "steps": [], "parameters": parameters});
    check(Kind::Template, template(json!({"properties": {}})), &[]);
    check(Kind::Template, template(json!([{"properties": []}])), &[]);
    check(Kind::Template, template(json!("x")), &["spec.parameters: must be an object or a list, not a string"]);
    check(Kind::Template, template(json!([1])), &["spec.parameters[0]: must be an object, not a number"]);
}

#[test]
fn outputs_of_a_template_are_texts_save_two() {
    let template = |output: Value| json!({"type": "x", "steps": [{"action": "a", "if": true}], "output": output});
    check(Kind::Template, template(json!({"links": [{"title": "t"}], "text": [], "more": "x"})), &[]);
    check(Kind::Template, template(json!({"more": 1})), &["spec.output.more: must be a string, not a number"]);
}

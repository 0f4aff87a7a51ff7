//! Which relations a `spec` declares.

use serde_json::json;

use super::*;

/// Checks the relations of an entity in the namespace `shop`, written `TYPE target`.
fn check(kind: &str, spec: Value, expected: &[&str]) {
    let source = EntityRef::new(kind, "shop", "it").unwrap();
    let relations = relations_of(&source, Some(&spec)).unwrap();
    let got: Vec<_> =
        relations.iter().map(|relation| format!("{} {}", relation.kind.as_str(), relation.target)).collect();
    assert_eq!(got, expected, "{kind} {spec}");
}

fn check_refused(kind: &str, spec: Value, field: &str, message: &str) {
    let source = EntityRef::new(kind, "shop", "it").unwrap();
    let violations = relations_of(&source, Some(&spec)).unwrap_err();
    assert_eq!(violations.iter().map(ToString::to_string).collect::<Vec<_>>(), [format!("{field}: {message}")]);
}

#[test]
fn owner_defaults_to_a_group_of_the_entity_s_namespace() {
    check("Component", json!({"owner": "team-a"}), &["ownedBy group:shop/team-a"]);
    check("API", json!({"owner": "User:Other/Ann"}), &["ownedBy user:other/ann"]);
    check("Template", json!({"owner": "user:ann"}), &["ownedBy user:shop/ann"]);
}

#[test]
fn a_component_declares_seven_fields() {
    check(
        "component",
        json!({
            "owner": "o", "subcomponentOf": "p", "providesApis": ["a"], "consumesApis": ["other/b"],
            "dependsOn": ["resource:db"], "dependencyOf": ["component:x"], "system": "s",
        }),
        &[
            "ownedBy group:shop/o",
            "partOf component:shop/p",
            "providesApi api:shop/a",
            "consumesApi api:other/b",
            "dependsOn resource:shop/db",
            "dependencyOf component:shop/x",
            "partOf system:shop/s",
        ],
    );
}

#[test]
fn the_people_s_kinds_declare_who_belongs_to_whom() {
    let group = json!({"parent": "p", "children": ["c"], "members": ["ann"]});
    check("Group", group, &["childOf group:shop/p", "parentOf group:shop/c", "hasMember user:shop/ann"]);
    check("User", json!({"memberOf": ["a", "group:b/c"]}), &["memberOf group:shop/a", "memberOf group:b/c"]);
}

#[test]
fn systems_and_domains_declare_what_they_are_part_of() {
    check("System", json!({"owner": "o", "domain": "d"}), &["ownedBy group:shop/o", "partOf domain:shop/d"]);
    check("Domain", json!({"owner": "o", "subdomainOf": "d"}), &["ownedBy group:shop/o", "partOf domain:shop/d"]);
    check("Resource", json!({"system": "s", "domain": "d"}), &["partOf system:shop/s"]);
}

#[test]
fn the_same_relation_is_declared_once() {
    check(
        "User",
        json!({"memberOf": ["a", "A", "group:shop/a", "b"]}),
        &["memberOf group:shop/a", "memberOf group:shop/b"],
    );
}

#[test]
fn where_no_kind_is_the_default_it_must_be_written() {
    let message = "entity reference `x` must start with a kind, for example `component:x`";
    check_refused("Component", json!({"dependsOn": ["component:y", "x"]}), "spec.dependsOn[1]", message);
}

#[test]
fn references_that_can_not_be_read_are_refused() {
    let message = "entity reference `a/` is not of the form [<kind>:][<namespace>/]<name>";
    check_refused("Component", json!({"owner": "a/"}), "spec.owner", message);
    check_refused(
        "Resource",
        json!({"dependencyOf": [null]}),
        "spec.dependencyOf[0]",
        "must be an entity reference, not empty (null)",
    );
    check_refused("Resource", json!({"dependencyOf": [""]}), "spec.dependencyOf[0]", "must not be empty");
    check_refused(
        "Resource",
        json!({"dependencyOf": 1}),
        "spec.dependencyOf",
        "must be an entity reference, not a number",
    );
}

#[test]
fn dependency_of_takes_whatever_backstage_takes() {
    check("Component", json!({"dependencyOf": "component:x"}), &["dependencyOf component:shop/x"]);
    check("Component", json!({"dependencyOf": {"kind": "API", "name": "X"}}), &["dependencyOf api:shop/x"]);
    for nothing in [json!(null), json!(""), json!(0), json!(false), json!([])] {
        check("Component", json!({"dependencyOf": nothing}), &[]);
    }
}

#[test]
fn of_a_custom_kind_only_what_can_be_read_is_taken() {
    let spec = json!({"owner": "o", "system": 7, "dependsOn": ["x", "component:y"], "memberOf": ["g"]});
    check("Dashboard", spec, &["ownedBy group:shop/o", "dependsOn component:shop/y"]);
}

#[test]
fn every_type_has_a_name_and_an_inverse() {
    for relation in RelationType::ALL {
        assert_eq!(RelationType::from_name(relation.as_str()), Some(relation));
        assert_eq!(relation.inverse().inverse(), relation);
        assert_ne!(relation.inverse(), relation);
    }
    assert_eq!(RelationType::OwnedBy.inverse(), RelationType::OwnerOf);
    assert_eq!(RelationType::HasPart.inverse(), RelationType::PartOf);
}

#[test]
fn the_list_of_relation_fields_is_what_the_rules_read() {
    let rules = Kind::ALL.iter().flat_map(|kind| kind.rules().relations).chain(&CUSTOM_RULES);
    let read: std::collections::BTreeSet<_> = rules.map(|rule| rule.field).collect();
    assert_eq!(read, RELATION_FIELDS.into_iter().collect());
}

#[test]
fn many_relations_are_without_repetitions_too() {
    let targets: Vec<_> = (0..40).map(|number| format!("component:c{}", number % 20)).collect();
    let spec = json!({ "dependsOn": targets });
    let source = EntityRef::new("component", "shop", "web").unwrap();
    assert_eq!(relations_of(&source, Some(&spec)).unwrap().len(), 20);
}

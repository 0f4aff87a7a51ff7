//! What a representation may look like, and what federation adds to the schema.

use async_graphql::{Value, parser::parse_schema, value};
use callboard_entity_model::EntityRef;

use super::{representation::Representation, subgraph_sdl};
use crate::{
    GatewaySettings,
    schema::{schema_sdl, schema_sdl_for},
};

fn parsed(value: &Value) -> Result<String, String> {
    let named = Representation::parse(value).map_err(|error| error.to_string())?;
    Ok(format!("{named:?}"))
}

#[test]
fn a_reference_without_a_kind_is_one_of_the_kind_of_its_type() {
    for (type_name, expected) in [("API", "api:default/web"), ("Entity", "component:default/web")] {
        let value = value!({ "__typename": type_name, "ref": "web", "other": 1 });
        let expected: EntityRef = expected.parse().unwrap();
        assert!(parsed(&value).unwrap().contains(&format!("{expected:?}")), "{type_name}");
    }
}

#[test]
fn what_names_nothing_of_ours_is_refused_with_the_reason() {
    for (value, reason) in [
        (value!(1), "not an object"),
        (value!({ "ref": "web" }), "without `__typename`"),
        (value!({ "__typename": "Query", "ref": "web" }), "the type `Query`"),
        (value!({ "__typename": "Component" }), "without a text as its key `ref`"),
        (value!({ "__typename": "Component", "ref": 7 }), "without a text as its key `ref`"),
        (value!({ "__typename": "Component", "ref": "" }), "is not of the form"),
    ] {
        let error = parsed(&value).unwrap_err();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn nothing_of_federation_is_in_a_schema_without_it() {
    let off = schema_sdl_for(&GatewaySettings::default());
    assert_eq!(off, schema_sdl());
    for name in ["_service", "_entities", "_Entity", "_Any", "_Service", "@key"] {
        assert!(!off.contains(name), "{name}");
    }
}

#[test]
fn with_federation_two_fields_more_can_be_asked() {
    let settings = GatewaySettings { federation: true, ..GatewaySettings::default() };
    let on = schema_sdl_for(&settings);
    parse_schema(&on).expect("the schema is well-formed");
    for text in ["_service: _Service!", "representations: [_Any!]!", "): [_Entity]!", "union _Entity = ", "scalar _Any"]
    {
        assert!(on.contains(text), "{text}\n{on}");
    }
    assert!(!on.contains("@key"), "the directives of federation are only for routers");
}

#[test]
fn a_router_is_told_the_keys_and_not_what_federation_adds() {
    let sdl = subgraph_sdl();
    parse_schema(&sdl).expect("the schema is well-formed");
    for text in [
        "type Component implements Entity & Node @key(fields: \"ref\") {",
        "type CustomEntity implements Entity & Node @key(fields: \"ref\") {",
        "interface Entity implements Node @key(fields: \"ref\") {",
        "type PageInfo @shareable {",
        "https://specs.apollo.dev/federation/v2",
    ] {
        assert!(sdl.contains(text), "{text}\n{sdl}");
    }
    for name in ["_service", "_entities", "_Any"] {
        assert!(!sdl.contains(name), "{name}");
    }
}

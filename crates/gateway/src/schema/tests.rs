use async_graphql::parser::{
    parse_schema,
    types::{BaseType, FieldDefinition, InputValueDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
};

use super::*;

fn definitions() -> Vec<TypeDefinition> {
    let document = parse_schema(schema_sdl()).expect("the schema is well-formed");
    let types = document.definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(definition.node),
        _ => None,
    });
    types.collect()
}

fn fields_of(kind: &TypeKind) -> Vec<FieldDefinition> {
    match kind {
        TypeKind::Object(object) => object.fields.iter().map(|field| field.node.clone()).collect(),
        TypeKind::Interface(interface) => interface.fields.iter().map(|field| field.node.clone()).collect(),
        _ => Vec::new(),
    }
}

fn inputs_of(definition: &TypeDefinition) -> Vec<(String, InputValueDefinition)> {
    let name = &definition.name.node;
    match &definition.kind {
        TypeKind::InputObject(input) => {
            input.fields.iter().map(|field| (format!("{name}.{}", field.node.name.node), field.node.clone())).collect()
        }
        kind => {
            let arguments = fields_of(kind).into_iter().flat_map(|field| {
                let path = format!("{name}.{}", field.name.node);
                let named = move |it: async_graphql::Positioned<InputValueDefinition>| {
                    (format!("{path}({})", it.node.name.node), it.node)
                };
                field.arguments.into_iter().map(named)
            });
            arguments.collect()
        }
    }
}

#[test]
fn the_schema_file_is_the_one_that_the_code_makes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schema.graphql");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == schema_sdl(),
        "schema.graphql is not what the code makes; update it with `cargo run -- schema > schema.graphql`"
    );
}

#[test]
fn everything_is_described() {
    let mut missing = Vec::new();
    for definition in definitions() {
        let name = definition.name.node.to_string();
        if definition.description.is_none() {
            missing.push(name.clone());
        }
        let undescribed = fields_of(&definition.kind).into_iter().filter(|field| field.description.is_none());
        missing.extend(undescribed.map(|field| format!("{name}.{}", field.name.node)));
        let undescribed = inputs_of(&definition).into_iter().filter(|(_, input)| input.description.is_none());
        missing.extend(undescribed.map(|(path, _)| path));
        if let TypeKind::Enum(values) = &definition.kind {
            let undescribed = values.values.iter().filter(|value| value.node.description.is_none());
            missing.extend(undescribed.map(|value| format!("{name}.{}", value.node.value.node)));
        }
    }
    assert!(missing.is_empty(), "without description: {missing:#?}");
}

#[test]
fn descriptions_are_sentences() {
    for definition in definitions() {
        for field in fields_of(&definition.kind) {
            let text = field.description.map(|text| text.node).unwrap_or_default();
            let path = format!("{}.{}", definition.name.node, field.name.node);
            assert!(text.trim_end().ends_with(['.', '…']), "{path}: {text}");
        }
    }
}

#[test]
fn scalars_say_where_they_are_specified() {
    let sdl = schema_sdl();
    for name in ["EntityRef", "JSON", "Revision", "URL"] {
        assert!(sdl.contains(&format!("scalar {name} @specifiedBy(url: ")), "{name}");
    }
}

#[test]
fn types_that_only_help_to_make_others_are_not_shown() {
    let names: Vec<String> = definitions().into_iter().map(|definition| definition.name.node.to_string()).collect();
    for hidden in [
        "EntityFields",
        "EntityDetails",
        "ComponentFields",
        "RelationTemplate",
        "NodeTemplate",
        "MergedObjectTail",
        "ReaderFields",
        "QueryFields",
        "PastFields",
        "SnapshotFields",
    ] {
        assert!(!names.iter().any(|name| name == hidden), "{hidden}");
    }
}

#[test]
fn booleans_are_questions_and_counts_and_times_are_named_as_such() {
    // `transitive` and the like are arguments, which are not looked at here.
    for definition in definitions() {
        for field in fields_of(&definition.kind) {
            let name = field.name.node.as_str();
            let path = format!("{}.{name}", definition.name.node);
            let BaseType::Named(kind) = &field.ty.node.base else { continue };
            match kind.as_str() {
                "Boolean" => {
                    assert!(["is", "has", "can"].iter().any(|prefix| name.starts_with(prefix)), "{path}");
                    assert!(!field.ty.node.nullable, "{path}");
                }
                "DateTime" => assert!(name.ends_with("At") || matches!(name, "at" | "since"), "{path}"),
                _ => {}
            }
        }
    }
}

#[test]
fn lists_and_their_items_are_never_null_except_where_a_place_must_be_kept() {
    for definition in definitions() {
        for field in fields_of(&definition.kind) {
            let path = format!("{}.{}", definition.name.node, field.name.node);
            let BaseType::List(item) = &field.ty.node.base else { continue };
            let keeps_places = path == "Query.nodes" || path.ends_with(".entitiesByRefs");
            let is_optional = matches!(field.name.node.as_str(), "field");
            assert!(is_optional || !field.ty.node.nullable, "{path}");
            assert_eq!(item.nullable, keeps_places, "{path}");
        }
    }
}

#[test]
fn every_kind_has_every_field_of_the_interface() {
    let definitions = definitions();
    let of = |name: &str| {
        let definition = definitions.iter().find(|definition| definition.name.node == name).expect(name);
        fields_of(&definition.kind).into_iter().map(|field| field.name.node.to_string()).collect::<Vec<_>>()
    };
    let shared = of("Entity");
    assert!(shared.len() > 20, "{shared:?}");
    for name in entity::entity_type_names() {
        let own = of(name);
        assert!(shared.iter().all(|field| own.contains(field)), "{name}: {own:?}");
    }
}

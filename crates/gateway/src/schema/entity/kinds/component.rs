//! What a component adds.

use callboard_entity_model::{Kind, RelationType};

use crate::schema::entity::{
    EntityNode,
    plain_field::PlainField,
    relation_field::RelationField,
    typed::{EntityKind, NoFields},
};

/// The kind `Component`.
pub(crate) struct ComponentKind;

impl EntityKind for ComponentKind {
    const NAME: &'static str = "Component";
    const DESCRIPTION: &'static str = "A piece of software: a service, a website, a library, …";
    const PLAIN: &'static [PlainField] = &[
        PlainField::required_text("type", "`spec.type`, an open vocabulary: `service`, `website`, `library`, …"),
        PlainField::required_text(
            "lifecycle",
            "`spec.lifecycle`, an open vocabulary: `experimental`, `production`, `deprecated`, …",
        ),
    ];
    const RELATIONS: &'static [RelationField] = &[
        RelationField::one("system", RelationType::PartOf, Kind::System, "The system that it is part of."),
        RelationField::one(
            "subcomponentOf",
            RelationType::PartOf,
            Kind::Component,
            "The component that it is part of.",
        ),
        RelationField::many(
            "subcomponents",
            RelationType::HasPart,
            Kind::Component,
            "The components that are part of it.",
        ),
        RelationField::any("dependsOn", RelationType::DependsOn, "What it depends on."),
        RelationField::any("dependencyOf", RelationType::DependencyOf, "What depends on it."),
        RelationField::many("providesApis", RelationType::ProvidesApi, Kind::Api, "The APIs that it provides."),
        RelationField::many("consumesApis", RelationType::ConsumesApi, Kind::Api, "The APIs that it consumes."),
    ];
    type Fields<'a> = NoFields;

    fn fields(_: &EntityNode) -> NoFields {
        NoFields
    }
}

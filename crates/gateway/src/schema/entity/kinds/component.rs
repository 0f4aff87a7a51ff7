//! What a component adds.

use async_graphql::Object;
use callboard_entity_model::{Kind, RelationType};

use crate::{
    error::GatewayError,
    schema::entity::{EntityNode, relation_field::RelationField, typed::EntityKind},
};

/// The kind `Component`.
pub(crate) struct ComponentKind;

/// The fields that only components have.
pub(crate) struct ComponentFields<'a>(&'a EntityNode);

impl EntityKind for ComponentKind {
    const NAME: &'static str = "Component";
    const DESCRIPTION: &'static str = "A piece of software: a service, a website, a library, …";
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
    type Fields<'a> = ComponentFields<'a>;

    fn fields(node: &EntityNode) -> ComponentFields<'_> {
        ComponentFields(node)
    }
}

#[Object]
impl<'a> ComponentFields<'a> {
    /// `spec.type`, an open vocabulary: `service`, `website`, `library`, …
    #[graphql(name = "type")]
    async fn kind_type(&self) -> Result<String, GatewayError> {
        self.0.required_spec_text("type")
    }

    /// `spec.lifecycle`, an open vocabulary: `experimental`, `production`, `deprecated`, …
    async fn lifecycle(&self) -> Result<String, GatewayError> {
        self.0.required_spec_text("lifecycle")
    }
}

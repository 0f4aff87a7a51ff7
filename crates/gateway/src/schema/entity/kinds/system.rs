//! What a system adds.

use async_graphql::Object;
use callboard_entity_model::{Kind, RelationType};

use crate::schema::entity::{EntityNode, relation_field::RelationField, typed::EntityKind};

/// The kind `System`.
pub(crate) struct SystemKind;

/// The fields that only systems have.
pub(crate) struct SystemFields<'a>(&'a EntityNode);

impl EntityKind for SystemKind {
    const NAME: &'static str = "System";
    const DESCRIPTION: &'static str = "Components, APIs and resources that do something together.";
    const RELATIONS: &'static [RelationField] = &[
        RelationField::one("domain", RelationType::PartOf, Kind::Domain, "The domain that it is part of."),
        RelationField::many(
            "components",
            RelationType::HasPart,
            Kind::Component,
            "The components that are part of it.",
        ),
        RelationField::many("apis", RelationType::HasPart, Kind::Api, "The APIs that are part of it."),
        RelationField::many("resources", RelationType::HasPart, Kind::Resource, "The resources that are part of it."),
    ];
    type Fields<'a> = SystemFields<'a>;

    fn fields(node: &EntityNode) -> SystemFields<'_> {
        SystemFields(node)
    }
}

#[Object]
impl<'a> SystemFields<'a> {
    /// `spec.type`, an open vocabulary; null when none is written.
    #[graphql(name = "type")]
    async fn kind_type(&self) -> Option<String> {
        self.0.spec_field("type")
    }
}

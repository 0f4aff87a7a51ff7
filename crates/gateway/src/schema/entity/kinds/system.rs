//! What a system adds.

use callboard_entity_model::{Kind, RelationType};

use crate::schema::entity::{
    EntityNode,
    plain_field::PlainField,
    relation_field::RelationField,
    typed::{EntityKind, NoFields},
};

/// The kind `System`.
pub(crate) struct SystemKind;

impl EntityKind for SystemKind {
    const NAME: &'static str = "System";
    const DESCRIPTION: &'static str = "Components, APIs and resources that do something together.";
    const PLAIN: &'static [PlainField] =
        &[PlainField::optional_text("type", "`spec.type`, an open vocabulary; null when none is written.")];
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
    type Fields<'a> = NoFields;

    fn fields(_: &EntityNode) -> NoFields {
        NoFields
    }
}

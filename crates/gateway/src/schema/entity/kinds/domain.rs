//! What a domain adds.

use callboard_entity_model::{Kind, RelationType};

use crate::schema::entity::{
    EntityNode,
    plain_field::PlainField,
    relation_field::RelationField,
    typed::{EntityKind, NoFields},
};

/// The kind `Domain`.
pub(crate) struct DomainKind;

impl EntityKind for DomainKind {
    const NAME: &'static str = "Domain";
    const DESCRIPTION: &'static str = "Systems that share a part of the business.";
    const PLAIN: &'static [PlainField] =
        &[PlainField::optional_text("type", "`spec.type`, an open vocabulary; null when none is written.")];
    const RELATIONS: &'static [RelationField] = &[
        RelationField::one("subdomainOf", RelationType::PartOf, Kind::Domain, "The domain that it is part of."),
        RelationField::many("subdomains", RelationType::HasPart, Kind::Domain, "The domains that are part of it."),
        RelationField::many("systems", RelationType::HasPart, Kind::System, "The systems that are part of it."),
    ];
    type Fields<'a> = NoFields;

    fn fields(_: &EntityNode) -> NoFields {
        NoFields
    }
}

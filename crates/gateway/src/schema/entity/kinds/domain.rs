//! What a domain adds.

use async_graphql::Object;
use callboard_entity_model::{Kind, RelationType};

use crate::schema::entity::{EntityNode, relation_field::RelationField, typed::EntityKind};

/// The kind `Domain`.
pub(crate) struct DomainKind;

/// The fields that only domains have.
pub(crate) struct DomainFields<'a>(&'a EntityNode);

impl EntityKind for DomainKind {
    const NAME: &'static str = "Domain";
    const DESCRIPTION: &'static str = "Systems that share a part of the business.";
    const RELATIONS: &'static [RelationField] = &[
        RelationField::one("subdomainOf", RelationType::PartOf, Kind::Domain, "The domain that it is part of."),
        RelationField::many("subdomains", RelationType::HasPart, Kind::Domain, "The domains that are part of it."),
        RelationField::many("systems", RelationType::HasPart, Kind::System, "The systems that are part of it."),
    ];
    type Fields<'a> = DomainFields<'a>;

    fn fields(node: &EntityNode) -> DomainFields<'_> {
        DomainFields(node)
    }
}

#[Object]
impl<'a> DomainFields<'a> {
    /// `spec.type`, an open vocabulary; null when none is written.
    #[graphql(name = "type")]
    async fn kind_type(&self) -> Option<String> {
        self.0.spec_field("type")
    }
}

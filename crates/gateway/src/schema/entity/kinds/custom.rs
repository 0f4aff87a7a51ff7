//! What an entity of a kind that is not built in adds.

use async_graphql::Object;

use crate::schema::entity::{EntityNode, relation_field::RelationField, typed::EntityKind};

/// Any kind that is not built in.
pub(crate) struct CustomKind;

/// The fields that only custom entities have.
pub(crate) struct CustomFields<'a>(&'a EntityNode);

impl EntityKind for CustomKind {
    const NAME: &'static str = "CustomEntity";
    const DESCRIPTION: &'static str = "An entity of a kind that is not built in.";
    const RELATIONS: &'static [RelationField] = &[];
    type Fields<'a> = CustomFields<'a>;

    fn fields(node: &EntityNode) -> CustomFields<'_> {
        CustomFields(node)
    }
}

#[Object]
impl<'a> CustomFields<'a> {
    /// `spec.type`; null when none is written.
    #[graphql(name = "type")]
    async fn kind_type(&self) -> Option<String> {
        self.0.spec_field("type")
    }
}

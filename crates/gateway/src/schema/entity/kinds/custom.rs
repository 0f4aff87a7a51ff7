//! What an entity of a kind that is not built in adds.

use crate::schema::entity::{
    EntityNode,
    plain_field::PlainField,
    relation_field::RelationField,
    typed::{EntityKind, NoFields},
};

/// Any kind that is not built in.
pub(crate) struct CustomKind;

impl EntityKind for CustomKind {
    const NAME: &'static str = "CustomEntity";
    const DESCRIPTION: &'static str = "An entity of a kind that is not built in.";
    const PLAIN: &'static [PlainField] =
        &[PlainField::optional_text("type", "`spec.type`; null when none is written.")];
    const RELATIONS: &'static [RelationField] = &[];
    type Fields<'a> = NoFields;

    fn fields(_: &EntityNode) -> NoFields {
        NoFields
    }
}

//! What a resource adds.

use callboard_entity_model::{Kind, RelationType};

use crate::schema::entity::{
    EntityNode,
    plain_field::PlainField,
    relation_field::RelationField,
    typed::{EntityKind, NoFields},
};

/// The kind `Resource`.
pub(crate) struct ResourceKind;

impl EntityKind for ResourceKind {
    const NAME: &'static str = "Resource";
    const DESCRIPTION: &'static str = "Infrastructure that software needs to run: a database, a bucket, a queue, …";
    const PLAIN: &'static [PlainField] =
        &[PlainField::required_text("type", "`spec.type`, an open vocabulary: `database`, `s3-bucket`, `cluster`, …")];
    const RELATIONS: &'static [RelationField] = &[
        RelationField::one("system", RelationType::PartOf, Kind::System, "The system that it is part of."),
        RelationField::any("dependsOn", RelationType::DependsOn, "What it depends on."),
        RelationField::any("dependencyOf", RelationType::DependencyOf, "What depends on it."),
    ];
    type Fields<'a> = NoFields;

    fn fields(_: &EntityNode) -> NoFields {
        NoFields
    }
}

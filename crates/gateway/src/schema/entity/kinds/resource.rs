//! What a resource adds.

use async_graphql::Object;
use callboard_entity_model::{Kind, RelationType};

use crate::{
    error::GatewayError,
    schema::entity::{EntityNode, relation_field::RelationField, typed::EntityKind},
};

/// The kind `Resource`.
pub(crate) struct ResourceKind;

/// The fields that only resources have.
pub(crate) struct ResourceFields<'a>(&'a EntityNode);

impl EntityKind for ResourceKind {
    const NAME: &'static str = "Resource";
    const DESCRIPTION: &'static str = "Infrastructure that software needs to run: a database, a bucket, a queue, …";
    const RELATIONS: &'static [RelationField] = &[
        RelationField::one("system", RelationType::PartOf, Kind::System, "The system that it is part of."),
        RelationField::any("dependsOn", RelationType::DependsOn, "What it depends on."),
        RelationField::any("dependencyOf", RelationType::DependencyOf, "What depends on it."),
    ];
    type Fields<'a> = ResourceFields<'a>;

    fn fields(node: &EntityNode) -> ResourceFields<'_> {
        ResourceFields(node)
    }
}

#[Object]
impl<'a> ResourceFields<'a> {
    /// `spec.type`, an open vocabulary: `database`, `s3-bucket`, `cluster`, …
    #[graphql(name = "type")]
    async fn kind_type(&self) -> Result<String, GatewayError> {
        self.0.required_spec_text("type")
    }
}

//! What an API adds.

use async_graphql::{Object, SimpleObject};
use callboard_entity_model::{Kind, RelationType};
use serde::Deserialize;

use crate::schema::entity::{EntityNode, plain_field::PlainField, relation_field::RelationField, typed::EntityKind};

/// The kind `API`.
pub(crate) struct ApiKind;

/// The fields that only APIs have.
pub(crate) struct ApiFields<'a>(&'a EntityNode);

/// An address at which a server of type `mcp-server` can be reached.
#[derive(Debug, Deserialize, SimpleObject)]
pub(crate) struct ApiRemote {
    /// The transport, for example `streamable-http`.
    #[serde(rename = "type")]
    #[graphql(name = "type")]
    kind: String,
    /// The address as written.
    url: String,
}

impl EntityKind for ApiKind {
    const NAME: &'static str = "API";
    const DESCRIPTION: &'static str = "A boundary between pieces of software.";
    const PLAIN: &'static [PlainField] = &[
        PlainField::required_text(
            "type",
            "`spec.type`, an open vocabulary: `openapi`, `asyncapi`, `graphql`, `grpc`, `mcp-server`, …",
        ),
        PlainField::required_text(
            "lifecycle",
            "`spec.lifecycle`, an open vocabulary: `experimental`, `production`, `deprecated`, …",
        ),
        PlainField::optional_text(
            "definition",
            "The definition as text, in the format that `type` says; null for types that have none, such as `mcp-server`.",
        ),
    ];
    const RELATIONS: &'static [RelationField] = &[
        RelationField::one("system", RelationType::PartOf, Kind::System, "The system that it is part of."),
        RelationField::any("providers", RelationType::ApiProvidedBy, "What provides it."),
        RelationField::any("consumers", RelationType::ApiConsumedBy, "What consumes it."),
        RelationField::any("dependencyOf", RelationType::DependencyOf, "What depends on it."),
    ];
    type Fields<'a> = ApiFields<'a>;

    fn fields(node: &EntityNode) -> ApiFields<'_> {
        ApiFields(node)
    }
}

#[Object]
impl<'a> ApiFields<'a> {
    /// Where a server of type `mcp-server` can be reached; empty for other types.
    async fn remotes(&self) -> Vec<ApiRemote> {
        self.0.spec_field("remotes").unwrap_or_default()
    }
}

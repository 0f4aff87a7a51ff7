//! What an entity of kind Location adds. It is not a registered location, though one may have led to it.

use async_graphql::Object;

use crate::schema::entity::{EntityNode, relation_field::RelationField, typed::EntityKind};

/// The kind `Location`.
pub(crate) struct LocationKind;

/// The fields that only entities of kind Location have.
pub(crate) struct LocationFields<'a>(&'a EntityNode);

impl EntityKind for LocationKind {
    const NAME: &'static str = "Location";
    const DESCRIPTION: &'static str = "An entity that names other files with entities. Locations that were registered or configured are of type \
         `RegisteredLocation`.";
    const RELATIONS: &'static [RelationField] = &[];
    type Fields<'a> = LocationFields<'a>;

    fn fields(node: &EntityNode) -> LocationFields<'_> {
        LocationFields(node)
    }
}

#[Object]
impl<'a> LocationFields<'a> {
    /// `spec.type`: `url` or `file`; null when it is that of the file that it stands in.
    #[graphql(name = "type")]
    async fn kind_type(&self) -> Option<String> {
        self.0.spec_field("type")
    }

    /// The files that it names, as written: `spec.target` and `spec.targets`.
    async fn targets(&self) -> Vec<String> {
        let one: Option<String> = self.0.spec_field("target");
        let many: Vec<String> = self.0.spec_field("targets").unwrap_or_default();
        one.into_iter().chain(many).collect()
    }

    /// `spec.presence`: `required` when it is a problem that a target is not there, or `optional`.
    async fn presence(&self) -> String {
        self.0.spec_field("presence").unwrap_or_else(|| "required".to_owned())
    }
}

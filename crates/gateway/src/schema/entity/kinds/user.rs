//! What a user adds.

use async_graphql::Object;
use callboard_entity_model::{Kind, RelationType};

use crate::schema::entity::{
    EntityNode, parts::Profile, plain_field::PlainField, relation_field::RelationField, typed::EntityKind,
};

/// The kind `User`.
pub(crate) struct UserKind;

/// The fields that only users have.
pub(crate) struct UserFields<'a>(&'a EntityNode);

impl EntityKind for UserKind {
    const NAME: &'static str = "User";
    const DESCRIPTION: &'static str = "A person.";
    const PLAIN: &'static [PlainField] = &[];
    const RELATIONS: &'static [RelationField] = &[
        RelationField::many(
            "memberOf",
            RelationType::MemberOf,
            Kind::Group,
            "The groups that the person is directly a member of.",
        ),
        RelationField::any("ownerOf", RelationType::OwnerOf, "What the person owns, as a person and not as a member."),
    ];
    type Fields<'a> = UserFields<'a>;

    fn fields(node: &EntityNode) -> UserFields<'_> {
        UserFields(node)
    }
}

#[Object]
impl<'a> UserFields<'a> {
    /// How the person is shown to people; null when nothing is written.
    async fn profile(&self) -> Option<Profile> {
        self.0.spec_field("profile")
    }
}

//! What a group adds.

use async_graphql::{Context, Object};
use callboard_entity_model::{Kind, RelationType};
use callboard_view::Filter;

use crate::{
    error::GatewayError,
    schema::{
        connection::EntityConnection,
        context::ContextExt,
        entity::{
            EntityNode, parts::Profile, plain_field::PlainField, relation_field::RelationField, typed::EntityKind,
        },
        filter::EntityFilter,
        page::PageArguments,
    },
};

/// The kind `Group`.
pub(crate) struct GroupKind;

/// The fields that only groups have.
pub(crate) struct GroupFields<'a>(&'a EntityNode);

impl EntityKind for GroupKind {
    const NAME: &'static str = "Group";
    const DESCRIPTION: &'static str = "People who belong together: a team, a department, …";
    const PLAIN: &'static [PlainField] =
        &[PlainField::required_text("type", "`spec.type`, an open vocabulary: `team`, `business-unit`, `root`, …")];
    const RELATIONS: &'static [RelationField] = &[
        RelationField::one("parent", RelationType::ChildOf, Kind::Group, "The group above it."),
        RelationField::many("children", RelationType::ParentOf, Kind::Group, "The groups directly below it."),
    ];
    type Fields<'a> = GroupFields<'a>;

    fn fields(node: &EntityNode) -> GroupFields<'_> {
        GroupFields(node)
    }
}

#[Object]
impl<'a> GroupFields<'a> {
    /// How it is shown to people; null when nothing is written.
    async fn profile(&self) -> Option<Profile> {
        self.0.spec_field("profile")
    }

    /// The users who are members of it.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Count members of the groups below it too, at any depth.", default = false)] transitive: bool,
        #[graphql(desc = "Which of them; all when left out.")] filter: Option<EntityFilter>,
        #[graphql(desc = "How many from the start; 50 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<EntityConnection, GatewayError> {
        let groups = if transitive { self.0.with_groups_below() } else { vec![self.0.entity_ref().clone()] };
        let member_of = |group| Filter::RelatedTo { source: group, kind: RelationType::HasMember };
        let filters = vec![Filter::Or(groups.into_iter().map(member_of).collect()), Filter::kind("User")];
        let page = PageArguments { first, after, last, before };
        EntityConnection::within(self.0.snapshot(), filters, filter, None, page, ctx.settings())
    }

    /// What it owns.
    async fn owner_of(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Count what groups below it own too, at any depth.", default = false)] transitive: bool,
        #[graphql(desc = "Which of them; all when left out.")] filter: Option<EntityFilter>,
        #[graphql(desc = "How many from the start; 50 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<EntityConnection, GatewayError> {
        let filters = vec![Filter::Owner { refs: vec![self.0.entity_ref().clone()], transitive }];
        let page = PageArguments { first, after, last, before };
        EntityConnection::within(self.0.snapshot(), filters, filter, None, page, ctx.settings())
    }
}

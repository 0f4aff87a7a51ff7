//! Typed relation fields: `system`, `dependsOn`, `components`, …, all made from one table per kind.
//!
//! Owns what such a field is called in the schema and how it is answered. Which fields a kind has stands in `kinds`.

use async_graphql::{
    Context, Error, Object, OutputType, ServerResult, Value,
    registry::{MetaField, MetaType, Registry},
};
use callboard_entity_model::{Kind, RelationType};
use callboard_view::Filter;

use super::{AnyEntity, EntityNode};
use crate::{
    GatewaySettings,
    error::GatewayError,
    schema::{
        connection::EntityConnection, context::ContextExt, filter::EntityFilter, order::EntityOrder,
        page::PageArguments,
    },
};

/// A field that leads along a relation to other entities.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RelationField {
    name: &'static str,
    description: &'static str,
    relation: RelationType,
    /// Only entities of this kind.
    target: Option<Kind>,
    is_list: bool,
}

impl RelationField {
    /// A field that leads to one entity: the first, should there be several.
    pub(crate) const fn one(
        name: &'static str,
        relation: RelationType,
        target: Kind,
        description: &'static str,
    ) -> Self {
        Self { name, description, relation, target: Some(target), is_list: false }
    }

    /// A field that leads to a page of entities of one kind.
    pub(crate) const fn many(
        name: &'static str,
        relation: RelationType,
        target: Kind,
        description: &'static str,
    ) -> Self {
        Self { name, description, relation, target: Some(target), is_list: true }
    }

    /// A field that leads to a page of entities of any kind.
    pub(crate) const fn any(name: &'static str, relation: RelationType, description: &'static str) -> Self {
        Self { name, description, relation, target: None, is_list: true }
    }

    /// Describes the field for the schema.
    pub(super) fn describe(&self, registry: &mut Registry) -> (String, MetaField) {
        let template = match registry.create_fake_output_type::<RelationTemplate>() {
            MetaType::Object { mut fields, .. } => fields.swap_remove(if self.is_list { "many" } else { "one" }),
            _ => None,
        };
        #[allow(clippy::expect_used, reason = "the template stands in this file, and the schema is made once at start")]
        let mut field = template.expect("the template has both fields");
        field.name = self.name.to_owned();
        field.description = Some(self.description.to_owned());
        if let (false, Some(target)) = (self.is_list, self.target) {
            field.ty = target.as_str().to_owned();
        }
        (field.name.clone(), field)
    }

    /// Answers the field.
    pub(super) async fn resolve(&self, node: &EntityNode, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let selection = ctx.with_selection_set(&ctx.item.node.selection_set);
        if !self.is_list {
            return match self.target_of(node) {
                Some(target) => AnyEntity(target).resolve(&selection, ctx.item).await.map(Some),
                None => Ok(Some(Value::Null)),
            };
        }
        match self.page_of(node, self.arguments(ctx)?, ctx.settings()) {
            Ok(connection) => connection.resolve(&selection, ctx.item).await.map(Some),
            Err(error) => Err(ctx.set_error_path(Error::from(error).into_server_error(ctx.item.pos))),
        }
    }

    /// Returns the name.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// Returns whether it leads to a page of entities, and not to one.
    pub(super) fn is_list(&self) -> bool {
        self.is_list
    }

    /// Returns the one entity that it leads to.
    pub(super) fn target_of(&self, node: &EntityNode) -> Option<EntityNode> {
        node.related(self.relation, self.target).next()
    }

    /// Reads the arguments of a field that leads to a page.
    pub(super) fn arguments(&self, ctx: &Context<'_>) -> ServerResult<RelationArguments> {
        Ok(RelationArguments {
            filter: ctx.param_value("filter", None)?.1,
            order_by: ctx.param_value("orderBy", None)?.1,
            page: PageArguments {
                first: ctx.param_value("first", None)?.1,
                after: ctx.param_value("after", None)?.1,
                last: ctx.param_value("last", None)?.1,
                before: ctx.param_value("before", None)?.1,
            },
        })
    }

    /// Returns the page of entities that it leads to.
    pub(super) fn page_of(
        &self,
        node: &EntityNode,
        arguments: RelationArguments,
        settings: &GatewaySettings,
    ) -> Result<EntityConnection, GatewayError> {
        let RelationArguments { filter, order_by, page } = arguments;
        let mut filters = vec![Filter::RelatedTo { source: node.entity_ref().clone(), kind: self.relation }];
        filters.extend(self.target.map(|kind| Filter::kind(kind.as_str())));
        EntityConnection::within(node.snapshot(), filters, filter, order_by, page, settings)
    }
}

/// The arguments of a field that leads to a page.
#[derive(Debug, Clone, Default)]
pub(crate) struct RelationArguments {
    filter: Option<EntityFilter>,
    order_by: Option<Vec<EntityOrder>>,
    page: PageArguments,
}

/// What the fields made here look like; never shown under this name.
struct RelationTemplate;

#[Object]
impl RelationTemplate {
    async fn one(&self) -> Option<AnyEntity> {
        None
    }

    async fn many(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them; all when left out.")] filter: Option<EntityFilter>,
        #[graphql(desc = "In which order; by reference when left out.")] order_by: Option<Vec<EntityOrder>>,
        #[graphql(desc = "How many from the start; 50 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<EntityConnection, GatewayError> {
        let page = PageArguments { first, after, last, before };
        EntityConnection::within(ctx.snapshot(), Vec::new(), filter, order_by, page, ctx.settings())
    }
}

//! Nodes: whatever can be found again by its id.
//!
//! Owns the interface `Node` and the look-up.

use std::borrow::Cow;

use async_graphql::{
    Context, ContextSelectionSet, ID, Object, OutputType, Positioned, ServerResult, Value,
    parser::types::Field,
    registry::{MetaType, MetaTypeId, Registry},
};

use super::{
    context::ContextExt,
    entity::{AnyEntity, EntityNode, entity_type_names},
    global_id::GlobalId,
    location::RegisteredLocation,
    webhook::WebhookSubscription,
};
use crate::error::GatewayError;

/// Whatever can be found again by its id.
#[derive(Debug)]
pub(crate) enum AnyNode {
    /// An entity.
    Entity(Box<AnyEntity>),
    /// A registered location.
    Location(RegisteredLocation),
    /// A webhook.
    Webhook(WebhookSubscription),
}

impl AnyNode {
    /// Finds nodes, in the order of their ids; nothing where the id is none of ours or the thing is gone. Only webhooks
    /// are not in the snapshot: all that are asked for are read at once.
    pub(crate) async fn find_all(ctx: &Context<'_>, ids: &[ID]) -> Result<Vec<Option<Self>>, GatewayError> {
        let snapshot = ctx.snapshot();
        let ids: Vec<_> = ids.iter().map(GlobalId::decode).collect();
        let webhooks = match ids.iter().any(|id| matches!(id, Some(GlobalId::Webhook(_)))) {
            true => ctx.webhooks().list().await?,
            false => Vec::new(),
        };
        let webhooks: Vec<_> =
            webhooks.into_iter().filter(|it| ids.contains(&Some(GlobalId::Webhook(it.id)))).collect();
        let webhooks = WebhookSubscription::all(webhooks);
        let find = |id: Option<GlobalId>| match id? {
            GlobalId::Entity(entity_ref) => {
                EntityNode::find(snapshot, &entity_ref).map(|node| Self::Entity(Box::new(AnyEntity(node))))
            }
            GlobalId::Location(id) => RegisteredLocation::find(snapshot, id).map(Self::Location),
            GlobalId::Webhook(id) => webhooks.iter().find(|it| it.key() == id).cloned().map(Self::Webhook),
        };
        Ok(ids.into_iter().map(find).collect())
    }
}

/// The one field of the interface; this type itself is never shown.
struct NodeTemplate;

#[Object]
impl NodeTemplate {
    /// Opaque key that stays the same for as long as the thing exists.
    async fn id(&self) -> ID {
        ID::default()
    }
}

impl OutputType for AnyNode {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("Node")
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        match self {
            Self::Entity(entity) => entity.introspection_type_name(),
            Self::Location(location) => location.introspection_type_name(),
            Self::Webhook(webhook) => webhook.introspection_type_name(),
        }
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Interface, |registry| {
            let fields = match registry.create_fake_output_type::<NodeTemplate>() {
                MetaType::Object { fields, .. } => fields,
                _ => Default::default(),
            };
            AnyEntity::create_type_info(registry);
            RegisteredLocation::create_type_info(registry);
            registry.add_implements(&RegisteredLocation::type_name(), "Node");
            WebhookSubscription::create_type_info(registry);
            registry.add_implements(&WebhookSubscription::type_name(), "Node");
            let mut possible_types: Vec<String> = entity_type_names().map(str::to_owned).collect();
            possible_types.push(RegisteredLocation::type_name().into_owned());
            possible_types.push(WebhookSubscription::type_name().into_owned());
            MetaType::Interface {
                name: "Node".to_owned(),
                description: Some("Anything that can be found again by its id.".to_owned()),
                fields,
                possible_types: possible_types.into_iter().collect(),
                extends: false,
                inaccessible: false,
                tags: Vec::new(),
                keys: None,
                visible: None,
                rust_typename: Some(std::any::type_name::<Self>()),
                directive_invocations: Vec::new(),
                requires_scopes: Vec::new(),
            }
        })
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        match self {
            Self::Entity(entity) => entity.resolve(ctx, field).await,
            Self::Location(location) => location.resolve(ctx, field).await,
            Self::Webhook(webhook) => webhook.resolve(ctx, field).await,
        }
    }
}

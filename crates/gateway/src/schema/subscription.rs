//! What can be followed.
//!
//! Owns the fields of `Subscription` as the schema shows them. Where events come from is `crate::subscription`'s matter:
//! each is executed like a query whose root is this object, and its field answers with the event at hand.

use std::{borrow::Cow, pin::Pin, sync::Arc};

use async_graphql::{Context, Object, OutputType, Response, SubscriptionType, registry::Registry};
use futures::Stream;

use super::{
    change::{ChangeType, EntityChangeEvent},
    context::ContextExt,
    filter::EntityFilter,
};

/// The root of everything that can be followed.
pub(crate) struct Subscription;

/// What can be followed.
#[Object]
#[allow(unused_variables, reason = "the arguments are read before the first event; here they are shown")]
impl Subscription {
    /// Changes of entities, in the order of the log, none left out and none twice. It starts with a checkpoint. With
    /// `after`, everything after that cursor is sent first.
    async fn entity_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entities, before or after the change; all when left out.")] filter: Option<
            EntityFilter,
        >,
        #[graphql(desc = "Which changes; all when left out.")] types: Option<Vec<ChangeType>>,
        #[graphql(desc = "A cursor of an earlier event; from now on when left out.")] after: Option<String>,
        #[graphql(
            desc = "Send a checkpoint when there was nothing to send for so long; from 1 to 3600.",
            default = 15
        )]
        checkpoint_seconds: i32,
    ) -> async_graphql::Result<Arc<EntityChangeEvent>> {
        ctx.scope().event().cloned().ok_or_else(|| "there is no event outside of a subscription".into())
    }
}

impl SubscriptionType for Subscription {
    fn type_name() -> Cow<'static, str> {
        <Self as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <Self as OutputType>::create_type_info(registry)
    }

    /// Events are executed over a schema of their own, so that nothing is ever streamed from here.
    fn create_field_stream<'a>(
        &'a self,
        _: &'a Context<'_>,
    ) -> Option<Pin<Box<dyn Stream<Item = Response> + Send + 'a>>> {
        None
    }
}

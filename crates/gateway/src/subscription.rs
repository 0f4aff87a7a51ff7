//! Following: from an operation to a stream of answers.
//!
//! Owns turning the log's changes into events, with filters, checkpoints and resets, and each event into an answer. That
//! no change is lost or sent twice is `catalog`'s promise; how answers are sent is `callboard_transport`'s work.

mod arguments;
mod follower;

use std::sync::Arc;

use callboard_transport::Event;
use futures::{StreamExt, stream::BoxStream};

use self::{arguments::FollowArguments, follower::Follower};
use crate::{
    answer::Refusal,
    executor::{GatewayExecutor, Prepared},
    schema::context::Scope,
};

/// Starts following what an operation asks for. `last_event_id` is a cursor in place of the argument `after`.
pub(crate) async fn follow(
    executor: &GatewayExecutor,
    prepared: Prepared,
    last_event_id: Option<String>,
    request_id: String,
) -> Result<BoxStream<'static, Event>, Box<Refusal>> {
    let (catalog, clock) = executor.followed();
    let arguments = FollowArguments::read(&prepared, last_event_id)?;
    let follower = Follower::start(catalog, clock, arguments).await?;
    let (executor, prepared): (_, Arc<Prepared>) = (executor.clone(), Arc::new(prepared));
    let request_id: Arc<str> = request_id.into();
    let events = follower.events().then(move |event| {
        let (executor, prepared, request_id) = (executor.clone(), Arc::clone(&prepared), Arc::clone(&request_id));
        async move {
            let event = Arc::new(event);
            let scope = Scope::of_event(executor.snapshot(), Arc::clone(&event));
            let text = executor.execute_event(&prepared, scope, &request_id).await;
            Event { payload: text.with_id(&request_id), cursor: Some(event.cursor()) }
        }
    });
    Ok(events.boxed())
}

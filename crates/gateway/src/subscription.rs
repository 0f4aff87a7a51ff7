//! Following: from an operation to a stream of answers.
//!
//! Owns turning the log's changes into events, with filters, checkpoints and resets, and each event into an answer. That
//! no change is lost or sent twice is `catalog`'s promise; how answers are sent is `callboard_transport`'s work. What a
//! change looks like is found out once for all who ask the same ([`shared`]). Start reading at [`follow`].

mod arguments;
mod audience;
mod follower;
mod question;
mod shared;

use callboard_transport::Event;
use futures::{StreamExt, stream::BoxStream};

pub(crate) use self::shared::SharedEvents;
use self::{arguments::FollowArguments, audience::Audience, follower::Follower};
use crate::{
    answer::Refusal,
    executor::{GatewayExecutor, Prepared},
};

/// Starts following what an operation asks for. `last_event_id` is a cursor in place of the argument `after`.
pub(crate) async fn follow(
    executor: &GatewayExecutor,
    prepared: Prepared,
    last_event_id: Option<String>,
    request_id: String,
) -> Result<BoxStream<'static, Event>, Box<Refusal>> {
    let arguments = FollowArguments::read(&prepared, last_event_id)?;
    let (catalog, clock) = executor.followed();
    let audience = Audience::new(executor.clone(), prepared, arguments.wish, request_id);
    let follower = Follower::start(catalog, clock, arguments.after, arguments.pause, audience).await?;
    Ok(follower.events().boxed())
}

#[cfg(test)]
mod tests;

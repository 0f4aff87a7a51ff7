//! Webhooks out: changes of the catalog, told to other systems.
//!
//! Owns who is told of what, the telling (signed, in order, at least once), and what became of each attempt. Changes
//! themselves are `catalog`'s; how clients write filters is handed in ([`Dialect`]). Start reading at
//! [`Webhooks`], then at `worker` and `courier`.

mod backoff;
mod courier;
mod delivery;
mod error;
mod event;
mod feed;
mod operations;
mod secret;
mod sender;
mod settings;
mod signature;
mod store;
mod subscription;
mod target;
mod webhooks;
mod worker;

pub use delivery::Delivery;
pub use error::WebhookError;
pub use secret::WebhookSecret;
pub use settings::{Dialect, WebhookSettings};
pub use signature::sign;
pub use subscription::{NewSubscription, Subscription, SubscriptionEdit, SubscriptionState};
pub use webhooks::Webhooks;

//! Subscriptions: who is told of which changes.
//!
//! Owns the shapes that the outside sees. The secret is in none of them; whoever signs reads it from the table.

use callboard_catalog::Operation;
use callboard_entity_model::Revision;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::WebhookSecret;

/// Somebody who is told of changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The id.
    pub id: Uuid,
    /// What people call it.
    pub name: Option<String>,
    /// The address that events are sent to.
    pub target: String,
    /// Which entities, before or after the change, as the client wrote it in JSON; `None` for all.
    pub filter: Option<String>,
    /// Which operations; `None` for all.
    pub operations: Option<Vec<Operation>>,
    /// How it is.
    pub state: SubscriptionState,
    /// Everything wanted up to here was accepted.
    pub position: Revision,
    /// How many attempts in a row have failed.
    pub failures: u32,
    /// Not before this the next attempt is made.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// When a delivery was last accepted.
    pub last_success_at: Option<DateTime<Utc>>,
    /// When a delivery last failed.
    pub last_failure_at: Option<DateTime<Utc>>,
    /// Why.
    pub last_failure: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Who made it.
    pub created_by: String,
}

/// How a subscription is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubscriptionState {
    /// Events are delivered as they come.
    Active,
    /// The last attempt failed; it is made again.
    Failing,
    /// Somebody paused it.
    Paused,
    /// The receiver said that it is gone for good (410), which paused it.
    Gone,
}

impl SubscriptionState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Active, Self::Failing, Self::Paused, Self::Gone];

    /// Returns the stable lower-case name that is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Failing => "failing",
            Self::Paused => "paused",
            Self::Gone => "gone",
        }
    }

    /// Finds the state of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Returns whether events are delivered in it.
    #[must_use]
    pub fn delivers(self) -> bool {
        matches!(self, Self::Active | Self::Failing)
    }
}

/// What a new subscription is made from.
#[derive(Debug, Clone, Default)]
pub struct NewSubscription {
    /// What people call it.
    pub name: Option<String>,
    /// The address that events are sent to.
    pub target: String,
    /// Which entities, as the client wrote it in JSON; `None` for all.
    pub filter: Option<String>,
    /// Which operations; `None` for all.
    pub operations: Option<Vec<Operation>>,
    /// The secret; one is made when there is none.
    pub secret: Option<WebhookSecret>,
    /// The first revision to deliver; only what comes from now on when there is none.
    pub from_revision: Option<Revision>,
}

/// What to change about a subscription; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct SubscriptionEdit {
    /// What people call it.
    pub name: Option<Option<String>>,
    /// The address that events are sent to.
    pub target: Option<String>,
    /// Which entities.
    pub filter: Option<Option<String>>,
    /// Which operations.
    pub operations: Option<Option<Vec<Operation>>>,
    /// The new secret; deliveries are signed with the old one too for a while.
    pub secret: Option<WebhookSecret>,
}

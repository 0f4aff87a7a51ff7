//! Deliveries: what became of each attempt.
//!
//! Owns the shape. Making attempts is `crate::sender`'s work, remembering them `crate::store`'s.

use std::time::Duration;

use callboard_entity_model::Revision;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// One attempt to deliver one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The id; later attempts have greater ones.
    pub id: Uuid,
    /// The subscription.
    pub subscription: Uuid,
    /// The id of the event, the same at each attempt.
    pub event_id: String,
    /// The type of the event, for example `dev.callboard.entity.updated`.
    pub event_type: String,
    /// The place in the log that the event is about.
    pub revision: Revision,
    /// Which attempt at this event, counted from 1.
    pub attempt: u32,
    /// When it was made.
    pub attempted_at: DateTime<Utc>,
    /// How long it took.
    pub duration: Duration,
    /// The status that the receiver answered with; `None` when it did not.
    pub status: Option<u16>,
    /// Why it counts as failed; `None` when it was accepted.
    pub error: Option<String>,
    /// The beginning of what the receiver answered to a delivery that it did not accept.
    pub excerpt: Option<String>,
}

impl Delivery {
    /// Returns whether the receiver accepted it.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.error.is_none()
    }
}

//! How often a client may ask.
//!
//! Owns counting, here or together with other replicas in Redis; who a client is, is the caller's to say. A client has a
//! budget that refills steadily: so many units per period, all of which may be spent at once (the generic cell rate
//! algorithm). Start reading at [`RateLimiter::check`].

mod limiter;
mod local;
mod shared;

pub use limiter::RateLimiter;
pub use shared::SharedError;

use std::{num::NonZeroU32, time::Duration};

/// How much a client may spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Units per period, and the most that can be spent at once.
    pub units: NonZeroU32,
    /// The period.
    pub per: Duration,
}

impl RateLimit {
    /// Returns how long it takes until one more unit is there.
    fn interval(&self) -> Duration {
        (self.per / self.units.get()).max(Duration::from_micros(1))
    }

    /// Returns what a request is charged: at least one unit, and no more than a full budget, so that what is allowed at
    /// all is allowed some time.
    fn charge(&self, cost: u32) -> NonZeroU32 {
        NonZeroU32::new(cost).map_or(NonZeroU32::MIN, |cost| cost.min(self.units))
    }
}

/// Whether a client may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It may.
    Allowed {
        /// Units that are left.
        remaining: u32,
        /// How long until the budget is full again, when nothing more is spent.
        reset_after: Duration,
    },
    /// It may not yet.
    Refused {
        /// How long to wait before the same is allowed.
        retry_after: Duration,
    },
}

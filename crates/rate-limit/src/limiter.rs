//! The limiter: in Redis where there is one and it answers, here otherwise.
//!
//! Owns falling back and coming back. While Redis is away every replica counts for itself, which allows more than one
//! budget per client but never none; one check a second tries whether it is there again.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};

use crate::{
    Decision, RateLimit,
    local::Local,
    shared::{Shared, SharedError},
};

/// So long Redis is left alone after it failed.
const PAUSE: Duration = Duration::from_secs(1);

/// Counts what clients spend.
#[derive(Debug)]
pub struct RateLimiter {
    local: Local,
    shared: Option<Fallible>,
}

/// Redis, and whether it is there.
#[derive(Debug)]
struct Fallible {
    shared: Shared,
    is_away: AtomicBool,
    /// When to try it again, in milliseconds since `start`.
    try_at: AtomicU64,
    start: Instant,
}

impl RateLimiter {
    /// Makes a limiter that counts in this process.
    #[must_use]
    pub fn local(limit: RateLimit) -> Self {
        Self { local: Local::new(limit), shared: None }
    }

    /// Makes a limiter that counts in the Redis at an address, together with all others that do. It is connected to when
    /// it is needed.
    ///
    /// # Errors
    /// When the address is none.
    pub fn shared(limit: RateLimit, address: &str) -> Result<Self, SharedError> {
        let shared = Shared::new(limit, address)?;
        let (is_away, try_at) = (AtomicBool::new(false), AtomicU64::new(0));
        let shared = Fallible { shared, is_away, try_at, start: Instant::now() };
        Ok(Self { local: Local::new(limit), shared: Some(shared) })
    }

    /// Charges a client `cost` units, when it has them.
    pub async fn check(&self, client: &str, cost: u32) -> Decision {
        match &self.shared {
            Some(shared) => match shared.check(client, cost).await {
                Some(decision) => decision,
                None => self.local.check(client, cost),
            },
            None => self.local.check(client, cost),
        }
    }

    /// Returns whether other replicas are counted with; false also while Redis is away.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.shared.as_ref().is_some_and(|shared| !shared.is_away.load(Ordering::Relaxed))
    }
}

impl Fallible {
    /// Charges a client in Redis; nothing when that is away.
    async fn check(&self, client: &str, cost: u32) -> Option<Decision> {
        if self.is_away.load(Ordering::Relaxed) && !self.is_my_turn() {
            return None;
        }
        match self.shared.check(client, cost).await {
            Ok(decision) => {
                if self.is_away.swap(false, Ordering::Relaxed) {
                    tracing::info!("Redis is there again: clients are counted together with other replicas");
                }
                Some(decision)
            }
            Err(error) => {
                self.try_at.store(self.now() + PAUSE.as_millis() as u64, Ordering::Relaxed);
                if !self.is_away.swap(true, Ordering::Relaxed) {
                    let error: &dyn std::error::Error = &error;
                    tracing::warn!(error, "Redis does not answer: clients are counted in this process until it does");
                }
                None
            }
        }
    }

    /// Returns whether it is time to try Redis again, to one of those who ask.
    fn is_my_turn(&self) -> bool {
        let (now, try_at) = (self.now(), self.try_at.load(Ordering::Relaxed));
        let next = now + PAUSE.as_millis() as u64;
        now >= try_at && self.try_at.compare_exchange(try_at, next, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    fn now(&self) -> u64 {
        self.start.elapsed().as_millis() as u64
    }
}

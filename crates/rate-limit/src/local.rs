//! Counting in this process.
//!
//! Owns the table of clients and its bound: clients whose budget is full again are forgotten, and when there are too many
//! even so, new ones share budgets.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};

use crate::{Decision, RateLimit};

/// After so many checks the table is tidied.
const TIDY_EVERY: usize = 1_024;
/// So many clients have a budget of their own.
const MAX_CLIENTS: usize = 100_000;
/// So many budgets the others share.
const SHARED_BUDGETS: u64 = 4_096;

/// Counts in this process.
#[derive(Debug)]
pub(crate) struct Local<C: Clock = DefaultClock> {
    limit: RateLimit,
    limiter: RateLimiter<u64, DashMapStateStore<u64>, C, StateInformationMiddleware>,
    clock: C,
    hasher: RandomState,
    checks: AtomicUsize,
    max_clients: usize,
    is_crowded: AtomicBool,
}

impl Local {
    /// Starts counting.
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self::with_clock(limit, MAX_CLIENTS, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Local<C> {
    fn with_clock(limit: RateLimit, max_clients: usize, clock: C) -> Self {
        // A period is never zero: its interval is at least a microsecond.
        let quota = Quota::with_period(limit.interval()).unwrap_or_else(|| Quota::per_second(limit.units));
        let quota = quota.allow_burst(limit.units);
        let limiter = RateLimiter::new(quota, DashMapStateStore::default(), clock.clone());
        Self {
            limit,
            limiter,
            clock,
            hasher: RandomState::new(),
            checks: AtomicUsize::new(0),
            max_clients,
            is_crowded: AtomicBool::new(false),
        }
    }

    /// Charges a client.
    pub(crate) fn check(&self, client: &str, cost: u32) -> Decision {
        if self.checks.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.tidy();
        }
        let hash = self.hasher.hash_one(client);
        let key = if self.is_crowded.load(Ordering::Relaxed) { hash % SHARED_BUDGETS } else { hash };
        match self.limiter.check_key_n(&key, self.limit.charge(cost)) {
            Ok(Ok(state)) => {
                let remaining = state.remaining_burst_capacity().min(self.limit.units.get());
                let reset_after = self.limit.interval() * (self.limit.units.get() - remaining);
                Decision::Allowed { remaining, reset_after }
            }
            Ok(Err(refused)) => Decision::Refused { retry_after: refused.wait_time_from(self.clock.now()) },
            // A charge is never more than the budget.
            Err(_) => Decision::Refused { retry_after: self.limit.per },
        }
    }

    fn tidy(&self) {
        self.limiter.retain_recent();
        let count = self.limiter.len();
        self.is_crowded.store(count > self.max_clients, Ordering::Relaxed);
        if count < self.max_clients / 4 {
            self.limiter.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests;

use std::{num::NonZeroU32, time::Duration};

use governor::clock::FakeRelativeClock;

use super::*;

fn local(units: u32, max_clients: usize) -> (Local<FakeRelativeClock>, FakeRelativeClock) {
    let clock = FakeRelativeClock::default();
    let limit = RateLimit { units: NonZeroU32::new(units).unwrap(), per: Duration::from_secs(60) };
    (Local::with_clock(limit, max_clients, clock.clone()), clock)
}

fn is_allowed(decision: Decision) -> bool {
    matches!(decision, Decision::Allowed { .. })
}

#[test]
fn a_budget_refills_steadily() {
    let (local, clock) = local(6, 100);
    let full = local.check("a", 6);
    assert_eq!(full, Decision::Allowed { remaining: 0, reset_after: Duration::from_secs(60) });
    assert_eq!(local.check("a", 1), Decision::Refused { retry_after: Duration::from_secs(10) });
    assert_eq!(local.check("a", 2), Decision::Refused { retry_after: Duration::from_secs(20) });
    clock.advance(Duration::from_secs(10));
    assert!(is_allowed(local.check("a", 1)));
    assert!(!is_allowed(local.check("a", 1)));
    clock.advance(Duration::from_secs(120));
    assert_eq!(local.check("a", 2), Decision::Allowed { remaining: 4, reset_after: Duration::from_secs(20) });
}

#[test]
fn clients_whose_budget_is_full_again_are_forgotten() {
    let (local, clock) = local(1, 1_000_000);
    (0..5_000).for_each(|n| assert!(is_allowed(local.check(&format!("client {n}"), 1))));
    assert_eq!(local.limiter.len(), 5_000);
    clock.advance(Duration::from_secs(600));
    for _ in 0..TIDY_EVERY {
        local.check("a", 1);
    }
    assert!(local.limiter.len() < 10, "{}", local.limiter.len());
}

#[test]
fn the_table_is_bounded_whoever_comes() {
    let (local, clock) = local(1, 2_000);
    for n in 0..100_000 {
        local.check(&format!("client {n}"), 1);
    }
    let most = 2_000 + TIDY_EVERY + SHARED_BUDGETS as usize;
    assert!(local.limiter.len() <= most, "{}", local.limiter.len());
    // Once they are gone, everybody has a budget again.
    clock.advance(Duration::from_secs(600));
    for _ in 0..TIDY_EVERY {
        local.check("a", 1);
    }
    (0..500).for_each(|n| assert!(is_allowed(local.check(&format!("new client {n}"), 1))));
}

//! One behaviour, whether counted in this process or in Redis; and what happens when Redis goes away.
//!
//! The tests with Redis run when `CALLBOARD_TEST_REDIS` says where one is.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use callboard_rate_limit::{Decision, RateLimit, RateLimiter};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

const HOUR: Duration = Duration::from_secs(3600);

fn limit(units: u32, per: Duration) -> RateLimit {
    RateLimit { units: NonZeroU32::new(units).unwrap(), per }
}

/// The address of a real Redis, where there is one.
#[allow(clippy::disallowed_methods, reason = "tests read where their servers are")]
fn redis() -> Option<String> {
    std::env::var("CALLBOARD_TEST_REDIS").ok()
}

/// A client that nobody else is.
fn client() -> String {
    format!("test {}", callboard_foundation::new_id())
}

/// Both kinds of limiter, where there is a Redis.
fn both(limit: RateLimit) -> Vec<RateLimiter> {
    let shared = redis().map(|address| RateLimiter::shared(limit, &address).unwrap());
    [RateLimiter::local(limit)].into_iter().chain(shared).collect()
}

fn remaining(decision: Decision) -> u32 {
    match decision {
        Decision::Allowed { remaining, .. } => remaining,
        Decision::Refused { retry_after } => panic!("refused for {retry_after:?}"),
    }
}

fn wait(decision: Decision) -> Duration {
    match decision {
        Decision::Refused { retry_after } => retry_after,
        Decision::Allowed { remaining, .. } => panic!("allowed, with {remaining} left"),
    }
}

#[tokio::test]
async fn a_budget_is_spent_by_cost_and_then_refused() {
    for limiter in both(limit(10, HOUR)) {
        let client = client();
        assert_eq!(remaining(limiter.check(&client, 1).await), 9);
        assert_eq!(remaining(limiter.check(&client, 4).await), 5);
        // What is refused costs nothing.
        let retry_after = wait(limiter.check(&client, 6).await);
        assert!(retry_after <= HOUR / 10 && retry_after > HOUR / 20, "{retry_after:?}");
        assert_eq!(remaining(limiter.check(&client, 5).await), 0);
        assert!(wait(limiter.check(&client, 1).await) <= HOUR / 10);
    }
}

#[tokio::test]
async fn clients_have_budgets_of_their_own() {
    for limiter in both(limit(1, HOUR)) {
        let (one, other) = (client(), client());
        assert_eq!(remaining(limiter.check(&one, 1).await), 0);
        wait(limiter.check(&one, 1).await);
        assert_eq!(remaining(limiter.check(&other, 1).await), 0);
    }
}

#[tokio::test]
async fn what_costs_nothing_is_charged_one_and_what_costs_too_much_the_whole_budget() {
    for limiter in both(limit(5, HOUR)) {
        let client = client();
        assert_eq!(remaining(limiter.check(&client, 0).await), 4);
        wait(limiter.check(&client, 1_000).await);
        assert_eq!(remaining(limiter.check(&self::client(), 1_000).await), 0);
    }
}

#[tokio::test]
async fn after_waiting_as_long_as_told_the_same_is_allowed() {
    for limiter in both(limit(5, Duration::from_millis(500))) {
        let client = client();
        let retry_after = loop {
            if let Decision::Refused { retry_after } = limiter.check(&client, 5).await {
                break retry_after;
            }
        };
        tokio::time::sleep(retry_after).await;
        remaining(limiter.check(&client, 5).await);
    }
}

#[tokio::test]
async fn of_many_at_once_no_more_than_the_budget_are_allowed() {
    for limiter in both(limit(50, HOUR)) {
        let (limiter, client) = (Arc::new(limiter), Arc::new(client()));
        let mut checks = JoinSet::new();
        for _ in 0..200 {
            let (limiter, client) = (Arc::clone(&limiter), Arc::clone(&client));
            checks.spawn(async move { matches!(limiter.check(&client, 1).await, Decision::Allowed { .. }) });
        }
        assert_eq!(checks.join_all().await.into_iter().filter(|is_allowed| *is_allowed).count(), 50);
    }
}

#[tokio::test]
async fn limiters_on_one_redis_share_a_budget() {
    let Some(address) = redis() else { return };
    let [one, other] = [0; 2].map(|_| RateLimiter::shared(limit(4, HOUR), &address).unwrap());
    let client = client();
    for left in [3, 1] {
        assert_eq!(remaining(one.check(&client, 1).await), left);
        assert_eq!(remaining(other.check(&client, 1).await), left - 1);
    }
    wait(one.check(&client, 1).await);
    wait(other.check(&client, 1).await);
    assert!(one.is_shared());
}

#[tokio::test]
async fn keys_are_namespaced_and_go_away_by_themselves() {
    let Some(address) = redis() else { return };
    let limiter = RateLimiter::shared(limit(4, HOUR), &address).unwrap();
    let client = client();
    limiter.check(&client, 2).await;
    let mut connection = redis::Client::open(address).unwrap().get_multiplexed_async_connection().await.unwrap();
    let millis: i64 =
        redis::cmd("PTTL").arg(format!("callboard:rate-limit:{client}")).query_async(&mut connection).await.unwrap();
    let half = HOUR.as_millis() as i64 / 2;
    assert!((half - 60_000..=half).contains(&millis), "{millis}");
}

#[tokio::test]
async fn without_redis_each_counts_for_itself() {
    // Nobody listens where somebody just did.
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let limiter = RateLimiter::shared(limit(2, HOUR), &format!("redis://{address}")).unwrap();
    assert_eq!(remaining(limiter.check("a", 1).await), 1);
    assert!(!limiter.is_shared());
    assert_eq!(remaining(limiter.check("a", 1).await), 0);
    wait(limiter.check("a", 1).await);
}

#[tokio::test]
async fn a_redis_that_says_nothing_holds_nobody_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let limiter = RateLimiter::shared(limit(2, HOUR), &format!("redis://{address}")).unwrap();
    assert_eq!(remaining(limiter.check("a", 1).await), 1);
    assert!(!limiter.is_shared());
    drop(listener);
}

/// Lets connections through to Redis until it is dropped.
struct Gate {
    _tasks: JoinSet<()>,
}

impl Gate {
    fn open(listener: TcpListener, redis: String) -> Self {
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((mut from, _)) = listener.accept().await {
                let redis = redis.clone();
                connections.spawn(async move {
                    let mut to = TcpStream::connect(redis).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
                });
            }
        });
        Self { _tasks: tasks }
    }
}

#[tokio::test]
async fn when_redis_goes_away_counting_goes_on_and_when_it_is_back_it_is_shared_again() {
    let Some(redis) = redis() else { return };
    let redis = redis.trim_start_matches("redis://").trim_end_matches('/').to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let limiter = RateLimiter::shared(limit(3, HOUR), &format!("redis://{address}")).unwrap();
    let client = client();

    let gate = Gate::open(listener, redis.clone());
    assert_eq!(remaining(limiter.check(&client, 2).await), 1);
    assert!(limiter.is_shared());

    drop(gate);
    // Here nothing was spent yet.
    assert_eq!(remaining(limiter.check(&client, 3).await), 0);
    wait(limiter.check(&client, 1).await);
    assert!(!limiter.is_shared());

    let _gate = Gate::open(TcpListener::bind(address).await.unwrap(), redis);
    let back = async {
        while !limiter.is_shared() {
            limiter.check(&self::client(), 1).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), back).await.expect("it is shared again");
    // What was spent before is remembered there.
    assert_eq!(remaining(limiter.check(&client, 1).await), 0);
}

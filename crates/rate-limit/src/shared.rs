//! Counting together with other replicas, in Redis.
//!
//! Owns one script, which runs in Redis and by its clock, so that replicas whose clocks differ count alike. A key holds
//! the moment at which the client's budget is full again, and goes away by itself then.

use std::time::Duration;

use redis::{
    Client, RedisError, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
};

use tokio::time::timeout;

use crate::{Decision, RateLimit};

/// So long a check may wait for Redis, connecting included. It is slower than any healthy one and faster than a person notices.
const TIMEOUT: Duration = Duration::from_millis(100);
/// So long opening a connection may take; checks don't wait for its end.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// What every key begins with.
const NAMESPACE: &str = "callboard:rate-limit:";

/// Answers whether the charge was allowed, then what is left or nothing, then microseconds to wait.
const SCRIPT: &str = "
local interval, units, charge = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + charge * interval
local wait = full_at - now - units * interval
if wait > 0 then return {0, 0, math.ceil(wait)} end
redis.call('SET', KEYS[1], string.format('%.0f', full_at), 'PX', math.max(1, math.ceil((full_at - now) / 1000)))
return {1, math.floor(units - (full_at - now) / interval), math.ceil(full_at - now)}
";

/// Why Redis can't be used at all.
#[derive(Debug, thiserror::Error)]
#[error("`{address}` is no address of a Redis server")]
pub struct SharedError {
    address: String,
    #[source]
    source: RedisError,
}

/// Why a check has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unanswered {
    /// Redis can't be reached, or answers with an error.
    #[error("Redis failed")]
    Failed(#[from] RedisError),
    /// Redis takes too long.
    #[error("Redis did not answer within {} ms", TIMEOUT.as_millis())]
    TooLate,
}

/// Counts in Redis.
#[derive(Clone)]
pub(crate) struct Shared {
    limit: RateLimit,
    connection: ConnectionManager,
    script: Script,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Shared").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl Shared {
    /// Prepares counting in the Redis at an address; it is connected to when it is needed.
    ///
    /// # Errors
    /// When the address is none.
    pub(crate) fn new(limit: RateLimit, address: &str) -> Result<Self, SharedError> {
        let config = ConnectionManagerConfig::new()
            .set_response_timeout(Some(TIMEOUT))
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_number_of_retries(1);
        let connection =
            Client::open(address).and_then(|client| ConnectionManager::new_lazy_with_config(client, config));
        // The address may hold a password: only what it is about is told.
        let connection = connection.map_err(|source| SharedError { address: without_password(address), source })?;
        Ok(Self { limit, connection, script: Script::new(SCRIPT) })
    }

    /// Charges a client.
    ///
    /// # Errors
    /// When Redis does not answer in time, or not as it should.
    pub(crate) async fn check(&self, client: &str, cost: u32) -> Result<Decision, Unanswered> {
        let interval = self.limit.interval().as_micros();
        let mut connection = self.connection.clone();
        let mut script = self.script.key(format!("{NAMESPACE}{client}"));
        script
            .arg(u64::try_from(interval).unwrap_or(u64::MAX))
            .arg(self.limit.units.get())
            .arg(self.limit.charge(cost).get());
        let answer = timeout(TIMEOUT, script.invoke_async::<(bool, u32, u64)>(&mut connection)).await;
        let (is_allowed, remaining, micros) = answer.map_err(|_| Unanswered::TooLate)??;
        let wait = Duration::from_micros(micros);
        Ok(match is_allowed {
            true => Decision::Allowed { remaining, reset_after: wait },
            false => Decision::Refused { retry_after: wait },
        })
    }
}

fn without_password(address: &str) -> String {
    match (address.split_once("://"), address.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
        _ => address.to_owned(),
    }
}

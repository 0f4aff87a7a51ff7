//! How often each client may ask.
//!
//! Owns who a client is, by its address, and the answer to one that asks too often. Counting is `callboard_rate_limit`'s
//! work.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, header::RETRY_AFTER},
    middleware::{self, Next},
    response::Response,
};
use callboard_foundation::ErrorCode;
use callboard_rate_limit::{Decision, RateLimiter};
use serde_json::json;

use super::{error_with, request::RequestId};

const FORWARDED_FOR: &str = "x-forwarded-for";

/// How often each client may ask.
#[derive(Debug, Clone)]
pub struct ClientLimit {
    /// Counts.
    pub limiter: Arc<RateLimiter>,
    /// Whether a proxy in front says who asks.
    pub trusts_proxy: bool,
}

/// Lets each client use these routes only as often as the limit allows; always, when there is none.
pub(super) fn limited<S: Clone + Send + Sync + 'static>(routes: Router<S>, limit: Option<&ClientLimit>) -> Router<S> {
    match limit {
        Some(limit) => routes.route_layer(middleware::from_fn_with_state(limit.clone(), check)),
        None => routes,
    }
}

async fn check(State(limit): State<ClientLimit>, request_id: RequestId, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let client = client(peer, request.headers(), limit.trusts_proxy);
    match limit.limiter.check(&client, 1).await {
        Decision::Allowed { .. } => next.run(request).await,
        Decision::Refused { retry_after } => {
            // Whole seconds, and never so early that it would be refused again.
            let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
            let facts = [("retryAfterMs", json!(retry_after.as_micros().div_ceil(1_000) as u64))];
            let message = format!("too many requests; try again in {seconds} s");
            let mut response = error_with(ErrorCode::RateLimited.into(), &message, &request_id, &facts);
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            response
        }
    }
}

/// Returns who asks. What a proxy says is the last address of its header: those before it came with the request, and anybody
/// can write them.
fn client(peer: Option<IpAddr>, headers: &HeaderMap, trusts_proxy: bool) -> String {
    let forwarded = headers.get_all(FORWARDED_FOR).iter().next_back().filter(|_| trusts_proxy);
    let forwarded = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()).map(str::trim);
    let forwarded = forwarded.and_then(|text| {
        let address = text.parse().or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()));
        address.ok()
    });
    match forwarded.or(peer).map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => address.to_string(),
        // A connection to the internet has 64 bits of addresses to itself.
        Some(IpAddr::V6(address)) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
        None => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests;

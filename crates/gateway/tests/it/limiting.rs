//! Clients that ask too often, over real connections.

use std::{net::SocketAddr, num::NonZeroU32, sync::Arc, time::Duration};

use callboard_gateway::{ClientLimit, GatewaySettings};
use callboard_rate_limit::{RateLimit, RateLimiter};
use http::StatusCode;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::TestGateway;

/// A server that allows two questions an hour, and how to ask one as the client that the header names.
struct Limited {
    address: SocketAddr,
    _gateway: TestGateway,
}

impl Limited {
    async fn start(trusts_proxy: bool) -> Self {
        let limit = RateLimit { units: NonZeroU32::new(2).unwrap(), per: Duration::from_secs(3600) };
        let client_limit = ClientLimit { limiter: Arc::new(RateLimiter::local(limit)), trusts_proxy };
        let settings = GatewaySettings { client_limit: Some(client_limit), ..GatewaySettings::default() };
        let gateway = TestGateway::with(settings).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = gateway.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { address, _gateway: gateway }
    }

    async fn get(&self, path: &str, client: &str) -> reqwest::Response {
        let request = reqwest::Client::new().get(format!("http://{}{path}", self.address));
        request.header("x-forwarded-for", client).send().await.unwrap()
    }

    async fn ask(&self, client: &str) -> StatusCode {
        self.get("/graphql?query={revision}", client).await.status()
    }
}

#[tokio::test]
async fn whoever_asks_too_often_is_told_when_to_come_back() {
    let server = Limited::start(false).await;
    assert_eq!(server.ask("203.0.113.1").await, StatusCode::OK);
    // Who one says to be does not matter.
    assert_eq!(server.ask("203.0.113.2").await, StatusCode::OK);
    let refused = server.get("/graphql?query={revision}", "203.0.113.3").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1_700..=1_800).contains(&seconds), "{seconds}");
    let request_id = refused.headers()["x-request-id"].to_str().unwrap().to_owned();
    let body: Value = serde_json::from_str(&refused.text().await.unwrap()).unwrap();
    let extensions = &body["errors"][0]["extensions"];
    assert_eq!(extensions["code"], json!("RATE_LIMITED"));
    assert_eq!(extensions["requestId"], json!(request_id));
    assert_eq!(extensions["retryAfterMs"].as_u64().unwrap().div_ceil(1_000), seconds);
}

#[tokio::test]
async fn behind_a_proxy_each_client_is_counted_for_itself() {
    let server = Limited::start(true).await;
    for client in ["203.0.113.1", "10.0.0.1, 203.0.113.2"] {
        assert_eq!(server.ask(client).await, StatusCode::OK);
        assert_eq!(server.ask(client).await, StatusCode::OK);
        assert_eq!(server.ask(client).await, StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test]
async fn the_export_is_counted_and_probes_are_not() {
    let server = Limited::start(false).await;
    assert_eq!(server.get("/export/entities.ndjson", "a").await.status(), StatusCode::OK);
    assert_eq!(server.ask("a").await, StatusCode::OK);
    assert_eq!(server.get("/export/entities.ndjson", "a").await.status(), StatusCode::TOO_MANY_REQUESTS);
    for probe in ["/livez", "/readyz", "/healthcheck", "/"] {
        assert_eq!(server.get(probe, "a").await.status(), StatusCode::OK, "{probe}");
    }
}

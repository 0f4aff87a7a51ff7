//! The page at `/explore`, over real HTTP: its files, their headers, and how caches keep them.

use http::StatusCode;
use reqwest::{
    Response,
    header::{ACCEPT_ENCODING, IF_NONE_MATCH},
};

use crate::support::{Http, TestGateway};

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// Returns every address that the page's own files name.
async fn addresses(http: &Http) -> Vec<String> {
    let mut waiting = vec!["/explore".to_owned()];
    let mut found = Vec::new();
    while let Some(address) = waiting.pop() {
        let text = http.get(&address).send().await.unwrap().text().await.unwrap();
        let named = text.split('"').filter(|word| {
            let is_file = [".js", ".mjs", ".css", ".svg"].iter().any(|end| word.ends_with(end));
            is_file && !word.contains(' ') && (word.starts_with("explore/") || word.starts_with("./"))
        });
        for word in named {
            let address = match word.strip_prefix("./") {
                Some(beside) => format!("/explore/{beside}"),
                None => format!("/{word}"),
            };
            if !found.contains(&address) {
                found.push(address.clone());
                // Libraries name nothing of ours.
                if !address.contains("vendor") {
                    waiting.push(address);
                }
            }
        }
    }
    found
}

#[tokio::test]
async fn everything_that_the_page_names_is_there_with_the_right_headers() {
    let gateway = TestGateway::empty().await;
    let http = gateway.listen().await;
    let addresses = addresses(&http).await;
    assert!(addresses.len() > 10, "{addresses:?}");
    for address in addresses.iter().map(String::as_str).chain(["/explore"]) {
        let response = http.get(address).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{address}");
        let expected = match address.rsplit_once('.').map(|(_, end)| end) {
            None => "text/html; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some(_) => "text/javascript; charset=utf-8",
        };
        assert_eq!(header(&response, "content-type"), expected, "{address}");
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        let policy = header(&response, "content-security-policy");
        assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        let cache = if address.contains("vendor/") { "public, max-age=31536000, immutable" } else { "no-cache" };
        assert_eq!(header(&response, "cache-control"), cache, "{address}");
        assert_eq!(header(&response, "vary"), "accept-encoding");
    }
}

#[tokio::test]
async fn a_file_that_the_browser_has_is_not_sent_again() {
    let gateway = TestGateway::empty().await;
    let http = gateway.listen().await;
    let plain = http.get("/explore/explore.js").header(ACCEPT_ENCODING, "identity").send().await.unwrap();
    let etag = header(&plain, "etag").to_owned();
    assert!(etag.starts_with('"'), "it is strong: {etag}");
    let again = http.get("/explore/explore.js").header(ACCEPT_ENCODING, "identity").header(IF_NONE_MATCH, &etag);
    let again = again.send().await.unwrap();
    assert_eq!((again.status(), header(&again, "etag")), (StatusCode::NOT_MODIFIED, etag.as_str()));
    assert_eq!(again.text().await.unwrap(), "");
    // Compressed, it is made of other bytes.
    let packed = http.get("/explore/explore.js").header(ACCEPT_ENCODING, "gzip").header(IF_NONE_MATCH, &etag);
    let packed = packed.send().await.unwrap();
    assert_eq!((packed.status(), header(&packed, "content-encoding")), (StatusCode::OK, "gzip"));
    let length: usize = header(&packed, "content-length").parse().unwrap();
    assert!(length < plain.text().await.unwrap().len());
}

#[tokio::test]
async fn addresses_beside_the_page_lead_to_it_or_nowhere() {
    let gateway = TestGateway::empty().await;
    let http = gateway.listen().await;
    let slash = http.get("/explore/").send().await.unwrap();
    assert_eq!((slash.status(), header(&slash, "location")), (StatusCode::PERMANENT_REDIRECT, "../explore"));
    for nothing in ["/explore/nothing.js", "/explore/../Cargo.toml", "/explore/vendor", "/explore/%2e%2e/Cargo.toml"] {
        let response = http.get(nothing).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{nothing}");
    }
}

//! Everything over HTTP that is not a question: probes, the page, headers.

use callboard_gateway::GatewaySettings;
use http::{Request, StatusCode};
use serde_json::json;

use crate::support::{Answer, TestGateway, json_request};

async fn get(gateway: &TestGateway, path: &str) -> Answer {
    gateway.send(Request::get(path).body(Default::default()).unwrap()).await
}

#[tokio::test]
async fn the_probes_answer() {
    let gateway = TestGateway::empty().await;
    assert_eq!(get(&gateway, "/healthcheck").await.json(), json!({ "status": "ok" }));
    assert_eq!(get(&gateway, "/livez").await.text, "ok");
    assert_eq!(get(&gateway, "/readyz").await.json(), json!({ "status": "ok", "revision": 0 }));
}

#[tokio::test]
async fn the_page_is_shown_unless_it_is_switched_off() {
    let gateway = TestGateway::empty().await;
    let page = get(&gateway, "/").await;
    assert!(page.text.contains("GraphiQL"), "{}", page.text);
    assert!(page.headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
    let gateway = TestGateway::with(GatewaySettings { has_graphiql: false, ..GatewaySettings::default() }).await;
    assert_eq!(get(&gateway, "/").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn unknown_addresses_are_not_found() {
    let gateway = TestGateway::empty().await;
    let answer = get(&gateway, "/api/catalog/entities").await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "NOT_FOUND"));
}

#[tokio::test]
async fn every_answer_has_the_id_of_its_request() {
    let gateway = TestGateway::empty().await;
    let request = |id: &str| Request::get("/livez").header("x-request-id", id).body(Default::default()).unwrap();
    assert_eq!(gateway.send(request("abc-123")).await.headers["x-request-id"], "abc-123");
    for harmful in ["", "a b", "<script>", &"x".repeat(129)] {
        let id = gateway.send(request(harmful)).await.headers["x-request-id"].clone();
        assert!(id.len() > 32 && id.len() < 64 && id != harmful, "{harmful}");
    }
}

#[tokio::test]
async fn large_answers_are_compressed_for_clients_that_accept_it() {
    let gateway = TestGateway::of_shop().await;
    let ask = |encoding: &'static str| {
        let mut request = json_request(json!({ "query": "{ entities { nodes { ref metadata spec } } }" }).to_string());
        request.headers_mut().insert("accept-encoding", encoding.parse().unwrap());
        request
    };
    assert_eq!(gateway.send(ask("gzip")).await.headers["content-encoding"], "gzip");
    assert!(!gateway.send(ask("identity")).await.headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn the_introspection_query_of_tools_is_within_the_limits() {
    let gateway = TestGateway::empty().await;
    let of_type = "ofType { kind name ".repeat(9) + &"}".repeat(9);
    let query = format!(
        "query {{ __schema {{ queryType {{ name }} types {{ kind name description fields(includeDeprecated: true) {{ name description \
         args {{ name description type {{ kind name {of_type} }} defaultValue }} type {{ kind name {of_type} }} isDeprecated }} \
         inputFields {{ name type {{ kind name {of_type} }} }} interfaces {{ kind name {of_type} }} enumValues {{ name }} \
         possibleTypes {{ kind name {of_type} }} }} directives {{ name locations args {{ name }} }} }} }}"
    );
    let data = gateway.data(&query).await;
    let types = data["__schema"]["types"].as_array().unwrap();
    let entity = types.iter().find(|it| it["name"] == "Entity").unwrap();
    assert_eq!(entity["possibleTypes"].as_array().unwrap().len(), 10);
}

//! Webhooks over GraphQL.

use std::sync::Arc;

use axum::{Router, body::Bytes, extract::State, http::StatusCode};
use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;

use crate::support::{TestGateway, component};

/// A server that takes events, and what it took.
struct Receiver {
    url: String,
    arrived: Mutex<mpsc::UnboundedReceiver<Value>>,
}

impl Receiver {
    async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (sender, arrived) = mpsc::unbounded_channel();
        let take = async |State(sender): State<mpsc::UnboundedSender<Value>>, body: Bytes| {
            sender.send(serde_json::from_slice(&body).unwrap()).unwrap();
            StatusCode::NO_CONTENT
        };
        let app = Router::new().fallback(take).with_state(sender);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Arc::new(Self { url, arrived: Mutex::new(arrived) })
    }

    async fn next(&self) -> Value {
        self.arrived.lock().await.recv().await.unwrap()
    }
}

const CREATE: &str = "mutation($input: CreateWebhookInput!) { createWebhook(input: $input) { \
     webhook { id name target filter changeTypes state position consecutiveFailureCount createdBy } \
     secret userErrors { code message field } } }";

/// Calls a mutation with its input and returns its payload.
async fn mutate(gateway: &TestGateway, query: &str, input: Value) -> Value {
    let mut body = gateway.post(&json!({ "query": query, "variables": { "input": input } })).await.json();
    assert!(body.get("errors").is_none(), "{query}: {body}");
    body["data"].as_object_mut().unwrap().values_mut().next().unwrap().take()
}

#[tokio::test]
async fn a_webhook_is_made_followed_changed_and_deleted() {
    let gateway = TestGateway::of_shop().await;
    let revision = gateway.catalog.snapshot().revision().0;
    let receiver = Receiver::start().await;
    let filter = json!({ "kind": { "eq": "Component" }, "not": { "name": { "startsWith": "o" } } });
    let input =
        json!({ "name": "Search", "target": receiver.url, "filter": filter, "changeTypes": ["UPDATED", "DELETED"] });
    let mut made = mutate(&gateway, CREATE, input).await;
    let secret = made["secret"].take();
    assert!(secret.as_str().unwrap().starts_with("whsec_"), "{secret}");
    let id = made["webhook"]["id"].take();
    assert_eq!(
        made,
        json!({ "webhook": { "id": null, "name": "Search", "target": receiver.url, "filter": filter,
                "changeTypes": ["UPDATED", "DELETED"], "state": "ACTIVE", "position": revision,
                "consecutiveFailureCount": 0, "createdBy": "anonymous" }, "secret": null, "userErrors": [] })
    );

    let shutdown = CancellationToken::new();
    let (webhooks, token) = (gateway.webhooks.clone(), shutdown.clone());
    let running = tokio::spawn(async move { webhooks.run(token).await });
    let mut documents = crate::support::shop();
    documents[0]["spec"]["lifecycle"] = json!("deprecated");
    documents[1]["spec"]["lifecycle"] = json!("deprecated");
    gateway.place("file:/shop.yaml", documents);
    gateway.read_again("file:/shop.yaml").await;
    let event = receiver.next().await;
    assert_eq!((&event["subject"], &event["data"]["type"]), (&json!("component:default/web"), &json!("UPDATED")));
    assert_eq!(event["data"]["changedPaths"], json!(["spec.lifecycle"]));
    let query = "query($id: ID!) { node(id: $id) { ... on WebhookSubscription { name lastFailureAt \
         deliveries(first: 1) { totalCount nodes { eventType isAccepted statusCode attempt error } } } } }";
    let node = loop {
        let mut body = gateway.post(&json!({ "query": query, "variables": { "id": id } })).await.json();
        if body["data"]["node"]["deliveries"]["totalCount"] == 1 {
            break body["data"]["node"].take();
        }
    };
    let delivery = json!({ "eventType": "dev.callboard.entity.updated", "isAccepted": true, "statusCode": 204,
                           "attempt": 1, "error": null });
    let deliveries = json!({ "totalCount": 1, "nodes": [delivery] });
    assert_eq!(node, json!({ "name": "Search", "lastFailureAt": null, "deliveries": deliveries }));

    let update = "mutation($input: UpdateWebhookInput!) { updateWebhook(input: $input) { webhook { name filter changeTypes } secret userErrors { code } } }";
    let kept = mutate(&gateway, update, json!({ "id": id, "name": null })).await;
    assert_eq!(kept["webhook"], json!({ "name": null, "filter": filter, "changeTypes": ["UPDATED", "DELETED"] }));
    assert_eq!((&kept["secret"], &kept["userErrors"]), (&json!(null), &json!([])));
    let changed =
        mutate(&gateway, update, json!({ "id": id, "filter": null, "changeTypes": null, "rotateSecret": true })).await;
    let all = json!({ "name": null, "filter": null, "changeTypes": ["CREATED", "UPDATED", "DELETED"] });
    assert_eq!(changed["webhook"], all);
    assert!(changed["secret"].as_str().unwrap().starts_with("whsec_") && changed["secret"] != secret);

    let pause = "mutation($input: PauseWebhookInput!) { pauseWebhook(input: $input) { webhook { state } userErrors { code } } }";
    assert_eq!(mutate(&gateway, pause, json!({ "id": id })).await["webhook"]["state"], "PAUSED");
    let replay = "mutation($input: ReplayWebhookInput!) { replayWebhook(input: $input) { webhook { state position } userErrors { code field } } }";
    let replayed = mutate(&gateway, replay, json!({ "id": id, "fromRevision": revision })).await;
    assert_eq!(replayed["webhook"], json!({ "state": "PAUSED", "position": revision - 1 }));
    let ahead = mutate(&gateway, replay, json!({ "id": id, "fromRevision": revision + 100 })).await;
    assert_eq!(ahead["userErrors"], json!([{ "code": "INVALID", "field": ["input", "fromRevision"] }]));
    let resume = "mutation($input: ResumeWebhookInput!) { resumeWebhook(input: $input) { webhook { state } userErrors { code } } }";
    assert_eq!(mutate(&gateway, resume, json!({ "id": id })).await["webhook"]["state"], "ACTIVE");
    // Before it was paused, it may have told of what the former filter left out.
    while receiver.next().await["data"]["revision"] != revision {}

    let delete = "mutation($input: DeleteWebhookInput!) { deleteWebhook(input: $input) { deletedId userErrors { code field } } }";
    assert_eq!(mutate(&gateway, delete, json!({ "id": id })).await, json!({ "deletedId": id, "userErrors": [] }));
    let again = mutate(&gateway, delete, json!({ "id": id })).await;
    assert_eq!(again["userErrors"], json!([{ "code": "NOT_FOUND", "field": ["input", "id"] }]));
    gateway.check("{ webhooks { totalCount } }", json!({ "webhooks": { "totalCount": 0 } })).await;
    shutdown.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn webhooks_come_in_pages_with_their_deliveries() {
    let gateway = TestGateway::empty().await;
    let receiver = Receiver::start().await;
    let test = "mutation($input: TestWebhookInput!) { testWebhook(input: $input) { delivery { eventType statusCode isAccepted } userErrors { code } } }";
    for name in ["a", "b", "c"] {
        let made = mutate(&gateway, CREATE, json!({ "name": name, "target": receiver.url })).await;
        let tested = mutate(&gateway, test, json!({ "id": made["webhook"]["id"] })).await;
        let delivery = json!({ "eventType": "dev.callboard.test", "statusCode": 204, "isAccepted": true });
        assert_eq!(tested, json!({ "delivery": delivery, "userErrors": [] }));
    }
    let page = async |arguments: &str| {
        let query = format!(
            "{{ webhooks{arguments} {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ name deliveries {{ totalCount }} }} }} }}"
        );
        gateway.data(&query).await["webhooks"].take()
    };
    let first = page("(first: 2)").await;
    let one = json!({ "totalCount": 1 });
    assert_eq!(first["nodes"], json!([{ "name": "a", "deliveries": one }, { "name": "b", "deliveries": one }]));
    assert_eq!((&first["totalCount"], &first["pageInfo"]["hasNextPage"]), (&json!(3), &json!(true)));
    let rest = page(&format!("(first: 2, after: {})", first["pageInfo"]["endCursor"])).await;
    assert_eq!(rest["nodes"], json!([{ "name": "c", "deliveries": one }]));
}

#[tokio::test]
async fn what_can_not_be_used_is_an_outcome_with_its_field() {
    let gateway = TestGateway::empty().await;
    gateway.configure("file:/a.yaml", vec![component("a", "service", "team-a")]).await;
    let target = "https://example.com/hook";
    for (input, code, field) in [
        (json!({ "target": "ftp://example.com" }), "FORBIDDEN", "target"),
        (json!({ "target": "https://user@example.com" }), "FORBIDDEN", "target"),
        (json!({ "target": target, "name": "x".repeat(201) }), "INVALID", "name"),
        (json!({ "target": target, "changeTypes": [] }), "INVALID", "changeTypes"),
        (json!({ "target": target, "secret": "whsec_short" }), "INVALID", "secret"),
        (json!({ "target": target, "fromRevision": 99 }), "INVALID", "fromRevision"),
        (json!({ "target": target, "filter": { "relation": [{ "type": "likes" }] } }), "INVALID", "filter"),
    ] {
        let payload = mutate(&gateway, CREATE, input.clone()).await;
        let errors = &payload["userErrors"];
        assert_eq!((&errors[0]["code"], &errors[0]["field"][1]), (&json!(code), &json!(field)), "{input}: {payload}");
        assert_eq!((&payload["webhook"], &payload["secret"]), (&json!(null), &json!(null)));
        assert!(!payload.to_string().contains("whsec_short"), "a secret is repeated");
    }
}

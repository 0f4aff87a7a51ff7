//! The ways to ask: by GET and POST, by a document's id, with wishes, and what is kept of answers.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use callboard_gateway::{DocumentSettings, GatewaySettings, TrustedDocuments};
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, TestGateway, component, json_request, shop};

const QUERY: &str = "{ entity(ref: \"web\") { name } }";

async fn get(gateway: &TestGateway, parameters: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let mut request = Request::get(format!("/graphql?{query}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    gateway.send(request.body(Default::default()).unwrap()).await
}

async fn post_with(gateway: &TestGateway, body: &Value, header: (&'static str, &str)) -> Answer {
    let mut request = json_request(body.to_string());
    request.headers_mut().insert(header.0, header.1.parse().unwrap());
    gateway.send(request).await
}

#[tokio::test]
async fn a_query_is_answered_for_a_get_with_its_variables_and_name() {
    let gateway = TestGateway::of_shop().await;
    let query = "query A($ref: EntityRef!) { entity(ref: $ref) { name } } query B { revision }";
    let answer =
        get(&gateway, &[("query", query), ("operationName", "A"), ("variables", r#"{"ref":"web"}"#)], &[]).await;
    assert_eq!(answer.json()["data"], json!({ "entity": { "name": "web" } }));
    let wrong = get(&gateway, &[("query", query), ("variables", "no")], &[]).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"));
}

#[tokio::test]
async fn an_answer_that_the_client_has_already_is_not_sent_again() {
    let gateway = TestGateway::of_shop().await;
    let first = get(&gateway, &[("query", QUERY)], &[]).await;
    let tag = first.headers["etag"].to_str().unwrap().to_owned();
    let second = get(&gateway, &[("query", QUERY)], &[("if-none-match", &tag)]).await;
    assert_eq!((second.status, second.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(second.headers["etag"].to_str().unwrap(), tag);
    gateway.configure("file:/more.yaml", vec![component("more", "service", "team-a")]).await;
    let third = get(&gateway, &[("query", QUERY)], &[("if-none-match", &tag)]).await;
    assert_eq!(third.status, StatusCode::NOT_MODIFIED, "another revision, but the same answer");
    let mut documents = shop();
    documents[0]["metadata"]["title"] = json!("Another");
    gateway.place("file:/shop.yaml", documents);
    let titled = "{ entity(ref: \"web\") { title } }";
    let tag = get(&gateway, &[("query", titled)], &[]).await.headers["etag"].to_str().unwrap().to_owned();
    gateway.read_again("file:/shop.yaml").await;
    let changed = get(&gateway, &[("query", titled)], &[("if-none-match", &tag)]).await;
    assert_eq!(changed.status, StatusCode::OK);
    assert_eq!(changed.json()["data"]["entity"]["title"], "Another");
}

#[tokio::test]
async fn every_answer_says_its_revision_and_request_id() {
    let gateway = TestGateway::of_shop().await;
    for _ in 0..2 {
        let answer = post_with(&gateway, &json!({ "query": QUERY }), ("x-request-id", "mine-1")).await;
        assert_eq!(answer.json()["extensions"], json!({ "revision": shop().len(), "requestId": "mine-1" }));
    }
}

#[tokio::test]
async fn what_an_answer_cost_is_told_to_whoever_asks() {
    let gateway = TestGateway::of_shop().await;
    let body = json!({ "query": "{ entities(first: 3) { nodes { name } } }", "extensions": { "cost": true } });
    for answer in [
        gateway.post(&body).await,
        gateway.post(&body).await,
        post_with(&gateway, &body, ("callboard-cost", "1")).await,
    ] {
        let cost = answer.json()["extensions"]["cost"].clone();
        assert_eq!(cost, json!({ "requested": 5, "nodeCount": 5 }));
    }
}

#[tokio::test]
async fn a_question_can_wait_for_a_revision() {
    let settings = GatewaySettings { revision_wait: Duration::from_millis(20), ..GatewaySettings::default() };
    let gateway = TestGateway::with(settings).await;
    gateway.configure("file:/shop.yaml", shop()).await;
    let present = shop().len().to_string();
    let body = json!({ "query": QUERY });
    let answer = post_with(&gateway, &body, ("callboard-min-revision", &present)).await;
    assert_eq!(answer.json()["data"]["entity"]["name"], "web");
    let future = json!({ "query": QUERY, "extensions": { "minRevision": 1_000_000 } });
    let answer = gateway.post(&future).await;
    assert_eq!(answer.code(), "DEADLINE_EXCEEDED");
    assert_eq!(answer.json()["errors"][0]["extensions"]["revision"], shop().len());
}

#[tokio::test]
async fn a_waiting_question_is_answered_once_the_revision_is_there() {
    let gateway = TestGateway::of_shop().await;
    let body =
        json!({ "query": "{ entity(ref: \"late\") { name } }", "extensions": { "minRevision": shop().len() + 1 } });
    let late = async { gateway.configure("file:/late.yaml", vec![component("late", "service", "team-a")]).await };
    let (answer, ()) = tokio::join!(gateway.post(&body), late);
    assert_eq!(answer.json()["data"]["entity"]["name"], "late", "{}", answer.text);
}

#[tokio::test]
async fn a_document_is_known_by_its_hash_once_it_was_sent() {
    let gateway = TestGateway::of_shop().await;
    let hash = sha256(QUERY);
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let unknown = gateway.post(&json!({ "extensions": extensions })).await;
    assert_eq!(unknown.code(), "PERSISTED_QUERY_NOT_FOUND");
    assert_eq!(unknown.json()["errors"][0]["message"], "PersistedQueryNotFound");
    let sent = gateway.post(&json!({ "query": QUERY, "extensions": extensions })).await;
    assert_eq!(sent.json()["data"]["entity"]["name"], "web");
    let known = gateway.post(&json!({ "extensions": extensions })).await;
    assert_eq!(known.json()["data"], sent.json()["data"]);
    let by_id = get(&gateway, &[("documentId", &format!("sha256:{hash}"))], &[]).await;
    assert_eq!(by_id.json()["data"], sent.json()["data"]);
    let other = json!({ "query": "{ revision }", "extensions": extensions });
    assert_eq!(gateway.post(&other).await.code(), "BAD_USER_INPUT");
}

#[tokio::test]
async fn only_trusted_documents_are_executed_when_so_set() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ids.json"), json!({ "web": QUERY }).to_string()).unwrap();
    let documents = DocumentSettings {
        trusted: Some(TrustedDocuments::read(folder.path()).unwrap()),
        is_trusted_only: true,
        ..DocumentSettings::default()
    };
    let gateway = TestGateway::with(GatewaySettings { documents, ..GatewaySettings::default() }).await;
    assert_eq!(gateway.post(&json!({ "documentId": "web" })).await.json()["data"], json!({ "entity": null }));
    for body in [json!({ "query": "{ revision }" }), json!({ "documentId": "other" })] {
        assert_eq!(gateway.post(&body).await.code(), "DOCUMENT_NOT_TRUSTED", "{body}");
    }
}

#[tokio::test]
async fn a_query_and_a_refusal_can_be_sent_as_events() {
    let gateway = TestGateway::of_shop().await;
    let accept = ("accept", "text/event-stream");
    let answer = post_with(&gateway, &json!({ "query": QUERY }), accept).await;
    assert_eq!(answer.headers["content-type"], "text/event-stream");
    assert!(answer.text.contains("event: next") && answer.text.contains("event: complete"), "{}", answer.text);
    let refused = post_with(&gateway, &json!({ "query": "{ nothing }" }), accept).await;
    assert!(refused.text.contains("GRAPHQL_VALIDATION_FAILED"), "{}", refused.text);
}

#[tokio::test]
async fn an_object_of_which_nothing_is_asked_is_empty_and_not_null() {
    let gateway = TestGateway::of_shop().await;
    gateway.check("{ entity(ref: \"web\") { ... on Group { name } } }", json!({ "entity": {} })).await;
    gateway
        .check(
            "{ entities(first: 1) { pageInfo { startCursor @skip(if: true) } } }",
            json!({ "entities": { "pageInfo": {} } }),
        )
        .await;
    gateway.check("{ revision @skip(if: true) }", json!({})).await;
}

#[tokio::test]
async fn a_variable_that_is_left_out_leaves_the_default() {
    let gateway = TestGateway::of_shop().await;
    let query = "query($depth: Int, $first: Int, $name: StringFilter) {
        impact(ref: \"resource:orders-db\", maxDepth: $depth) { totalCount }
        entities(filter: { kind: { eq: \"API\" }, name: $name }, first: $first) { totalCount } }";
    let answer = gateway.ask(query).await.json();
    assert_eq!(answer["data"], json!({ "impact": { "totalCount": 3 }, "entities": { "totalCount": 1 } }), "{answer}");
}

#[tokio::test]
async fn fields_that_wait_stand_where_they_were_asked_for() {
    let gateway = TestGateway::of_shop().await;
    let fields: String = (0..20).map(|n| format!("h{n}: history {{ totalCount }} ")).collect();
    let answer = gateway.ask(&format!("{{ entity(ref: \"web\") {{ {fields} }} }}")).await;
    let mut places = (0..20).map(|n| answer.text.find(&format!("\"h{n}\"")).unwrap());
    let first = places.next().unwrap();
    places.fold(first, |before, place| {
        assert!(before < place, "{}", answer.text);
        place
    });
}

/// Writes and reads as fast as it can, and looks for an answer that is older than what was acknowledged before it was
/// asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_never_older_than_what_was_acknowledged() {
    let gateway = Arc::new(TestGateway::of_shop().await);
    let (written, is_done) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let writer = {
        let (gateway, written, is_done) = (Arc::clone(&gateway), Arc::clone(&written), Arc::clone(&is_done));
        tokio::spawn(async move {
            for number in 1..=60 {
                let mut documents = shop();
                documents[0]["metadata"]["title"] = json!(number.to_string());
                gateway.place("file:/shop.yaml", documents);
                gateway.read_again("file:/shop.yaml").await;
                written.store(number, Ordering::SeqCst);
            }
            is_done.store(true, Ordering::SeqCst);
        })
    };
    let query = "{ entity(ref: \"web\") { title } }";
    let mut answers = 0_u64;
    while !is_done.load(Ordering::SeqCst) {
        let acknowledged = written.load(Ordering::SeqCst);
        let body = gateway.ask(query).await.json();
        let seen = body["data"]["entity"]["title"].as_str().unwrap().parse::<u64>().unwrap_or(0);
        assert!(seen >= acknowledged, "{body} was answered after {acknowledged} had been acknowledged");
        answers += 1;
    }
    writer.await.unwrap();
    assert!(answers > 60, "there must have been something to look at: {answers}");
}

fn sha256(text: &str) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

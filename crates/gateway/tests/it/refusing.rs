//! What is refused, with which code, and that nothing is executed then.

use callboard_gateway::GatewaySettings;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::support::{Answer, TestGateway, json_request};

fn check_request_error(answer: &Answer, code: &str) {
    assert_eq!(answer.code(), code);
    let body = answer.json();
    assert!(body.get("data").is_none(), "{body}");
    assert_eq!(body["errors"][0]["extensions"]["requestId"], answer.headers["x-request-id"].to_str().unwrap());
}

async fn check_refused(query: &str, code: &str) -> Value {
    let gateway = TestGateway::empty().await;
    let answer = gateway.ask(query).await;
    assert_eq!(answer.status, StatusCode::OK);
    check_request_error(&answer, code);
    answer.json()["errors"][0].take()
}

#[tokio::test]
async fn what_is_no_graphql_is_refused_with_its_place() {
    let error = check_refused("{ revision", "GRAPHQL_PARSE_FAILED").await;
    assert_eq!(error["locations"][0]["line"], 1);
}

#[tokio::test]
async fn unknown_fields_are_refused_without_suggestions() {
    let error = check_refused("{ revisoin }", "GRAPHQL_VALIDATION_FAILED").await;
    assert!(!error["message"].as_str().unwrap().contains("Did you mean"), "{error}");
}

#[tokio::test]
async fn an_operation_must_be_clear() {
    check_refused("query A { revision } query B { revision }", "OPERATION_RESOLUTION_FAILURE").await;
    let gateway = TestGateway::empty().await;
    let body = json!({ "query": "query A { revision }", "operationName": "B" });
    check_request_error(&gateway.post(&body).await, "OPERATION_RESOLUTION_FAILURE");
}

#[tokio::test]
async fn nested_pages_are_refused_before_they_are_executed_with_the_numbers() {
    let query = "{ entities(first: 500) { nodes { relations(first: 500) { nodes { target { relations(first: 500) { nodes { type } } } } } } } }";
    let error = check_refused(query, "COST_LIMIT_EXCEEDED").await;
    assert_eq!(error["extensions"]["max"], 500_000);
    assert!(error["extensions"]["requested"].as_u64().unwrap() > 100_000_000, "{error}");
}

#[tokio::test]
async fn deep_questions_are_refused() {
    let query = format!(
        "{{ entity(ref: \"group:a\") {{ ... on Group {{ {} name {} }} }} }}",
        "parent {".repeat(20),
        "}".repeat(20)
    );
    let error = check_refused(&query, "COST_LIMIT_EXCEEDED").await;
    assert_eq!(error["message"], "the question is 22 levels of fields deep, more than the 15 allowed");
}

#[tokio::test]
async fn aliases_by_the_thousand_are_refused() {
    let fields: String = (0..5_000).map(|n| format!("a{n}:entities{{totalCount}} ")).collect();
    check_refused(&format!("{{ {fields} }}"), "COST_LIMIT_EXCEEDED").await;
}

#[tokio::test]
async fn fragments_that_spread_each_other_are_refused() {
    let mut bomb = "{ ...F0 }".to_owned();
    for n in 0..40 {
        bomb.push_str(&format!(" fragment F{n} on Query {{ ...F{m} ...F{m} }}", m = n + 1));
    }
    bomb.push_str(" fragment F40 on Query { revision }");
    // Each counts once per selection set, so that this one is harmless.
    TestGateway::empty().await.check(&bomb, json!({ "revision": 0 })).await;
    let mut bomb = "{ ...F0 }".to_owned();
    for n in 0..40 {
        bomb.push_str(&format!(" fragment F{n} on Query {{ a: entities {{ nodes {{ ... on System {{ c: components {{ nodes {{ ...E{n} }} }} }} }} }} ...F{m} }} fragment E{n} on Entity {{ ... on Component {{ x: dependsOn {{ nodes {{ ...E{m} }} }} y: dependsOn {{ nodes {{ ...E{m} }} }} }} }}", m = n + 1));
    }
    bomb.push_str(" fragment F40 on Query { revision } fragment E40 on Entity { name }");
    check_refused(&bomb, "COST_LIMIT_EXCEEDED").await;
    check_refused("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", "GRAPHQL_VALIDATION_FAILED")
        .await;
}

#[tokio::test]
async fn brackets_by_the_ten_thousand_do_not_exhaust_the_stack() {
    for query in
        [format!("{{ entity(ref: {}{}) {{ name }} }}", "[".repeat(50_000), "]".repeat(50_000)), "{a".repeat(50_000)]
    {
        check_refused(&query, "COST_LIMIT_EXCEEDED").await;
    }
}

#[tokio::test]
async fn pages_and_lists_larger_than_allowed_are_refused_with_the_number() {
    let gateway = TestGateway::empty().await;
    let refs = format!("[{}]", "\"a\",".repeat(501));
    for query in
        ["{ entities(first: 501) { totalCount } }".to_owned(), format!("{{ entitiesByRefs(refs: {refs}) {{ name }} }}")]
    {
        let answer = gateway.ask(&query).await;
        assert_eq!(answer.code(), "PAGE_SIZE_EXCEEDED");
        assert_eq!(answer.json()["errors"][0]["extensions"]["max"], 500);
    }
}

#[tokio::test]
async fn a_field_that_fails_is_null_and_the_others_are_answered() {
    let gateway = TestGateway::empty().await;
    let answer = gateway.ask(r#"{ revision bad: entity(ref: "component:") { name } entities { totalCount } }"#).await;
    let body = answer.json();
    assert_eq!(body["data"], json!({ "revision": 0, "bad": null, "entities": { "totalCount": 0 } }), "{body}");
    assert_eq!(answer.code(), "BAD_USER_INPUT");
    assert_eq!(body["errors"][0]["path"], json!(["bad"]));
}

#[tokio::test]
async fn foreign_cursors_are_refused() {
    let gateway = TestGateway::empty().await;
    for query in
        [r#"{ entities(after: "nonsense") { nodes { name } } }"#, r#"{ problems(after: "nonsense") { totalCount } }"#]
    {
        assert_eq!(gateway.ask(query).await.code(), "INVALID_CURSOR", "{query}");
    }
}

#[tokio::test]
async fn mutations_over_get_are_refused() {
    let gateway = TestGateway::empty().await;
    let query = "mutation%7BrefreshEntity(input:%7Bref:%22a%22%7D)%7Brevision%7D%7D";
    for accept in ["application/json", "application/graphql-response+json", "text/event-stream"] {
        let request = Request::get(format!("/graphql?query={query}")).header("accept", accept);
        let answer = gateway.send(request.body(Default::default()).unwrap()).await;
        if accept == "text/event-stream" {
            assert!(answer.text.contains("METHOD_NOT_ALLOWED"), "{}", answer.text);
            continue;
        }
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.headers["allow"], "POST");
        check_request_error(&answer, "METHOD_NOT_ALLOWED");
    }
}

#[tokio::test]
async fn bodies_that_web_pages_can_send_by_themselves_are_refused() {
    let gateway = TestGateway::empty().await;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin1",
        "",
    ] {
        let mut request = Request::post("/graphql");
        if !content_type.is_empty() {
            request = request.header("content-type", content_type);
        }
        let answer = gateway.send(request.body(r#"{"query":"{ revision }"}"#.into()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
        check_request_error(&answer, "UNSUPPORTED_MEDIA_TYPE");
    }
}

#[tokio::test]
async fn bodies_that_are_no_request_are_refused() {
    let gateway = TestGateway::empty().await;
    for body in
        ["", "{", "[]", r#"[{"query":"{ revision }"}]"#, r#"{"query":1}"#, r#"{"query":"{ revision }","variables":[]}"#]
    {
        let answer = gateway.send(json_request(body.to_owned())).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        check_request_error(&answer, "BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn bodies_larger_than_allowed_are_refused_with_the_number() {
    let gateway = TestGateway::with(GatewaySettings { max_body_bytes: 100, ..GatewaySettings::default() }).await;
    let body = json!({ "query": "{ revision } #".to_owned() + &"x".repeat(100) }).to_string();
    let declared =
        Request::post("/graphql").header("content-type", "application/json").header("content-length", body.len());
    for request in [json_request(body.clone()), declared.body(body.clone().into()).unwrap()] {
        let answer = gateway.send(request).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        check_request_error(&answer, "LIMIT_EXCEEDED");
        assert_eq!(answer.json()["errors"][0]["extensions"]["max"], 100);
    }
}

#[tokio::test]
async fn subscriptions_need_a_stream() {
    let gateway = TestGateway::empty().await;
    let answer = gateway.ask("subscription { entityChanges { __typename } }").await;
    assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE);
    check_request_error(&answer, "NOT_ACCEPTABLE");
}

#[tokio::test]
async fn answers_are_written_in_types_that_the_client_accepts_or_not_at_all() {
    let gateway = TestGateway::empty().await;
    let mut request = json_request(json!({ "query": "{ revision }" }).to_string());
    request.headers_mut().insert("accept", "text/html".parse().unwrap());
    let answer = gateway.send(request).await;
    assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE);
    check_request_error(&answer, "NOT_ACCEPTABLE");
}

#[tokio::test]
async fn a_wrong_variable_is_refused_before_anything_is_executed() {
    let gateway = TestGateway::of_shop().await;
    let query =
        "query($ref: EntityRef!, $first: Int) { entity(ref: $ref) { name } entities(first: $first) { totalCount } }";
    for variables in [
        json!({}),
        json!({ "ref": null }),
        json!({ "ref": 1 }),
        json!({ "ref": "component:" }),
        json!({ "ref": "web", "first": "1" }),
    ] {
        let answer = gateway.post(&json!({ "query": query, "variables": variables })).await;
        check_request_error(&answer, "BAD_USER_INPUT");
    }
    let answer = gateway.post(&json!({ "query": query, "variables": { "ref": "web", "first": null } })).await;
    assert_eq!(answer.json()["data"]["entity"]["name"], "web");
}

#[tokio::test]
async fn clients_that_know_the_media_type_learn_from_the_status() {
    let gateway = TestGateway::empty().await;
    for (query, status) in
        [("{ revision }", StatusCode::OK), ("{ nothing }", StatusCode::BAD_REQUEST), ("{", StatusCode::BAD_REQUEST)]
    {
        let mut request = json_request(json!({ "query": query }).to_string());
        request
            .headers_mut()
            .insert("accept", "application/graphql-response+json, application/json;q=0.9".parse().unwrap());
        let answer = gateway.send(request).await;
        assert_eq!(answer.status, status, "{query}");
        assert_eq!(answer.headers["content-type"], "application/graphql-response+json; charset=utf-8");
    }
}

#[tokio::test]
async fn a_list_of_requests_is_refused_as_what_it_is() {
    let gateway = TestGateway::empty().await;
    for body in [json!([]), json!([{ "query": "{ revision }" }]), json!(["{ revision }", null, null])] {
        let answer = gateway.post(&body).await;
        check_request_error(&answer, "BAD_USER_INPUT");
        assert!(answer.json()["errors"][0]["message"].as_str().unwrap().starts_with("the body is a list"));
    }
}

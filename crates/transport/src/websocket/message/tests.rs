use serde_json::json;

use super::*;

fn read(message: Value) -> Result<ClientMessage, String> {
    ClientMessage::read(&message.to_string())
}

#[test]
fn what_the_protocol_describes_is_understood() {
    assert_eq!(read(json!({ "type": "connection_init" })), Ok(ClientMessage::Init));
    assert_eq!(read(json!({ "type": "connection_init", "payload": null })), Ok(ClientMessage::Init));
    assert_eq!(read(json!({ "type": "connection_init", "payload": { "a": 1 } })), Ok(ClientMessage::Init));
    assert_eq!(read(json!({ "type": "ping" })), Ok(ClientMessage::Ping(None)));
    assert_eq!(
        read(json!({ "type": "ping", "payload": { "a": 1 } })),
        Ok(ClientMessage::Ping(Some(json!({ "a": 1 }))))
    );
    assert_eq!(read(json!({ "type": "pong", "payload": {} })), Ok(ClientMessage::Pong));
    assert_eq!(read(json!({ "type": "complete", "id": "1" })), Ok(ClientMessage::Complete { id: "1".to_owned() }));
    let payloads = [
        json!({ "query": "{ a }" }),
        json!({ "query": "{ a }", "operationName": null, "variables": null, "extensions": null }),
        json!({ "query": "query A { a }", "operationName": "A", "variables": { "b": [1] }, "extensions": {} }),
        json!({ "documentId": "sha256:00" }),
        json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": "00" } } }),
    ];
    for payload in payloads {
        let body = payload.as_object().unwrap().clone();
        let expected = ClientMessage::Subscribe { id: "1".to_owned(), body };
        assert_eq!(read(json!({ "type": "subscribe", "id": "1", "payload": payload })), Ok(expected));
    }
}

#[test]
fn what_it_does_not_describe_is_refused() {
    let wrong = [
        json!(null),
        json!([{ "type": "connection_init" }]),
        json!({}),
        json!({ "type": 1 }),
        json!({ "type": "start" }),
        json!({ "type": "connection_ack" }),
        json!({ "type": "next", "id": "1", "payload": {} }),
        json!({ "type": "connection_init", "payload": "x" }),
        json!({ "type": "connection_init", "payload": [] }),
        json!({ "type": "ping", "payload": 0 }),
        json!({ "type": "pong", "payload": false }),
        json!({ "type": "complete" }),
        json!({ "type": "complete", "id": 1 }),
        json!({ "type": "subscribe", "payload": { "query": "{ a }" } }),
        json!({ "type": "subscribe", "id": null, "payload": { "query": "{ a }" } }),
        json!({ "type": "subscribe", "id": "", "payload": { "query": "{ a }" } }),
        json!({ "type": "subscribe", "id": "x".repeat(2_000), "payload": { "query": "{ a }" } }),
        json!({ "type": "subscribe", "id": "1" }),
        json!({ "type": "subscribe", "id": "1", "payload": "{ a }" }),
        json!({ "type": "subscribe", "id": "1", "payload": {} }),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": null } }),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": 1, "documentId": "a" } }),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": "{ a }", "operationName": 1 } }),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": "{ a }", "variables": [] } }),
        json!({ "type": "subscribe", "id": "1", "payload": { "query": "{ a }", "extensions": "x" } }),
    ];
    for message in wrong {
        assert!(read(message.clone()).is_err(), "{message}");
    }
    assert!(ClientMessage::read("not json").is_err());
    assert!(ClientMessage::read("").is_err());
}

use super::*;

#[test]
fn messages_are_json_with_the_payload_as_it_was() {
    let frames = Frames::new("a\"\n");
    let payload = br#"{ "data": { "b": 1.50 } }"#;
    assert_eq!(frames.next(payload), r#"{"id":"a\"\n","type":"next","payload":{ "data": { "b": 1.50 } }}"#);
    assert_eq!(frames.error(b"[]"), r#"{"id":"a\"\n","type":"error","payload":[]}"#);
    assert_eq!(frames.complete(), r#"{"id":"a\"\n","type":"complete"}"#);
    for text in [frames.next(payload), frames.complete(), pong(None), pong(Some(json!({ "a": [] }))), ACK.to_owned()] {
        serde_json::from_str::<Value>(&text).unwrap();
    }
}

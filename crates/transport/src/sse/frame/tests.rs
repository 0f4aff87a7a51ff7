use super::*;

fn event(payload: &'static str, cursor: Option<&str>) -> Bytes {
    next(&Event { payload: Bytes::from_static(payload.as_bytes()), cursor: cursor.map(str::to_owned) })
}

#[test]
fn an_event_carries_its_cursor_and_its_payload() {
    assert_eq!(event(r#"{"data":1}"#, Some("c7")), "event: next\nid: c7\ndata: {\"data\":1}\n\n");
    assert_eq!(event(r#"{"data":1}"#, None), "event: next\ndata: {\"data\":1}\n\n");
}

#[test]
fn line_breaks_do_not_end_an_event_early() {
    assert_eq!(event("{\n \"a\":\r\n1}", None), "event: next\ndata: {\ndata:  \"a\":\ndata: \ndata: 1}\n\n");
    assert_eq!(event("{}", Some("a\nevent: complete")), "event: next\ndata: {}\n\n");
}

#[test]
fn single_answers_are_complete() {
    assert_eq!(answer(b"{}"), "event: next\ndata: {}\n\nevent: complete\ndata:\n\n");
    assert_eq!(refusal(b"[1]"), "event: next\ndata: {\"errors\":[1]}\n\nevent: complete\ndata:\n\n");
    assert_eq!(retry(Duration::from_secs(2)), "retry: 2000\n\n");
}

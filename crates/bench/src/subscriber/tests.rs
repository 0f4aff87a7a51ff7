use serde_json::json;

use super::{SeenChange, change};

#[test]
fn an_event_with_a_time_is_a_change() {
    let event = json!({ "occurredAt": "2026-01-01T00:00:00Z", "entity": { "description": "change 3" } });
    let seen = SeenChange { description: "change 3".to_owned(), occurred_at: "2026-01-01T00:00:00Z".to_owned() };
    assert_eq!(change(&event), Some(seen));
}

#[test]
fn a_checkpoint_selects_nothing_and_is_no_change() {
    assert_eq!(change(&json!({})), None);
}

#[test]
fn a_deleted_entity_has_no_description() {
    let event = json!({ "occurredAt": "2026-01-01T00:00:00Z", "entity": null });
    assert_eq!(change(&event).map(|seen| seen.description), Some(String::new()));
}

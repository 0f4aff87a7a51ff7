use serde_json::json;

use super::*;

#[track_caller]
fn check_round_trip(filter: serde_json::Value) {
    let value = Value::from_json(filter.clone()).unwrap();
    let parsed = EntityFilter::parse(Some(value)).unwrap_or_else(|_| panic!("no filter: {filter}"));
    let written = write_filter(&parsed);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), filter);
    assert_eq!(read_filter(&written).unwrap(), parsed.into_filter().unwrap());
}

#[test]
fn a_filter_is_kept_as_it_was_sent() {
    check_round_trip(json!({}));
    check_round_trip(json!({ "kind": { "eq": "Component" }, "tag": { "in": ["a", "b"] } }));
    check_round_trip(json!({
        "or": [{ "ref": ["component:default/web"] }, { "not": { "owner": ["team-a"], "ownerTransitive": true } }],
        "label": [{ "key": "tier", "value": { "exists": false } }],
        "field": [{ "path": "spec.region", "value": { "startsWith": "eu" } }],
        "relation": [{ "type": "dependsOn", "direction": "OUTGOING", "targets": ["api:pets"], "exists": false }],
        "text": "shop",
    }));
}

#[test]
fn what_is_no_filter_is_refused_with_a_reason() {
    for (text, reason) in [
        ("", "EOF"),
        ("[]", "Expected"),
        (r#"{"kind": "Component"}"#, "StringFilter"),
        (r#"{"relation": [{"type": "likes", "exists": true}]}"#, "likes"),
    ] {
        let error = read_filter(text).unwrap_err();
        assert!(error.contains(reason), "{text}: {error}");
    }
}

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// Any JSON, with texts that look like the ends of things.
fn json_values() -> impl Strategy<Value = Value> {
    let text = prop_oneof![any::<String>(), "[\"\\\\{}\\[\\],:a ]{0,6}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((text.clone(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_member_is_found(value in json_values(), is_spaced in any::<bool>()) {
        let text = if is_spaced { format!("{value:#}") } else { value.to_string() };
        let members = value.as_object().cloned().unwrap_or_default();
        for (key, member) in &members {
            let found = pick(&text, key).and_then(|found| serde_json::from_str::<Value>(found).ok());
            prop_assert_eq!(found.as_ref(), Some(member), "{} in {}", key, text);
        }
        prop_assert_eq!(pick(&text, "a key that is not there"), None);
    }

    #[test]
    fn every_item_is_found(value in json_values(), is_spaced in any::<bool>()) {
        let text = if is_spaced { format!("{value:#}") } else { value.to_string() };
        let found: Vec<Value> = items(&text).map(|item| serde_json::from_str(item).unwrap()).collect();
        prop_assert_eq!(found, value.as_array().cloned().unwrap_or_default());
    }

    #[test]
    fn no_text_makes_it_fail(text in any::<String>(), key in any::<String>()) {
        let _ = pick(&text, &key);
        let _ = items(&text).count();
    }

    #[test]
    fn no_broken_document_makes_it_fail(value in json_values(), cut in any::<prop::sample::Index>()) {
        let text: String = value.to_string();
        let broken: String = text.chars().take(cut.index(text.len())).collect();
        let _ = pick(&broken, "a");
        let _ = items(&broken).count();
    }
}

#[test]
fn values_are_returned_as_written() {
    let text = r#"{"a":{"b":[1,"}"]},"c\"d":1.50,"e":"x\u0041"}"#;
    assert_eq!(pick(text, "a"), Some(r#"{"b":[1,"}"]}"#));
    assert_eq!(pick(text, "c\"d"), Some("1.50"));
    assert_eq!(pick(text, "e"), Some(r#""x\u0041""#));
    assert_eq!(pick(text, "b"), None);
    assert_eq!(pick("[1]", "a"), None);
}

#[test]
fn a_text_is_told_from_a_number_that_looks_like_it() {
    assert_eq!(text("\"1\""), Some("\"1\""));
    assert_eq!(text("1"), None);
    assert_eq!(decoded(r#""\u0041""#).as_deref(), Some("A"));
    assert_eq!(decoded(&json!(1).to_string()), None);
}

use async_graphql::value;
use proptest::prelude::*;

use super::*;

fn written(value: &Value) -> String {
    let mut out = JsonText::default();
    out.value(value);
    out.into_string()
}

#[test]
fn members_and_items_are_separated() {
    let mut out = JsonText::default();
    out.begin_object();
    out.key("empty");
    out.begin_list();
    out.end_list();
    out.key("two");
    out.begin_list();
    for item in ["1", "{}"] {
        out.item();
        out.raw(item);
    }
    out.end_list();
    out.key("text");
    out.text("{");
    out.key("none");
    out.raw_or_null(None);
    out.key("texts");
    out.texts(["\"a\"", "1", "\"[\""].into_iter());
    out.end_object();
    assert_eq!(out.into_string(), r#"{"empty":[],"two":[1,{}],"text":"{","none":null,"texts":["a","["]}"#);
}

#[test]
fn values_look_as_they_do_elsewhere() {
    let value = value!({ "a": [1, 2.5, -3, true, false, null], "b": { "c": "\u{1}\"\\\n{" }, "d": {}, "e": [[], "["] });
    assert_eq!(written(&value), serde_json::to_string(&value).unwrap());
}

#[test]
fn raw_text_stays_as_it_is() {
    let mut raw = JsonText::default();
    raw.raw("[1, 2]");
    let value = Value::List(vec![raw.into_value(), Value::Null]);
    assert_eq!(written(&value), "[[1, 2],null]");
    assert_eq!(serde_json::to_string(&value).unwrap(), "[[1, 2],null]");
}

proptest! {
    #[test]
    fn text_is_escaped_as_everywhere(text in any::<String>()) {
        let mut out = JsonText::default();
        out.text(&text);
        prop_assert_eq!(out.into_string(), serde_json::to_string(&text).unwrap());
    }
}

use super::*;

fn places(document: &str) -> Vec<Option<&str>> {
    let outline = Outline::of(document);
    let places = [outline.api_version, outline.kind, outline.namespace, outline.name, outline.title, outline.tags];
    places.into_iter().map(|place| place.of(document)).collect()
}

#[test]
fn finds_what_is_there_in_any_order() {
    let expected = [Some(r#""v1""#), Some(r#""API""#), None, Some("7"), Some("null"), Some(r#"["a"]"#)];
    for document in [
        r#"{"apiVersion":"v1","kind":"API","metadata":{"name":7,"title":null,"tags":["a"]},"spec":{"type":"x"}}"#,
        r#"{"spec":{"type":"x"},"metadata":{"labels":{"name":"no"},"tags":["a"],"title":null,"name":7},"kind":"API","apiVersion":"v1"}"#,
        "{ \"kind\": \"API\",\n \"metadata\" : { \"name\" : 7 , \"title\": null, \"tags\": [\"a\"] } , \"apiVersion\": \"v1\", \"spec\": { \"type\": \"x\" } }",
    ] {
        assert_eq!(places(document), expected, "{document}");
        let outline = Outline::of(document);
        assert_eq!(outline.spec_field(document, "type"), Some("\"x\""), "{document}");
        let metadata = outline.metadata.of(document).unwrap();
        assert!(metadata.starts_with('{') && metadata.ends_with('}'), "{document}");
        let spec: serde_json::Value = serde_json::from_str(outline.spec(document).unwrap()).unwrap();
        assert_eq!(spec, serde_json::json!({ "type": "x" }));
    }
}

#[test]
fn what_has_another_type_is_not_there() {
    for document in [r#"{"metadata":null,"spec":null}"#, r#"{"metadata":[1],"spec":"{}"}"#, "[]", "", "{\"spec\""] {
        let outline = Outline::of(document);
        assert_eq!((outline.metadata.of(document), outline.spec(document)), (None, None), "{document}");
        assert_eq!(outline.spec_field(document, "type"), None, "{document}");
    }
}

#[test]
fn a_brief_look_finds_kind_and_name_wherever_they_stand() {
    for document in [
        r#"{"apiVersion":"v1","kind":"API","metadata":{"name":"x","title":"t"},"spec":{}}"#,
        r#"{"kind":"API","metadata":{"labels":{"name":"no"},"name":"x"}}"#,
        r#"{"spec":{"kind":"no"},"metadata":{"name":"x"},"kind":"API"}"#,
        r#"{"metadata":{"name":"x"},"kind":"API"}"#,
    ] {
        let outline = Outline::brief(document);
        assert_eq!(outline.kind.of(document), Some(r#""API""#), "{document}");
        assert_eq!(outline.name.of(document), Some(r#""x""#), "{document}");
    }
    assert!(Outline::brief(r#"{"kind":"API","metadata":{}}"#).name.of("").is_none());
}

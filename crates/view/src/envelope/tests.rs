use std::sync::Arc;

use callboard_entity_model::Revision;
use chrono::DateTime;
use uuid::Uuid;

use super::*;

fn check_envelope(document: &str, check: impl FnOnce(&Envelope<'_>)) {
    let record = EntityRecord {
        entity_ref: "component:default/web".parse().expect("the reference is good"),
        document: document.into(),
        hash: [0; 32],
        revision: Revision(1),
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        source: Uuid::nil(),
        location: Arc::from("file:/catalog.yaml"),
    };
    check(&record.envelope());
}

#[test]
fn every_field_is_read_as_written() {
    let document = r#"{"apiVersion":"backstage.io/v1alpha1","kind":"Component","metadata":{"name":"Web","namespace":"default",
        "title":"The \"web\"","description":"d","tags":["a","b"],"labels":{"z":"1","a":"2"},"annotations":{"k.io/x":"v"},
        "links":[{"url":"https://example.com","title":"Home","icon":"web","type":"docs"}]},"spec":{"type":"service"}}"#;
    check_envelope(document, |envelope| {
        assert_eq!(envelope.api_version, "backstage.io/v1alpha1");
        assert_eq!((&*envelope.kind, &*envelope.name, &*envelope.namespace), ("Component", "Web", "default"));
        assert_eq!(envelope.title.as_deref(), Some("The \"web\""));
        assert_eq!(envelope.display_name(), "The \"web\"");
        assert_eq!(envelope.description.as_deref(), Some("d"));
        assert_eq!(envelope.tags, ["a", "b"]);
        assert_eq!(envelope.labels, [("z".into(), "1".into()), ("a".into(), "2".into())]);
        assert_eq!(envelope.annotation("k.io/x"), Some("v"));
        assert_eq!(envelope.links[0].url, "https://example.com");
        assert_eq!(envelope.links[0].kind.as_deref(), Some("docs"));
        assert_eq!(envelope.spec.map(RawValue::get), Some(r#"{"type":"service"}"#));
        assert!(envelope.metadata.is_some_and(|metadata| metadata.get().starts_with(r#"{"name""#)));
    });
}

#[test]
fn texts_without_escapes_are_borrowed() {
    check_envelope(r#"{"kind":"Component","metadata":{"name":"web"}}"#, |envelope| {
        assert!(matches!(envelope.kind, Cow::Borrowed(_)));
        assert!(matches!(envelope.name, Cow::Borrowed(_)));
    });
}

#[test]
fn what_is_missing_is_empty_or_comes_from_the_reference() {
    check_envelope("{}", |envelope| {
        assert_eq!((&*envelope.kind, &*envelope.name, &*envelope.namespace), ("component", "web", "default"));
        assert_eq!(envelope.display_name(), "web");
        assert!(envelope.spec.is_none() && envelope.links.is_empty());
    });
}

#[test]
fn fields_of_other_types_are_left_out_and_the_rest_is_read() {
    let document = r#"{"kind":7,"metadata":{"name":["x"],"title":{"a":[1]},"tags":{"a":1},"labels":["l"],
        "annotations":{"a":1,"b":"2","c":null},"links":[{"title":"no url"},"text",{"url":"u","title":3}],"description":"d"}}"#;
    check_envelope(document, |envelope| {
        assert_eq!(&*envelope.kind, "component");
        assert_eq!(&*envelope.name, "web");
        assert_eq!(envelope.title, None);
        assert!(envelope.tags.is_empty() && envelope.labels.is_empty());
        assert_eq!(envelope.annotations, [("b".into(), "2".into())]);
        assert_eq!(envelope.links, [Link { url: "u".into(), title: None, icon: None, kind: None }]);
        assert_eq!(envelope.description.as_deref(), Some("d"));
    });
}

#[test]
fn a_document_that_is_no_json_gives_the_reference() {
    check_envelope("{\"kind\": ", |envelope| {
        assert_eq!(&*envelope.kind, "component");
        assert!(envelope.metadata.is_none());
    });
}

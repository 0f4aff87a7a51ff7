use super::*;
use crate::{OperationKind, TrustedDocuments};

const SDL: &str = "
    scalar Even
    input At @oneOf { time: String, revision: Int }
    input Deep { deep: Deep, even: Even }
    type Query { a(n: Int!): Int, b(n: Int! = 1): Int, at(at: At!): Int, even(x: Even, xs: [Even!], deep: Deep): Int, me: Query }
    type Subscription { ticks: Int }
";

fn front(settings: DocumentSettings) -> DocumentFront {
    DocumentFront::new(SDL, settings).unwrap()
}

fn even(name: &str, value: &crate::JsonValue) -> Result<(), String> {
    assert_eq!(name, "Even");
    match value.as_i64() {
        Some(number) if number % 2 == 0 => Ok(()),
        _ => Err("is not even".to_owned()),
    }
}

fn verdict(text: &str) -> Result<(), DocumentError> {
    front(DocumentSettings::default()).find(DocumentSource::Text(text)).map(drop)
}

fn bind(text: &str, variables: &str) -> Result<Bound, DocumentError> {
    let front = front(DocumentSettings { check_scalar: even, ..DocumentSettings::default() });
    let document = front.find(DocumentSource::Text(text)).unwrap();
    front.bind(&document, document.operation(None).unwrap(), &serde_json::from_str(variables).unwrap())
}

#[test]
fn what_is_no_graphql_is_told_apart_from_what_does_not_fit() {
    assert!(matches!(verdict("{ a(n: 1)"), Err(DocumentError::Unparsed(_))));
    let Err(DocumentError::Invalid(faults)) = verdict("{\n  nope }") else { panic!("it must not fit") };
    assert_eq!(faults[0].locations, [(2, 3)]);
    assert!(faults[0].message.contains("nope"), "{faults:?}");
}

#[test]
fn a_null_default_does_not_fit_where_null_is_not_allowed() {
    assert!(verdict("query($n: Int = null) { a(n: $n) }").is_err());
    assert!(verdict("query($n: Int! = null) { a(n: $n) }").is_err());
    assert!(verdict("query($n: Int = 2) { a(n: $n) }").is_ok());
    assert!(verdict("query($n: Int = null) { b(n: $n) }").is_ok());
    assert!(verdict("query($n: Int) { a(n: $n) }").is_err());
}

#[test]
fn a_one_of_object_takes_exactly_one_field() {
    assert!(verdict("{ at(at: {revision: 1}) }").is_ok());
    assert!(verdict("{ at(at: {}) }").is_err());
    assert!(verdict("{ at(at: {revision: 1, time: \"x\"}) }").is_err());
    assert!(verdict("{ at(at: {revision: null}) }").is_err());
    assert!(verdict("query($r: Int) { at(at: {revision: $r}) }").is_err());
    assert!(verdict("query($r: Int!) { at(at: {revision: $r}) }").is_ok());
    assert!(bind("query($at: At!) { at(at: $at) }", r#"{"at":{"revision":1}}"#).is_ok());
    for wrong in [r#"{"at":{}}"#, r#"{"at":{"revision":1,"time":"x"}}"#, r#"{"at":{"revision":null}}"#] {
        assert!(bind("query($at: At!) { at(at: $at) }", wrong).is_err(), "{wrong}");
    }
}

#[test]
fn variables_are_checked_down_to_custom_scalars() {
    let all = "query($x: Even, $xs: [Even!], $d: Deep) { even(x: $x, xs: $xs, deep: $d) }";
    assert!(bind(all, r#"{"x":2,"xs":[2,4],"d":{"deep":{"even":6}}}"#).is_ok());
    for wrong in
        [r#"{"x":1}"#, r#"{"xs":[2,3]}"#, r#"{"xs":[null]}"#, r#"{"d":{"deep":{"even":"x"}}}"#, r#"{"d":{"no":1}}"#]
    {
        let error = bind(all, wrong).unwrap_err();
        assert!(matches!(error, DocumentError::Variable(_)), "{wrong}: {error}");
    }
    assert!(bind("query($n: Int!) { a(n: $n) }", "{}").is_err());
    assert!(bind("query($n: Int!) { a(n: $n) }", r#"{"n":1.5}"#).is_err());
    assert!(bind("query($n: Int!) { a(n: $n) }", r#"{"n":2147483648}"#).is_err());
}

#[test]
fn values_that_are_not_asked_for_are_left_out_and_defaults_filled_in() {
    let bound = bind("query($n: Int! = 7) { a(n: $n) }", r#"{"other":1}"#).unwrap();
    assert_eq!(serde_json::to_string(&bound.coerced).unwrap(), r#"{"n":7}"#);
}

#[test]
fn an_operation_is_found_by_name_or_because_it_is_the_only_one() {
    let front = front(DocumentSettings::default());
    let document = front.find(DocumentSource::Text("query A { b } subscription B { ticks }")).unwrap();
    assert_eq!(document.operation(Some("B")).unwrap().kind(), OperationKind::Subscription);
    for name in [None, Some("C"), Some("")] {
        assert!(matches!(document.operation(name), Err(DocumentError::OperationUnresolved(_))), "{name:?}");
    }
}

#[test]
fn a_text_is_known_by_its_hash_once_it_was_sent() {
    let front = front(DocumentSettings::default());
    let text = "{ b }";
    let hash = crate::store::hex(&hash(text));
    let ask = |text| front.find(DocumentSource::Persisted { hash: &hash, text });
    assert_eq!(ask(None).unwrap_err(), DocumentError::Unknown);
    assert_eq!(ask(Some("{ me { b } }")).unwrap_err(), DocumentError::HashMismatch);
    ask(Some(text)).unwrap();
    ask(None).unwrap();
    front.find(DocumentSource::Id(&format!("sha256:{hash}"))).unwrap();
    assert_eq!(front.find(DocumentSource::Id("other")).unwrap_err(), DocumentError::Unknown);
    let wrong = front.find(DocumentSource::Persisted { hash: "zz", text: None });
    assert!(matches!(wrong, Err(DocumentError::BadSource(_))));
}

#[test]
fn nothing_but_trusted_documents_is_found_when_so_set() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ids.json"), r#"{"b":"{ b }"}"#).unwrap();
    let trusted = TrustedDocuments::read(folder.path()).unwrap();
    let front =
        front(DocumentSettings { trusted: Some(trusted), is_trusted_only: true, ..DocumentSettings::default() });
    front.find(DocumentSource::Id("b")).unwrap();
    front.find(DocumentSource::Text("{ b }")).unwrap();
    assert_eq!(front.find(DocumentSource::Text("{ me { b } }")).unwrap_err(), DocumentError::NotTrusted);
    assert_eq!(front.find(DocumentSource::Id("c")).unwrap_err(), DocumentError::NotTrusted);
}

#[test]
fn a_trusted_document_that_does_not_fit_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ids.json"), r#"{"bad":"{ nope }"}"#).unwrap();
    let trusted = TrustedDocuments::read(folder.path()).unwrap();
    let settings = DocumentSettings { trusted: Some(trusted), ..DocumentSettings::default() };
    let error = DocumentFront::new(SDL, settings).unwrap_err().to_string();
    assert!(error.contains("`bad`") && error.contains("nope"), "{error}");
}

#[test]
fn the_schema_is_told_only_where_that_is_allowed() {
    let settings = DocumentSettings { allows_introspection: false, ..DocumentSettings::default() };
    let front = front(settings);
    for text in [
        "{ __schema { types { name } } }",
        "{ __type(name: \"Query\") { name } }",
        "{ ...F } fragment F on Query { __schema { types { name } } }",
    ] {
        assert!(matches!(front.find(DocumentSource::Text(text)), Err(DocumentError::Invalid(_))), "{text}");
    }
    front.find(DocumentSource::Text("{ __typename }")).unwrap();
}

#[test]
fn the_schema_says_which_objects_take_exactly_one_field() {
    verdict("{ __type(name: \"At\") { isOneOf } }").unwrap();
    assert!(verdict("{ __type(name: \"At\") { isOneOf { a } } }").is_err());
}

#[test]
fn messages_and_their_number_stay_short_whatever_the_document() {
    let Err(DocumentError::Invalid(faults)) = verdict(&format!("{{ {} {} }}", "x".repeat(10_000), "nope ".repeat(50)))
    else {
        panic!("it must not fit")
    };
    assert!(faults.len() < 10 && faults.iter().all(|fault| fault.message.len() < 1_000), "{}", faults.len());
}

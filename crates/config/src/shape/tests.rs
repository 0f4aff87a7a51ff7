use serde_json::{Value, json};

use super::{Shape, listen_of};

fn check_accepts(shape: Shape, good: &[Value], bad: &[Value]) {
    for value in good {
        assert!(shape.accepts(value), "{shape:?} should accept {value}");
    }
    for value in bad {
        assert!(!shape.accepts(value), "{shape:?} should refuse {value}");
    }
}

#[test]
fn numbers_and_flags_may_come_as_texts() {
    check_accepts(
        Shape::Integer { min: 1, max: 500 },
        &[json!(1), json!("500")],
        &[json!(0), json!(501), json!(1.5), json!("x"), json!(true)],
    );
    check_accepts(Shape::Flag, &[json!(true), json!("false")], &[json!("yes"), json!(1), json!("")]);
}

#[test]
fn an_empty_text_is_no_text() {
    check_accepts(Shape::Text, &[json!("a"), json!(7)], &[json!(""), json!("  "), json!(true), json!([])]);
}

#[test]
fn an_address_is_absolute_and_http() {
    check_accepts(
        Shape::HttpUrl,
        &[json!("http://localhost:7007"), json!("https://portal.example.com/x")],
        &[json!("localhost:7007"), json!("ftp://a"), json!("/x"), json!("javascript:alert(1)")],
    );
}

#[test]
fn a_share_is_from_zero_to_one() {
    check_accepts(Shape::Share, &[json!(0), json!(0.5), json!("1")], &[json!(1.1), json!(-0.1), json!("NaN")]);
}

#[test]
fn a_words_list_is_exact() {
    check_accepts(Shape::OneOf(&["file", "url"]), &[json!("file")], &[json!("File"), json!("github"), json!(1)]);
}

#[test]
fn an_interval_may_be_switched_off() {
    check_accepts(Shape::BytesOrFalse, &[json!(false), json!("2 MiB")], &[json!(true), json!(0)]);
    check_accepts(Shape::DurationOrFalse, &[json!(false), json!("2m")], &[json!(true), json!(120)]);
}

#[test]
fn a_listen_address_is_read_in_its_forms() {
    let host = |text: &str| Some(text.to_owned());
    assert_eq!(listen_of(&json!(7007)), Some((None, 7007)));
    assert_eq!(listen_of(&json!(":7007")), Some((None, 7007)));
    assert_eq!(listen_of(&json!("127.0.0.1:80")), Some((host("127.0.0.1"), 80)));
    assert_eq!(listen_of(&json!("[::1]:80")), Some((host("::1"), 80)));
    assert_eq!(listen_of(&json!(":70000")), None);
    assert_eq!(listen_of(&json!("portal")), None);
}

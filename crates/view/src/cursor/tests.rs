use super::*;
use crate::field::Field;

fn keys(is_descending: bool) -> Vec<SortKey> {
    vec![SortKey { field: Field::path("metadata.name"), is_descending }]
}

fn position() -> Position {
    Position { values: vec![Some("größe".to_owned())], entity_ref: "api:default/x".parse().expect("it is good") }
}

fn check_refused(cursor: &str) {
    let outcome = Position::read(cursor, &keys(false));
    assert!(matches!(outcome, Err(QueryError::InvalidCursor { .. })), "{cursor} gave {outcome:?}");
}

#[test]
fn a_cursor_is_read_as_it_was_written() {
    let cursor = position().write(&keys(false));
    assert_eq!(Position::read(&cursor, &keys(false)), Ok(position()));
}

#[test]
fn a_cursor_fits_into_an_address() {
    let cursor = position().write(&keys(false));
    assert!(cursor.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'), "{cursor}");
}

#[test]
fn a_cursor_of_another_order_is_refused() {
    check_refused(&position().write(&keys(true)));
    check_refused(&position().write(&[]));
    let other = [SortKey { field: Field::path("kind"), is_descending: false }];
    check_refused(&position().write(&other));
}

#[test]
fn damaged_cursors_are_refused() {
    check_refused("");
    check_refused("not base64!");
    check_refused(&URL_SAFE_NO_PAD.encode("not json"));
    check_refused(&URL_SAFE_NO_PAD.encode(r#"{"o":1,"v":[],"r":"x"}"#));
    let good = position().write(&keys(false));
    check_refused(&good[..good.len() - 3]);
    check_refused(&"A".repeat(100_000));
}

#[test]
fn a_cursor_with_another_number_of_values_is_refused() {
    let short = Position { values: Vec::new(), ..position() };
    check_refused(&short.write(&keys(false)));
}

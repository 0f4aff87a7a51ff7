use super::*;

fn cursor() -> GraphCursor {
    let entity_ref = "component:default/a b".parse().expect("the reference is good");
    GraphCursor { list: 'i', distance: 3, entity_ref }
}

#[test]
fn a_cursor_is_read_as_it_was_written() {
    assert_eq!(GraphCursor::read(&cursor().write(), 'i'), Ok(cursor()));
}

#[test]
fn a_cursor_of_another_list_is_refused() {
    let error = GraphCursor::read(&cursor().write(), 'c').expect_err("it is another list's");
    assert_eq!(error, QueryError::InvalidCursor { reason: "it belongs to another list" });
}

#[test]
fn damaged_cursors_are_refused() {
    for text in ["", "?", "aQ", "aSAzIGE", "aSB4IGNvbXBvbmVudDpkZWZhdWx0L2E", &"a".repeat(2000)] {
        assert!(GraphCursor::read(text, 'i').is_err(), "{text}");
    }
}

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use callboard_entity_model::Revision;

use super::{ChangeCursor, LogId, NoCursor};

fn check_read(text: &str, expected: Result<ChangeCursor, NoCursor>) {
    assert_eq!(text.parse(), expected, "{text}");
}

#[test]
fn a_cursor_is_read_as_it_was_written() {
    for (log, revision) in [(1, 0), (u64::MAX, 1), (0x0123_4567_89ab_cdef, u64::MAX)] {
        let cursor = ChangeCursor { log: LogId(log), revision: Revision(revision) };
        check_read(&cursor.to_string(), Ok(cursor));
    }
}

#[test]
fn a_cursor_without_a_log_belongs_to_nobody() {
    let bare = |revision: &str| URL_SAFE_NO_PAD.encode(format!("revision:{revision}"));
    check_read(&bare("12"), Ok(ChangeCursor { log: LogId::UNKNOWN, revision: Revision(12) }));
    // As long as a cursor with a log.
    check_read(&bare("1234567"), Ok(ChangeCursor { log: LogId::UNKNOWN, revision: Revision(1_234_567) }));
    check_read(&bare("x"), Err(NoCursor));
}

#[test]
fn what_is_no_cursor_is_refused() {
    for text in ["", "!", "AAAA", &"A".repeat(23), &"A".repeat(1_000_000)] {
        check_read(text, Err(NoCursor));
    }
}

//! The grammar of executable documents, by the letter of the specification of September 2025.
//!
//! Owns whether a text is GraphQL at all: apollo-compiler's parser takes a few texts that are none (a field of an object
//! without its value) and refuses a few that are (descriptions of operations, a comma before a colon). What it gets
//! is a text of the same length and lines without descriptions, commas and marks of byte order, which mean nothing. Start
//! reading at [`check`].

mod lexer;
mod parser;

use crate::Fault;

use self::{lexer::Lexer, parser::Parser};

/// Checks a text, and returns it as apollo-compiler understands it.
///
/// # Errors
/// When it is no GraphQL, or nests deeper than `max_nesting`, with the first place where that can be seen.
pub(crate) fn check(text: &str, max_nesting: usize) -> Result<String, Fault> {
    let mut parser = Parser::new(Lexer::new(text), max_nesting);
    let parsed = parser.document();
    let blanks = parser.blanks();
    parsed
        .map(|()| blanked(text, &blanks))
        .map_err(|wrong| Fault { locations: vec![place(text, wrong.at)], message: wrong.message })
}

/// Something that is not as the grammar wants it, and where.
#[derive(Debug)]
struct Wrong {
    at: usize,
    message: String,
}

/// Returns the text with these ranges blanked; lines stay lines.
fn blanked(text: &str, ranges: &[std::ops::Range<usize>]) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut done = 0;
    for range in ranges {
        shown.push_str(&text[done..range.start]);
        for byte in text[range.clone()].bytes() {
            shown.push(if matches!(byte, b'\n' | b'\r') { byte as char } else { ' ' });
        }
        done = range.end;
    }
    shown.push_str(&text[done..]);
    shown
}

/// Returns line and column, in characters, both counted from 1.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line_start = before.rfind(['\n', '\r']).map_or(0, |newline| newline + 1);
    let lines = before.bytes().filter(|byte| *byte == b'\n').count();
    // A carriage return alone ends a line too.
    let returns =
        before.bytes().zip(before.bytes().skip(1).chain([0])).filter(|(byte, next)| *byte == b'\r' && *next != b'\n');
    (lines + returns.count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests;

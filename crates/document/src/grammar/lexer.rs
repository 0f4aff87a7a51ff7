//! Tokens.
//!
//! Owns where each begins and ends, and what a name, a number and a string may look like. What they mean together is
//! `super::parser`'s matter.

use std::ops::Range;

use super::Wrong;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `!`, `$`, `(`, `)`, `:`, `=`, `@`, `[`, `]`, `{`, `}`, `|`, `&`.
    Mark(u8),
    /// `...`
    Spread,
    /// A name.
    Name,
    /// A whole number or a fraction.
    Number,
    /// A string or a block string.
    Text,
    /// The end of the text.
    End,
}

/// A token, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

/// Takes a text apart.
pub(super) struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Commas and marks of byte order, which stand between tokens and mean nothing.
    ignored: Vec<Range<usize>>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0, ignored: Vec::new() }
    }

    /// Returns the text of a token.
    pub(super) fn text_of(&self, token: &Token) -> &'a str {
        &self.text[token.range.clone()]
    }

    /// Returns the commas and marks of byte order passed so far.
    pub(super) fn ignored(&self) -> &[Range<usize>] {
        &self.ignored
    }

    /// Returns the next token.
    pub(super) fn next(&mut self) -> Result<Token, Wrong> {
        self.skip_ignored();
        let start = self.at;
        let Some(&byte) = self.bytes.get(start) else { return Ok(Token { kind: Kind::End, range: start..start }) };
        let kind = match byte {
            b'!' | b'$' | b'(' | b')' | b':' | b'=' | b'@' | b'[' | b']' | b'{' | b'}' | b'|' | b'&' => {
                self.at += 1;
                Kind::Mark(byte)
            }
            b'.' => self.spread()?,
            b'"' if self.bytes[start..].starts_with(b"\"\"\"") => self.block()?,
            b'"' => self.string()?,
            b'-' | b'0'..=b'9' => self.number()?,
            _ if is_name_start(byte) => {
                self.at = self.end_of(start, is_name_part);
                Kind::Name
            }
            _ => return Err(self.unexpected(start)),
        };
        Ok(Token { kind, range: start..self.at })
    }

    fn skip_ignored(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b',' => self.ignore(1),
                b'#' => self.at = self.end_of(self.at, |byte| !matches!(byte, b'\n' | b'\r')),
                _ if self.bytes[self.at..].starts_with("\u{FEFF}".as_bytes()) => self.ignore(3),
                _ => break,
            }
        }
    }

    fn ignore(&mut self, length: usize) {
        self.ignored.push(self.at..self.at + length);
        self.at += length;
    }

    fn spread(&mut self) -> Result<Kind, Wrong> {
        if !self.bytes[self.at..].starts_with(b"...") {
            return Err(self.unexpected(self.at));
        }
        self.at += 3;
        Ok(Kind::Spread)
    }

    fn number(&mut self) -> Result<Kind, Wrong> {
        if self.bytes[self.at] == b'-' {
            self.at += 1;
        }
        match self.bytes.get(self.at) {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        // A number can't run into a name or another number.
        match self.bytes.get(self.at) {
            Some(&byte) if byte == b'.' || is_name_part(byte) => Err(self.unexpected(self.at)),
            _ => Ok(Kind::Number),
        }
    }

    fn digits(&mut self) -> Result<(), Wrong> {
        let end = self.end_of(self.at, |byte| byte.is_ascii_digit());
        if end == self.at {
            return Err(self.unexpected(end));
        }
        self.at = end;
        Ok(())
    }

    fn string(&mut self) -> Result<Kind, Wrong> {
        self.at += 1;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                None | Some(b'\n' | b'\r') => return Err(self.wrong(self.at, "a string has no end")),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        Ok(Kind::Text)
    }

    fn block(&mut self) -> Result<Kind, Wrong> {
        let start = self.at;
        self.at += 3;
        while let Some(byte) = self.bytes.get(self.at) {
            let rest = &self.bytes[self.at..];
            if rest.starts_with(b"\"\"\"") {
                self.at += 3;
                return Ok(Kind::Text);
            }
            self.at += if *byte == b'\\' && rest.starts_with(b"\\\"\"\"") { 4 } else { 1 };
        }
        Err(self.wrong(start, "a block string has no end"))
    }

    fn escape(&mut self) -> Result<(), Wrong> {
        let start = self.at;
        match self.bytes.get(start + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => {
                self.at += 2;
                let is_scalar = match self.bytes.get(self.at) {
                    Some(b'{') => self.braced().is_some_and(|code| char::from_u32(code).is_some()),
                    _ => self.four_digits(),
                };
                if !is_scalar {
                    return Err(self.wrong(start, "an escape that stands for no character"));
                }
            }
            _ => return Err(self.wrong(start, "an escape that there is not")),
        }
        Ok(())
    }

    /// Reads `{1F600}`.
    fn braced(&mut self) -> Option<u32> {
        let digits = self.at + 1;
        let end = self.end_of(digits, |byte| byte.is_ascii_hexdigit());
        let code = self.hex(digits, end).filter(|_| self.bytes.get(end) == Some(&b'}'))?;
        self.at = end + 1;
        Some(code)
    }

    /// Reads `00e9`, or a pair of surrogates `D83D\uDE00`; returns whether it stands for a character.
    fn four_digits(&mut self) -> bool {
        let Some(first) = self.hex(self.at, self.at + 4) else { return false };
        self.at += 4;
        if char::from_u32(first).is_some() {
            return true;
        }
        let second = match self.bytes[self.at..].starts_with(b"\\u") {
            true => self.hex(self.at + 2, self.at + 6),
            false => None,
        };
        self.at += 6;
        (0xD800..0xDC00).contains(&first) && second.is_some_and(|code| (0xDC00..0xE000).contains(&code))
    }

    fn hex(&self, start: usize, end: usize) -> Option<u32> {
        // `from_str_radix` would take a sign.
        let digits = self.text.get(start..end).filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        if digits.len() > 8 { None } else { u32::from_str_radix(digits, 16).ok() }
    }

    fn end_of(&self, start: usize, belongs: impl Fn(u8) -> bool) -> usize {
        let length = self.bytes[start..].iter().position(|byte| !belongs(*byte));
        length.map_or(self.bytes.len(), |length| start + length)
    }

    fn unexpected(&self, at: usize) -> Wrong {
        match self.text.get(at..).and_then(|rest| rest.chars().next()) {
            Some(found) => self.wrong(at, &format!("unexpected character {found:?}")),
            None => self.wrong(at, "unexpected end"),
        }
    }

    fn wrong(&self, at: usize, message: &str) -> Wrong {
        Wrong { at, message: format!("syntax error: {message}") }
    }
}

fn is_name_start(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphabetic()
}

fn is_name_part(byte: u8) -> bool {
    is_name_start(byte) || byte.is_ascii_digit()
}

//! The tokens of a document.
//!
//! Owns telling them apart by their bytes, without judging them: a wrong number or an unfinished string is still one
//! token. Tokens are those of <https://spec.graphql.org/September2025/#sec-Language.Lexical-Tokens>.

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name or keyword.
    Name(&'a str),
    /// A punctuator of one character.
    Mark(u8),
    /// `...`
    Spread,
    /// A number or string, or something that is no token at all.
    Other,
}

/// What one pass over a text finds.
#[derive(Debug)]
pub(super) struct Scan<'a> {
    /// The tokens, when there are not too many.
    pub(super) tokens: Vec<Token<'a>>,
    /// How many tokens there are.
    pub(super) token_count: u64,
    /// How many commas, comments, byte order marks and lines within strings there are.
    pub(super) ignored_count: u64,
    /// The most levels of brackets.
    pub(super) bracket_depth: u64,
}

/// Reads all tokens; keeps no more than `max` of them.
pub(super) fn scan(text: &str, max: usize) -> Scan<'_> {
    let bytes = text.as_bytes();
    let mut scan = Scan { tokens: Vec::new(), token_count: 0, ignored_count: 0, bracket_depth: 0 };
    let (mut at, mut depth) = (0, 0_u64);
    while let Some(byte) = bytes.get(at) {
        let (token, end) = match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {
                at += 1;
                continue;
            }
            b',' => {
                scan.ignored_count += 1;
                at += 1;
                continue;
            }
            b'#' => {
                scan.ignored_count += 1;
                at = end_of_comment(bytes, at);
                continue;
            }
            0xEF if bytes[at..].starts_with(b"\xEF\xBB\xBF") => {
                scan.ignored_count += 1;
                at += 3;
                continue;
            }
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
                let end = end_of_run(bytes, at, |byte| byte == b'_' || byte.is_ascii_alphanumeric());
                (Token::Name(&text[at..end]), end)
            }
            b'-' | b'0'..=b'9' => (Token::Other, end_of_number(bytes, at)),
            b'"' => {
                let end = end_of_string(bytes, at);
                scan.ignored_count += bytes[at..end].iter().filter(|byte| **byte == b'\n').count() as u64;
                (Token::Other, end)
            }
            b'.' if bytes[at..].starts_with(b"...") => (Token::Spread, at + 3),
            b'{' | b'[' | b'(' => {
                depth += 1;
                scan.bracket_depth = scan.bracket_depth.max(depth);
                (Token::Mark(*byte), at + 1)
            }
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                (Token::Mark(*byte), at + 1)
            }
            b'!' | b'$' | b'&' | b':' | b'=' | b'@' | b'|' => (Token::Mark(*byte), at + 1),
            _ => (Token::Other, at + 1),
        };
        scan.token_count += 1;
        if scan.tokens.len() < max {
            scan.tokens.push(token);
        }
        at = end;
    }
    scan
}

fn end_of_run(bytes: &[u8], start: usize, belongs: impl Fn(u8) -> bool) -> usize {
    bytes[start..].iter().position(|byte| !belongs(*byte)).map_or(bytes.len(), |offset| start + offset)
}

fn end_of_comment(bytes: &[u8], start: usize) -> usize {
    end_of_run(bytes, start, |byte| byte != b'\n' && byte != b'\r')
}

fn end_of_number(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        let belongs = match byte {
            b'0'..=b'9' | b'e' | b'E' => true,
            b'.' => bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
            b'+' | b'-' => matches!(bytes[at - 1], b'e' | b'E'),
            _ => false,
        };
        if !belongs {
            break;
        }
        at += 1;
    }
    at
}

/// Returns the position after the string that starts at `start`; where it breaks off when it doesn't end.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let is_block = bytes[start..].starts_with(b"\"\"\"");
    let mut at = start + if is_block { 3 } else { 1 };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if is_block && bytes[at..].starts_with(b"\\\"\"\"") => at += 4,
            b'\\' if !is_block => at += 2,
            b'"' if is_block && bytes[at..].starts_with(b"\"\"\"") => return at + 3,
            b'"' if !is_block => return at + 1,
            b'\n' | b'\r' if !is_block => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

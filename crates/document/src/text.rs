//! What the text of a document may be, decided before it is parsed.
//!
//! Owns the limits of the text and one quick pass over it. Parsing and validating cost about half a microsecond per
//! token, and validation of fragments that spread each other can cost as much as one likes: what is too large or too
//! entangled never gets there. A text that is no GraphQL passes, for the parser to say what is wrong. Start reading at
//! [`check_text`].

mod depth;
mod lexer;
mod outline;
mod work;

use crate::LimitError;

/// The limits of a document's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextLimits {
    /// The most bytes.
    pub max_bytes: usize,
    /// The most tokens, as the specification counts them; and the most commas, comments and lines within strings, which
    /// it does not count.
    pub max_tokens: usize,
    /// The most levels of brackets of any kind: what a parser may safely recurse into.
    pub max_bracket_depth: usize,
    /// The most directives in one place.
    pub max_directives: usize,
    /// The most fields at the root of an operation, repetitions counted.
    pub max_root_fields: usize,
    /// The most levels of fields, fragments put in place.
    pub max_depth: usize,
    /// The most steps that validation may take. A step is about a token, taken as often as it is looked at.
    pub max_work: u64,
}

impl Default for TextLimits {
    fn default() -> Self {
        Self {
            max_bytes: 128 * 1024,
            max_tokens: 5_000,
            max_bracket_depth: 200,
            max_directives: 8,
            max_root_fields: 100,
            max_depth: 15,
            max_work: 20_000,
        }
    }
}

/// Checks the text of a document against its limits, at a few nanoseconds per byte.
///
/// # Errors
/// When it is over one of them, with the numbers.
pub fn check_text(text: &str, limits: &TextLimits) -> Result<(), LimitError> {
    if text.len() > limits.max_bytes {
        return Err(LimitError::Bytes { found: text.len() as u64, max: limits.max_bytes as u64 });
    }
    let scan = lexer::scan(text, limits.max_tokens);
    let max = limits.max_tokens as u64;
    if scan.token_count > max {
        return Err(LimitError::Tokens { found: scan.token_count, max });
    }
    if scan.ignored_count > max {
        return Err(LimitError::Ignored { found: scan.ignored_count, max });
    }
    if scan.bracket_depth > limits.max_bracket_depth as u64 {
        return Err(LimitError::Brackets { found: scan.bracket_depth, max: limits.max_bracket_depth as u64 });
    }
    match outline::outline(&scan.tokens) {
        Some(outline) => work::check(&outline, limits),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;

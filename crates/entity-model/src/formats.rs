//! The forms that names, keys, labels, tags and versions must have.
//!
//! Owns one predicate per form, on text only. Which field has which form is `crate::envelope`'s work. Every accepted
//! form but the URL is pure ASCII, so lengths in bytes, characters and UTF-16 units are the same number.

use url::Url;

/// The most characters that a name, a kind, a namespace, a tag or a label may have.
const MAX_NAME: usize = 63;
/// The most characters that the part of a key before the slash may have.
const MAX_PREFIX: usize = 253;

/// Returns whether `text` may be an `apiVersion`: `v1` or `example.com/v1`.
pub(crate) fn is_api_version(text: &str) -> bool {
    is_prefixed(text, |suffix| {
        (1..=MAX_NAME).contains(&suffix.len()) && suffix.bytes().all(|b| b.is_ascii_alphanumeric())
    })
}

/// Returns whether `text` may be a `kind`: letters and digits, a letter first.
pub(crate) fn is_kind(text: &str) -> bool {
    (1..=MAX_NAME).contains(&text.len())
        && text.as_bytes()[0].is_ascii_alphabetic()
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Returns whether `text` may be a name or the value of a label.
pub(crate) fn is_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=MAX_NAME).contains(&bytes.len())
        && bytes[0].is_ascii_alphanumeric()
        && bytes[bytes.len() - 1].is_ascii_alphanumeric()
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// Returns whether `text` may be a namespace: a DNS label, lower case.
pub(crate) fn is_namespace(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_alphanumeric = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    (1..=MAX_NAME).contains(&bytes.len())
        && bytes.iter().all(|b| is_alphanumeric(b) || *b == b'-')
        && bytes[0] != b'-'
        && bytes[bytes.len() - 1] != b'-'
}

/// Returns whether `text` may be the key of a label or of an annotation: a name, optionally after a domain and `/`.
pub(crate) fn is_key(text: &str) -> bool {
    is_prefixed(text, is_name)
}

/// Returns whether `text` may be the value of a label.
pub(crate) fn is_label_value(text: &str) -> bool {
    text.is_empty() || is_name(text)
}

/// Returns whether `text` may be a tag.
pub(crate) fn is_tag(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b':' | b'+' | b'#'))
    };
    text.len() <= MAX_NAME && text.split('-').all(is_part)
}

/// Returns whether `text` is an absolute URL, as browsers read it.
pub(crate) fn is_url(text: &str) -> bool {
    Url::parse(text).is_ok()
}

/// Returns whether `text` holds nothing but what JavaScript's `trim` removes, which differs from Rust's white space
/// in two characters.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}')
}

fn is_prefixed(text: &str, is_suffix: impl Fn(&str) -> bool) -> bool {
    match text.split_once('/') {
        None => is_suffix(text),
        Some((prefix, suffix)) => is_domain(prefix) && is_suffix(suffix),
    }
}

fn is_domain(text: &str) -> bool {
    text.len() <= MAX_PREFIX && text.split('.').all(is_namespace)
}

#[cfg(test)]
mod tests;

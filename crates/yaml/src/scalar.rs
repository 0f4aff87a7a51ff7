//! What a scalar means: YAML 1.2's core schema, as Backstage reads it.
//!
//! Owns the forms of null, booleans and numbers. Whole numbers are written without a fraction, whatever their spelling,
//! because that is how JavaScript keeps them; what JSON can't hold exactly stays the text that it is.

use std::borrow::Cow;

use serde_json::{Number, Value};
use serde_saphyr::granit_parser::{ScalarStyle, Tag};

/// Up to here every whole number has a floating-point number of its own (2^53).
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// Returns the value of a scalar, or what is wrong with it.
///
/// Tags other than YAML's own make a text of it, and so does `!!binary`: it stays the text as written.
pub(crate) fn resolve(text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>) -> Result<Value, String> {
    let Some(tag) = tag else {
        return Ok(match style {
            ScalarStyle::Plain => plain(text),
            _ => Value::String(text.into_owned()),
        });
    };
    let wanted = tag.core_suffix();
    let value = plain(Cow::Borrowed(&*text));
    match (wanted, &value) {
        (Some("null"), Value::Null) | (Some("bool"), Value::Bool(_)) | (Some("int" | "float"), Value::Number(_)) => {
            Ok(value)
        }
        (Some(name @ ("null" | "bool" | "int" | "float")), _) => Err(format!("`{text}` is no `!!{name}`")),
        _ => Ok(Value::String(text.into_owned())),
    }
}

/// Returns the text of a key as JavaScript makes it; none for a list or a mapping.
pub(crate) fn into_key(key: Value) -> Option<String> {
    match key {
        Value::String(text) => Some(text),
        Value::Null => Some(String::new()),
        Value::Bool(_) | Value::Number(_) => Some(key.to_string()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

fn plain(text: Cow<'_, str>) -> Value {
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => read_number(&text).map_or_else(|| Value::String(text.into_owned()), Value::Number),
    }
}

/// Reads a number; none for a text that is none, or that JSON can't hold.
fn read_number(text: &str) -> Option<Number> {
    // Nearly all scalars are words, so the first character decides.
    if !matches!(text.as_bytes().first()?, b'0'..=b'9' | b'+' | b'-' | b'.') {
        return None;
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return with_radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return with_radix(digits, 8);
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let text = text.strip_prefix('+').unwrap_or(text);
        return text.parse::<u64>().map(Number::from).or_else(|_| text.parse::<i64>().map(Number::from)).ok();
    }
    if !is_fraction(digits) {
        return None;
    }
    number(text.parse().ok()?)
}

/// Returns a number as JavaScript would write it; none for what is not finite.
pub(crate) fn number(value: f64) -> Option<Number> {
    if value.fract() == 0.0 && value.abs() < MAX_EXACT {
        #[allow(clippy::cast_possible_truncation, reason = "it is whole and small enough, as just asked")]
        return Some((value as i64).into());
    }
    Number::from_f64(value)
}

fn with_radix(digits: &str, radix: u32) -> Option<Number> {
    let has_sign = digits.starts_with(['+', '-']);
    u64::from_str_radix(digits, radix).ok().filter(|_| !has_sign).map(Number::from)
}

/// Returns whether a text without sign is digits with a point, an exponent or both.
fn is_fraction(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !(whole.is_empty() && fraction.is_empty())
        && are_digits(whole)
        && are_digits(fraction)
        && exponent.is_none_or(|exponent| !exponent.is_empty() && are_digits(exponent))
}

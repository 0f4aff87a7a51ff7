//! Shapes: what a setting's value must look like, in words and as a check.
//!
//! Owns the two views of the same rule, so that the documentation and the complaint cannot disagree. Turning an
//! accepted value into a Rust type is `crate::tree`'s work.

use std::borrow::Cow;

use serde_json::Value;
use url::Url;

use crate::{bytes::parse_bytes, duration::parse_duration};

/// What a setting's value must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A text that is not empty.
    Text,
    /// A text that is never shown.
    Secret,
    /// `true` or `false`.
    Flag,
    /// A whole number within bounds, both included.
    Integer {
        /// The least.
        min: u64,
        /// The most.
        max: u64,
    },
    /// A number from 0 to 1.
    Share,
    /// A duration in one of three forms.
    Duration,
    /// A duration, or `false` for never.
    DurationOrFalse,
    /// A size in bytes, at least 1.
    Bytes,
    /// A size in bytes, or `false` for none.
    BytesOrFalse,
    /// An absolute `http` or `https` address.
    HttpUrl,
    /// A port, `:port` or `host:port`.
    Listen,
    /// One of a few words.
    OneOf(&'static [&'static str]),
}

impl Shape {
    /// Returns what belongs there, as it follows "must be": `a whole number from 1 to 500`.
    #[must_use]
    pub fn describe(&self) -> Cow<'static, str> {
        match self {
            Self::Text => "a text".into(),
            Self::Secret => "a text (secret)".into(),
            Self::Flag => "`true` or `false`".into(),
            Self::Integer { min, max: u64::MAX } => format!("a whole number from {min}").into(),
            Self::Integer { min, max } => format!("a whole number from {min} to {max}").into(),
            Self::Share => "a number from 0 to 1".into(),
            Self::Duration => "a duration such as `30s`, `PT30S` or `{ seconds: 30 }`".into(),
            Self::DurationOrFalse => "a duration such as `30s`, `PT30S` or `{ seconds: 30 }`, or `false`".into(),
            Self::Bytes => "a size in bytes such as `8 MiB` or `8388608`".into(),
            Self::BytesOrFalse => "a size in bytes such as `8 MiB` or `8388608`, or `false`".into(),
            Self::HttpUrl => "an `http` or `https` address".into(),
            Self::Listen => "a port, `:port` or `host:port`".into(),
            Self::OneOf(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ").into(),
        }
    }

    /// Tells whether the value is of this shape. Numbers and flags may come as texts, as environment variables do.
    #[must_use]
    pub fn accepts(&self, value: &Value) -> bool {
        match self {
            Self::Text | Self::Secret => text_of(value).is_some_and(|text| !text.trim().is_empty()),
            Self::Flag => flag_of(value).is_some(),
            Self::Integer { min, max } => integer_of(value).is_some_and(|number| (*min..=*max).contains(&number)),
            Self::Share => number_of(value).is_some_and(|number| (0.0..=1.0).contains(&number)),
            Self::Duration => parse_duration(value).is_some(),
            Self::DurationOrFalse => flag_of(value) == Some(false) || parse_duration(value).is_some(),
            Self::BytesOrFalse => flag_of(value) == Some(false) || Self::Bytes.accepts(value),
            Self::Bytes => bytes_of(value).is_some_and(|bytes| bytes > 0),
            Self::HttpUrl => text_of(value).and_then(|text| parse_http_url(&text)).is_some(),
            Self::Listen => listen_of(value).is_some(),
            Self::OneOf(words) => value.as_str().is_some_and(|text| words.contains(&text)),
        }
    }

    /// Tells whether a value may be shown in a message.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        matches!(self, Self::Secret)
    }
}

pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(crate) fn flag_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

pub(crate) fn integer_of(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

pub(crate) fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

pub(crate) fn bytes_of(value: &Value) -> Option<u64> {
    text_of(value).and_then(|text| parse_bytes(&text))
}

pub(crate) fn parse_http_url(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// Reads a port, `:port` or `host:port`; no host means every interface.
pub(crate) fn listen_of(value: &Value) -> Option<(Option<String>, u16)> {
    let text = text_of(value)?;
    let (host, port) = text.rsplit_once(':').unwrap_or(("", &text));
    let host = host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(host);
    let port = port.parse().ok()?;
    Some(((!host.is_empty()).then(|| host.to_owned()), port))
}

#[cfg(test)]
mod tests;

//! Which type an answer is written in.
//!
//! Owns reading `Accept` as "GraphQL over HTTP" wants it (<https://graphql.github.io/graphql-over-http/draft/>): a client
//! that knows `application/graphql-response+json` learns from the status whether anything was executed; for
//! `application/json`, which others may have made up, every request that was understood is answered with 200.

use axum::http::{HeaderMap, header::ACCEPT};

/// A type that answers are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AnswerType {
    /// `application/graphql-response+json`.
    GraphQl,
    /// `application/json`.
    Json,
    /// `text/event-stream`.
    EventStream,
}

impl AnswerType {
    /// Returns the header's value.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
            Self::EventStream => "text/event-stream",
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "application/graphql-response+json" => Some(Self::GraphQl),
            "application/json" | "application/*" | "*/*" => Some(Self::Json),
            "text/event-stream" => Some(Self::EventStream),
            _ => None,
        }
    }
}

/// Chooses the type: of those that the client accepts the one that it likes best, and of equal ones the first. Nothing
/// when it accepts none.
pub(super) fn choose(headers: &HeaderMap) -> Option<AnswerType> {
    let mut values = headers.get_all(ACCEPT).iter().peekable();
    if values.peek().is_none() {
        return Some(AnswerType::Json);
    }
    let mut best: Option<(AnswerType, u16)> = None;
    let parts = values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    for part in parts {
        let mut parameters = part.split(';').map(str::trim);
        let name = parameters.next().unwrap_or_default().to_ascii_lowercase();
        let Some(named) = AnswerType::named(&name) else { continue };
        let weight = parameters.find_map(weight).unwrap_or(1_000);
        if weight > 0 && best.is_none_or(|(_, best)| weight > best) {
            best = Some((named, weight));
        }
    }
    best.map(|(answer_type, _)| answer_type)
}

/// Reads `q=0.5` in thousandths.
fn weight(parameter: &str) -> Option<u16> {
    let (key, value) = parameter.split_once('=')?;
    if !key.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let weight: f32 = value.trim().parse().ok()?;
    // Between 0 and 1, so that it fits.
    Some((weight.clamp(0.0, 1.0) * 1_000.0) as u16)
}

#[cfg(test)]
mod tests;

//! Durations in the three forms that Backstage takes: `30m`, `PT30M`, `{ minutes: 30 }`.
//!
//! Owns reading and writing them. A year counts as 365 days and a month as 30, as there is no calendar here.

use std::time::Duration;

use serde_json::Value;

/// Names of the parts of the object form, with their length in milliseconds.
pub(crate) const PARTS: [(&str, f64); 8] = [
    ("years", 365.0 * DAY),
    ("months", 30.0 * DAY),
    ("weeks", 7.0 * DAY),
    ("days", DAY),
    ("hours", 3_600_000.0),
    ("minutes", 60_000.0),
    ("seconds", 1_000.0),
    ("milliseconds", 1.0),
];

const DAY: f64 = 86_400_000.0;

/// Reads a duration: a text as people or ISO 8601 write it, or an object of parts.
#[must_use]
pub fn parse_duration(value: &Value) -> Option<Duration> {
    match value {
        Value::String(text) => parse_text(text.trim()),
        Value::Object(parts) if !parts.is_empty() => {
            let mut total = 0.0;
            for (name, amount) in parts {
                let (_, length) = PARTS.iter().find(|(part, _)| part == name)?;
                let amount = match amount {
                    Value::String(text) => text.parse::<f64>().ok()?,
                    other => other.as_f64()?,
                };
                total += amount * length;
            }
            from_milliseconds(total)
        }
        _ => None,
    }
}

/// Writes a duration in the short form, with the largest unit that keeps it whole: `90s`, `2m`, `250ms`.
#[must_use]
pub fn format_duration(duration: Duration) -> String {
    let milliseconds = duration.as_millis();
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)]
        .into_iter()
        .find(|(_, length)| milliseconds >= *length && milliseconds.is_multiple_of(*length))
        .map_or_else(|| format!("{milliseconds}ms"), |(unit, length)| format!("{}{unit}", milliseconds / length))
}

fn parse_text(text: &str) -> Option<Duration> {
    match text.strip_prefix('P') {
        Some(rest) => parse_iso(rest),
        None => parse_short(text),
    }
}

fn parse_short(text: &str) -> Option<Duration> {
    let unit_start = text.find(|c: char| c.is_ascii_alphabetic())?;
    let amount = parse_amount(text[..unit_start].trim_end())?;
    let length = match text[unit_start..].to_ascii_lowercase().as_str() {
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 1.0,
        "s" | "sec" | "secs" | "second" | "seconds" => 1_000.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60_000.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600_000.0,
        "d" | "day" | "days" => DAY,
        "w" | "week" | "weeks" => 7.0 * DAY,
        _ => return None,
    };
    from_milliseconds(amount * length)
}

fn parse_iso(text: &str) -> Option<Duration> {
    let (date, time) = match text.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (text, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let date = sum_designators(date, &[('Y', 365.0 * DAY), ('M', 30.0 * DAY), ('W', 7.0 * DAY), ('D', DAY)])?;
    let time = sum_designators(time, &[('H', 3_600_000.0), ('M', 60_000.0), ('S', 1_000.0)])?;
    from_milliseconds(date + time)
}

/// Adds up `<number><letter>` pairs, whose letters must come in the order given.
fn sum_designators(mut text: &str, designators: &[(char, f64)]) -> Option<f64> {
    let mut total = 0.0;
    let mut allowed = designators;
    while !text.is_empty() {
        let end = text.find(|c: char| c.is_ascii_alphabetic())?;
        let letter = text[end..].chars().next()?;
        let position = allowed.iter().position(|(designator, _)| *designator == letter)?;
        total += parse_amount(&text[..end])? * allowed[position].1;
        allowed = &allowed[position + 1..];
        text = &text[end + 1..];
    }
    Some(total)
}

/// Reads a plain decimal number; what `f64` takes beyond that (`inf`, `1e9`) is no amount.
fn parse_amount(text: &str) -> Option<f64> {
    let is_plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_plain.then(|| text.parse().ok()).flatten()
}

fn from_milliseconds(milliseconds: f64) -> Option<Duration> {
    // A century is more than any setting means, and keeps sums of times far from overflow.
    let longest = 100.0 * 365.0 * DAY;
    (0.0..=longest).contains(&milliseconds).then(|| Duration::from_secs_f64(milliseconds / 1_000.0))
}

#[cfg(test)]
mod tests;

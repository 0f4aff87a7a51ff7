//! When to try again.
//!
//! Owns the schedule: each failure doubles the wait up to a maximum, half of it by chance, so that receivers that come
//! back are not met by everybody at once; a receiver that names a time is obeyed.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::WebhookSettings;

/// Returns how long to wait after so many failures in a row. `chance` picks within the upper half of the wait.
pub(crate) fn delay(failures: u32, chance: u32, settings: &WebhookSettings) -> Duration {
    let doublings = failures.saturating_sub(1).min(31);
    let full = settings.first_backoff.saturating_mul(1 << doublings).min(settings.max_backoff);
    let half = full / 2;
    half + half.mul_f64(f64::from(chance) / f64::from(u32::MAX))
}

/// Returns how long a receiver asks to be left alone: `Retry-After` in seconds or as a date.
pub(crate) fn retry_after(header: &str, now: DateTime<Utc>) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = DateTime::parse_from_rfc2822(header).ok()?;
    Some((at.with_timezone(&Utc) - now).to_std().unwrap_or(Duration::ZERO))
}

/// Returns a number by chance; when the system has none to give, the middle does.
pub(crate) fn chance() -> u32 {
    getrandom::u32().unwrap_or(u32::MAX / 2)
}

#[cfg(test)]
mod tests;

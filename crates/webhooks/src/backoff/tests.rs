use super::*;

fn settings() -> WebhookSettings {
    WebhookSettings {
        first_backoff: Duration::from_secs(1),
        max_backoff: Duration::from_secs(60),
        ..WebhookSettings::default()
    }
}

#[track_caller]
fn check_delay(failures: u32, least_ms: u128, most_ms: u128) {
    assert_eq!(delay(failures, 0, &settings()).as_millis(), least_ms);
    assert_eq!(delay(failures, u32::MAX, &settings()).as_millis(), most_ms);
}

#[test]
fn each_failure_doubles_the_wait_up_to_the_maximum() {
    check_delay(1, 500, 1_000);
    check_delay(2, 1_000, 2_000);
    check_delay(3, 2_000, 4_000);
    check_delay(6, 16_000, 32_000);
    check_delay(7, 30_000, 60_000);
    check_delay(8, 30_000, 60_000);
    check_delay(u32::MAX, 30_000, 60_000);
}

#[test]
fn chance_spreads_over_the_upper_half() {
    let middle = delay(7, u32::MAX / 2, &settings());
    assert!((44_999..=45_001).contains(&middle.as_millis()), "{middle:?}");
}

#[test]
fn a_receiver_may_name_seconds_or_a_date() {
    let now = DateTime::parse_from_rfc3339("2026-03-01T10:00:00Z").unwrap().to_utc();
    assert_eq!(retry_after(" 120 ", now), Some(Duration::from_secs(120)));
    assert_eq!(retry_after("Sun, 01 Mar 2026 10:01:30 GMT", now), Some(Duration::from_secs(90)));
    assert_eq!(retry_after("Sun, 01 Mar 2026 09:00:00 GMT", now), Some(Duration::ZERO));
    for nonsense in ["", "soon", "-5", "1.5"] {
        assert_eq!(retry_after(nonsense, now), None, "{nonsense}");
    }
}

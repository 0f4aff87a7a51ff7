use std::time::Duration;

use serde_json::{Value, json};

use super::{format_duration, parse_duration};

fn check_duration(value: Value, milliseconds: impl Into<Option<u64>>) {
    assert_eq!(parse_duration(&value), milliseconds.into().map(Duration::from_millis), "{value}");
}

#[test]
fn people_write_a_number_and_a_unit() {
    check_duration(json!("30m"), 1_800_000);
    check_duration(json!("2 days"), 172_800_000);
    check_duration(json!("1.5h"), 5_400_000);
    check_duration(json!("250ms"), 250);
    check_duration(json!("0s"), 0);
}

#[test]
fn iso_8601_is_read() {
    check_duration(json!("PT30M"), 1_800_000);
    check_duration(json!("P1DT2H3M4.5S"), 93_784_500);
    check_duration(json!("P2W"), 1_209_600_000);
}

#[test]
fn the_object_form_adds_its_parts() {
    check_duration(json!({"minutes": 30}), 1_800_000);
    check_duration(json!({"hours": 1, "seconds": 0.5}), 3_600_500);
    check_duration(json!({"minutes": "3"}), 180_000);
}

#[test]
fn what_is_not_a_duration_is_refused() {
    for value in [json!("30"), json!(30), json!(""), json!("P"), json!("PT"), json!("P1H"), json!("PT1S1M")] {
        check_duration(value, None);
    }
    for value in [json!({}), json!({"minute": 1}), json!({"minutes": -1}), json!("-5m"), json!("infs"), json!("9e9d")] {
        check_duration(value, None);
    }
    check_duration(json!("99999999 weeks"), None);
    check_duration(json!("5 µs"), None);
}

#[test]
fn a_written_duration_reads_back() {
    for milliseconds in [0, 1, 1_000, 90_000, 120_000, 86_400_000] {
        check_duration(json!(format_duration(Duration::from_millis(milliseconds))), milliseconds);
    }
    assert_eq!(format_duration(Duration::from_secs(120)), "2m");
}

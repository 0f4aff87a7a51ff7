use super::{format_bytes, parse_bytes};

fn check_size(text: &str, expected: Option<u64>) {
    assert_eq!(parse_bytes(text), expected, "{text}");
}

#[test]
fn a_plain_number_is_bytes() {
    check_size("1048576", Some(1_048_576));
}

#[test]
fn binary_and_decimal_units_differ() {
    check_size("8 MiB", Some(8 * 1024 * 1024));
    check_size("8MB", Some(8_000_000));
    check_size("3kb", Some(3_000));
    check_size("2 GiB", Some(2 << 30));
}

#[test]
fn what_is_not_a_size_is_refused() {
    check_size("", None);
    check_size("MiB", None);
    check_size("1.5 MiB", None);
    check_size("-1", None);
    check_size("99999999999 GiB", None);
}

#[test]
fn a_written_size_reads_back() {
    for size in [0, 1, 1000, 1024, 8 << 20, 3 << 30] {
        check_size(&format_bytes(size), Some(size));
    }
    assert_eq!(format_bytes(8 << 20), "8 MiB");
}

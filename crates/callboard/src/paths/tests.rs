use std::path::Path;

use super::{absolute_in, is_address};

fn check_absolute(target: &str, expected: &str) {
    assert_eq!(absolute_in(Path::new("/srv/portal"), target), Path::new(expected), "{target}");
}

#[test]
fn relative_targets_start_from_the_folder() {
    check_absolute("./catalog/a.yaml", "/srv/portal/catalog/a.yaml");
    check_absolute("../org/all.yaml", "/srv/org/all.yaml");
    check_absolute(".", "/srv/portal");
}

#[test]
fn globs_keep_their_wildcards() {
    check_absolute("catalog/**/catalog-info.{yaml,yml}", "/srv/portal/catalog/**/catalog-info.{yaml,yml}");
}

#[test]
fn absolute_targets_stay() {
    check_absolute("/srv/x/../y.yaml", "/srv/y.yaml");
    check_absolute("/../../y.yaml", "/y.yaml");
}

#[test]
fn addresses_are_told_from_paths() {
    assert!(is_address("https://github.com/acme/org/blob/main/all.yaml"));
    assert!(!is_address("https/all.yaml"));
}

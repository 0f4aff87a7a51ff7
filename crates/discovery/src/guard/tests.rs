use url::Url;

use super::Guard;
use crate::{AllowedHost, ReaderSettings};

#[track_caller]
fn check_allowed(host: &str, url: &str, expected: bool) {
    let settings = ReaderSettings {
        allow: vec![AllowedHost { host: host.into(), paths: Vec::new() }],
        ..ReaderSettings::default()
    };
    let guard = Guard::new(&settings, std::iter::empty()).unwrap();
    assert_eq!(guard.check(&Url::parse(url).unwrap()).is_ok(), expected, "{url} with {host}");
}

#[test]
fn hosts_match_whole_and_without_case() {
    check_allowed("Example.com", "https://example.COM/a", true);
    check_allowed("example.com", "https://example.com.evil.example/a", false);
    check_allowed("example.com", "https://notexample.com/a", false);
    check_allowed("example.com", "https://example.com./a", false);
    check_allowed("example.com", "https://sub.example.com/a", false);
}

#[test]
fn a_star_means_the_names_below() {
    check_allowed("*.example.com", "https://a.b.example.com/", true);
    check_allowed("*.example.com", "https://example.com/", false);
    check_allowed("*.example.com", "https://evilexample.com/", false);
}

#[test]
fn a_port_must_be_the_one_allowed() {
    check_allowed("example.com:8443", "https://example.com:8443/", true);
    check_allowed("example.com:8443", "https://example.com/", false);
    check_allowed("example.com", "https://example.com:443/", true);
    check_allowed("example.com", "https://example.com:8443/", false);
}

#[test]
fn a_star_for_everything_is_refused_as_a_setting() {
    for host in ["*", "", "https://example.com", "user@example.com"] {
        let settings = ReaderSettings {
            allow: vec![AllowedHost { host: host.into(), paths: Vec::new() }],
            ..ReaderSettings::default()
        };
        assert!(Guard::new(&settings, std::iter::empty()).is_err(), "{host:?}");
    }
}

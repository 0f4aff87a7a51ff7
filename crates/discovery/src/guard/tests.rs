use std::net::IpAddr;

use url::Url;

use super::{Guard, is_public};
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

#[test]
fn only_addresses_of_the_open_internet_are_public() {
    for address in ["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "2a00:1450::1", "64:ff9b::101:101"] {
        assert!(is_public(address.parse::<IpAddr>().unwrap()), "{address}");
    }
    for address in [
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "3fff::1",
        "5f00::1",
    ] {
        assert!(!is_public(address.parse::<IpAddr>().unwrap()), "{address}");
    }
}

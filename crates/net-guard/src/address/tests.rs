use std::net::IpAddr;

use super::*;

#[track_caller]
fn check(url: &str, expected: &str) {
    let answer =
        check_form(&Url::parse(url).unwrap(), false).map_or_else(|refusal| refusal.to_string(), |()| String::new());
    assert!(answer.contains(expected) && answer.is_empty() == expected.is_empty(), "{url}: {answer}");
}

#[test]
fn however_a_number_is_written_it_is_the_same_number() {
    for url in [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://0x7f.0.0.1:8080/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/latest/meta-data",
        "http://169.254.169.254/latest/meta-data",
        "http://[fd00:ec2::254]/",
        "http://10.0.0.1/",
        "http://0/",
    ] {
        check(url, "reserved address");
    }
    check("http://1.1.1.1/", "");
    check("https://example.com/", "");
}

#[test]
fn other_schemes_and_credentials_are_refused() {
    for url in ["file:///etc/passwd", "gopher://example.com/", "ftp://example.com/"] {
        check(url, "scheme");
    }
    for url in ["http://user@example.com/", "http://user:pass@example.com/", "http://example.com@127.0.0.1/"] {
        check(url, "user name or password");
    }
}

#[test]
fn an_exempt_host_may_be_any_number() {
    assert_eq!(check_form(&Url::parse("http://127.0.0.1:1/").unwrap(), true), Ok(()));
    assert_eq!(check_form(&Url::parse("http://a@127.0.0.1:1/").unwrap(), true), Err(Refusal::Credentials));
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

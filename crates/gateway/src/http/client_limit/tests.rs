use super::*;

fn check_client(peer: &str, forwarded: &[&'static str], trusts_proxy: bool, expected: &str) {
    let mut headers = HeaderMap::new();
    for value in forwarded {
        headers.append(FORWARDED_FOR, HeaderValue::from_static(value));
    }
    assert_eq!(client(peer.parse().ok(), &headers, trusts_proxy), expected);
}

#[test]
fn a_client_is_the_address_of_its_connection() {
    check_client("192.0.2.1", &[], false, "192.0.2.1");
    check_client("192.0.2.1", &["198.51.100.7"], false, "192.0.2.1");
    check_client("::ffff:192.0.2.1", &[], false, "192.0.2.1");
    check_client("", &[], false, "unknown");
}

#[test]
fn behind_a_proxy_it_is_the_last_address_that_the_proxy_saw() {
    check_client("192.0.2.1", &["198.51.100.7"], true, "198.51.100.7");
    check_client("192.0.2.1", &["10.0.0.1, 203.0.113.5,198.51.100.7"], true, "198.51.100.7");
    check_client("192.0.2.1", &["10.0.0.1", "198.51.100.7:4711"], true, "198.51.100.7");
    check_client("192.0.2.1", &["nonsense"], true, "192.0.2.1");
    check_client("192.0.2.1", &[], true, "192.0.2.1");
}

#[test]
fn addresses_of_one_network_are_one_client() {
    check_client("2001:db8:1:2:3:4:5:6", &[], false, "2001:db8:1:2::");
    check_client("192.0.2.1", &["2001:db8:1:2::9"], true, "2001:db8:1:2::");
    check_client("192.0.2.1", &["[2001:db8:1:2::9]:443"], true, "2001:db8:1:2::");
}

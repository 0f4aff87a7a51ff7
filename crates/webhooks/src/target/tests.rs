use super::*;

#[track_caller]
fn check(target: &str, allowed: &[&str], expected: &str) {
    let allowed_hosts = allowed.iter().map(|host| (*host).to_owned()).collect();
    let settings = WebhookSettings { allowed_hosts, ..WebhookSettings::default() };
    let answer = parse_target(target, &settings).map_or_else(|error| error.to_string(), String::from);
    assert!(answer.contains(expected), "{target}: {answer}");
}

#[test]
fn an_address_is_kept_in_one_way() {
    check("HTTPS://Example.com:443/a/../hook?x=1#top", &[], "https://example.com/hook?x=1");
    check("https://example.com:8443/hook", &[], "https://example.com:8443/hook");
}

#[test]
fn addresses_that_are_nobodys_business_are_refused_however_they_are_written() {
    for target in [
        "http://127.0.0.1/",
        "http://127.0.0.1:8080/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fd00:ec2::254]/",
        "http://100.100.100.200/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://[fe80::1]/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
    ] {
        check(target, &[], "reserved address");
    }
}

#[test]
fn other_schemes_credentials_and_ports_of_other_services_are_refused() {
    check("file:///etc/passwd", &[], "scheme");
    check("gopher://example.com/", &[], "scheme");
    check("javascript:alert(1)", &[], "scheme");
    check("/hook", &[], "not an absolute address");
    check("https://", &[], "not an absolute address");
    check("https://user@example.com/", &[], "user name");
    check("https://user:secret@example.com/", &[], "user name");
    check("https://example.com:x@127.0.0.1/", &[], "user name");
    check("http://example.com:22/", &[], "port 22");
    check("http://example.com:25/", &[], "port 25");
    check("http://example.com:0/", &[], "port 0");
    check(&format!("https://example.com/{}", "a".repeat(3_000)), &[], "more than the 2048");
}

#[test]
fn an_allowed_host_is_exempt_with_its_port_only() {
    check("http://127.0.0.1:8080/", &["127.0.0.1:8080"], "http://127.0.0.1:8080/");
    check("http://127.0.0.1:8081/", &["127.0.0.1:8080"], "reserved address");
    check("http://127.0.0.1:8081/", &["127.0.0.1"], "http://127.0.0.1:8081/");
    check("http://hooks.intranet:81/", &["HOOKS.intranet:81"], "http://hooks.intranet:81/");
    check("http://user@127.0.0.1:8080/", &["127.0.0.1:8080"], "user name");
}

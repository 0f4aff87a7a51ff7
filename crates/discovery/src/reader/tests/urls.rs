//! Addresses: conditional, nested, guarded, and code hosts.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use callboard_entity_model::{FileOutcome, KnownFiles, LocationSpec, Presence};
use callboard_foundation::Clock;
use serde_json::Value;

use super::{
    harness::{Fixture, check_reading, component, location, permissive},
    server::{Answer, Server},
};
use crate::{
    AllowedHost, GithubIntegration, GitlabIntegration, Origin, ReadLimits, ReadMode, Reader, ReaderSettings,
    SourceSpec, Token,
};

/// Reads an address that must be refused, and checks that the server was asked for these paths and no others.
#[track_caller]
fn check_refused(
    server: &Server,
    settings: ReaderSettings,
    target: &str,
    words: &str,
    asked: &[&str],
) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    let mut fixture = Fixture::url(target, settings);
    let expected = format!("failed url:{target}\n! NOT_ALLOWED ~ {words}");
    let server = server.clone();
    let asked: Vec<_> = asked.iter().map(ToString::to_string).collect();
    async move {
        let reading = fixture.read().await;
        check_reading(&reading, std::path::Path::new("/nowhere"), &expected, caller);
        assert_eq!(server.asked(), asked, "at {caller}");
    }
}

#[tokio::test]
async fn an_address_is_asked_conditionally() {
    let server = Server::start().await;
    let target = server.url("/a.yaml");
    server.on("/a.yaml", Answer::Tagged(component("web"), "\"1\""));
    let mut fixture = Fixture::url(&target, server.settings());
    fixture.check_reads(&format!("read url:{target} web")).await;
    fixture.check_reads(&format!("unchanged url:{target}")).await;
    let requests = server.take_requests();
    assert_eq!(requests[0].1.get("if-none-match"), None);
    assert_eq!(requests[1].1["if-none-match"], "\"1\"");
    server.on("/a.yaml", Answer::Tagged(component("web"), "\"2\""));
    fixture.check_reads(&format!("unchanged url:{target}")).await;
    server.on("/a.yaml", Answer::Tagged(component("shop"), "\"3\""));
    fixture.check_reads(&format!("read url:{target} shop")).await;
}

#[tokio::test]
async fn an_entity_of_an_address_can_be_viewed() {
    let server = Server::start().await;
    let target = server.url("/a.yaml");
    server.text("/a.yaml", component("web"));
    let reading = Fixture::url(&target, server.settings()).read().await;
    let FileOutcome::Read { entities, .. } = &reading.files[0].outcome else { panic!("{reading:?}") };
    let document: Value = serde_json::from_str(&entities[0].document).unwrap();
    let annotations = &document["metadata"]["annotations"];
    assert_eq!(annotations["backstage.io/managed-by-location"], format!("url:{target}"));
    assert_eq!(annotations["backstage.io/view-url"], target);
    assert_eq!(annotations["backstage.io/edit-url"], Value::Null);
}

#[tokio::test]
async fn nested_targets_are_relative_to_the_address() {
    let server = Server::start().await;
    server.text("/x/all.yaml", location("all", "{targets: [./a.yaml, ../b.yaml]}"));
    server.text("/x/a.yaml", component("a"));
    server.text("/b.yaml", component("b"));
    let target = server.url("/x/all.yaml");
    let host = server.host();
    Fixture::url(&target, server.settings())
        .check_reads(&format!(
            "read url:{target} all\nread url:http://{host}/x/a.yaml a\nread url:http://{host}/b.yaml b"
        ))
        .await;
}

#[tokio::test]
async fn an_address_never_leads_to_a_file() {
    let server = Server::start().await;
    server.text("/all.yaml", location("all", "{type: file, target: /etc/hostname}"));
    let target = server.url("/all.yaml");
    let expected = format!("read url:{target} all\n! NOT_ALLOWED url:{target}:4 spec.target ~ of type `file`");
    Fixture::url(&target, server.settings()).check_reads(&expected).await;
    Fixture::url(&target, server.settings()).registered().check_reads(&expected).await;
    let mut from_file = Fixture::with("a.yaml", server.settings());
    from_file.write("a.yaml", location("a", &format!("{{type: url, target: '{target}'}}")));
    from_file.check_reads(&format!("read a.yaml a\n{expected}")).await;
}

#[tokio::test]
async fn a_missing_address_is_a_problem_or_gone() {
    let server = Server::start().await;
    let target = server.url("/gone.yaml");
    Fixture::url(&target, server.settings())
        .check_reads(&format!("failed url:{target}\n! NOT_FOUND url:{target} ~ does not exist"))
        .await;
    Fixture::url(&target, server.settings()).optional().check_reads(&format!("gone url:{target}")).await;
}

#[tokio::test]
async fn an_answer_that_proves_nothing_keeps_everything() {
    let server = Server::start().await;
    let target = server.url("/a.yaml");
    for status in [401, 403, 429, 500, 503, 204] {
        server.on("/a.yaml", Answer::Status(status));
        Fixture::url(&target, server.settings())
            .optional()
            .check_reads(&format!("failed url:{target}\n! UNREADABLE url:{target} ~ answered {status}"))
            .await;
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_a_problem() {
    // Port 9 is not listened on.
    let settings = ReaderSettings {
        allow: vec![AllowedHost { host: "127.0.0.1:9".into(), paths: Vec::new() }],
        private_hosts: vec!["127.0.0.1".into()],
        ..permissive()
    };
    Fixture::url("http://127.0.0.1:9/a.yaml", settings)
        .check_reads("failed url:http://127.0.0.1:9/a.yaml\n! UNREADABLE ~ can't be fetched")
        .await;
}

#[tokio::test]
async fn a_body_without_end_and_a_silent_server_are_bounded() {
    let server = Server::start().await;
    server.on("/endless", Answer::Endless);
    server.on("/silent", Answer::Silence);
    let limits =
        ReadLimits { max_file_bytes: 1 << 20, url_timeout: Duration::from_millis(300), ..ReadLimits::default() };
    let patient = ReadLimits { url_timeout: Duration::from_secs(60), ..limits.clone() };
    let endless = server.url("/endless");
    Fixture::url(&endless, ReaderSettings { limits: patient, ..server.settings() })
        .check_reads(&format!("failed url:{endless}\n! LIMIT url:{endless} ~ more than the 1048576 bytes"))
        .await;
    let silent = server.url("/silent");
    Fixture::url(&silent, ReaderSettings { limits, ..server.settings() })
        .check_reads(&format!("failed url:{silent}\n! UNREADABLE url:{silent} ~ within 0.3 seconds"))
        .await;
}

#[tokio::test]
async fn hosts_ports_and_paths_must_be_allowed() {
    let server = Server::start().await;
    let nothing = ReaderSettings { private_hosts: vec![server.host()], ..permissive() };
    check_refused(&server, nothing, &server.url("/a.yaml"), "not on the allow-list", &[]).await;
    let other_port = ReaderSettings {
        allow: vec![AllowedHost { host: "127.0.0.1".into(), paths: Vec::new() }],
        ..server.settings()
    };
    check_refused(&server, other_port, &server.url("/a.yaml"), "not on the allow-list", &[]).await;
    let paths = ReaderSettings {
        allow: vec![AllowedHost { host: server.host(), paths: vec!["/open/".into()] }],
        ..server.settings()
    };
    for path in ["/a.yaml", "/open/../a.yaml", "/open/%2e%2e/a.yaml", "/openly/a.yaml"] {
        check_refused(&server, paths.clone(), &server.url(path), "outside the paths", &[]).await;
    }
    for path in ["/open/..%2fa.yaml", "/open/%252e%252e/a.yaml", "/open/..%5ca.yaml"] {
        check_refused(&server, paths.clone(), &server.url(path), "encoded", &[]).await;
    }
}

#[tokio::test]
async fn other_schemes_and_credentials_in_an_address_are_refused() {
    let server = Server::start().await;
    for target in ["file:///etc/passwd", "gopher://127.0.0.1/x", "ftp://127.0.0.1/x", "javascript:alert(1)"] {
        check_refused(&server, server.settings(), target, "is not allowed; use https", &[]).await;
    }
    let host = server.host();
    check_refused(&server, server.settings(), &format!("http://user:secret@{host}/a"), "user name", &[]).await;
    check_refused(&server, server.settings(), &format!("http://{host}@127.0.0.2/a"), "user name", &[]).await;
}

#[tokio::test]
async fn private_addresses_are_refused_however_they_are_written() {
    let server = Server::start().await;
    let port = server.host().rsplit(':').next().unwrap().to_owned();
    for host in
        ["127.0.0.1", "2130706433", "0177.0.0.1", "0x7f.1", "127.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::]"]
    {
        let target = format!("http://{host}:{port}/a.yaml");
        let written = url::Url::parse(&target).unwrap().host_str().unwrap().to_owned();
        let allow = vec![AllowedHost { host: format!("{written}:{port}"), paths: Vec::new() }];
        let settings = ReaderSettings { allow, ..permissive() };
        check_refused(&server, settings, &target, "loopback, private", &[]).await;
    }
}

#[tokio::test]
async fn redirects_are_checked_like_addresses() {
    let server = Server::start().await;
    let other = Server::start().await;
    let target = server.url("/from");
    let cases = [
        ("http://other.example/a.yaml".to_owned(), "not on the allow-list"),
        (other.url("/a.yaml"), "loopback, private"),
        ("http://169.254.169.254/latest".to_owned(), "loopback, private"),
        ("file:///etc/passwd".to_owned(), "use https"),
        (format!("http://user@{}/a", server.host()), "user name"),
    ];
    for (to, words) in cases {
        server.on("/from", Answer::Redirect(to));
        check_refused(&server, server.settings(), &target, words, &["/from"]).await;
    }
    assert_eq!(other.asked(), [""; 0]);
}

#[tokio::test]
async fn a_redirect_to_an_allowed_but_private_host_is_refused() {
    let server = Server::start().await;
    let other = Server::start().await;
    let mut settings = server.settings();
    settings.allow.push(AllowedHost { host: other.host(), paths: Vec::new() });
    server.on("/from", Answer::Redirect(other.url("/a.yaml")));
    check_refused(&server, settings, &server.url("/from"), "loopback, private", &["/from"]).await;
    assert_eq!(other.asked(), [""; 0]);
}

#[tokio::test]
async fn allowed_redirects_are_followed_a_few_times() {
    let server = Server::start().await;
    for step in 0..5 {
        server.on(&format!("/{step}"), Answer::Redirect(format!("/{}", step + 1)));
    }
    server.text("/5", component("web"));
    let target = server.url("/0");
    Fixture::url(&target, server.settings()).check_reads(&format!("read url:{target} web")).await;
    server.on("/5", Answer::Redirect("/6".into()));
    Fixture::url(&target, server.settings())
        .check_reads(&format!("failed url:{target}\n! UNREADABLE ~ redirects more than 5 times"))
        .await;
}

/// Reads a named host whose name service gives these answers, one after the other.
async fn read_resolved(answers: &'static [&'static str], private: &[&str]) -> String {
    let settings = ReaderSettings {
        allow: vec![AllowedHost { host: "catalog.example:9".into(), paths: Vec::new() }],
        private_hosts: private.iter().map(ToString::to_string).collect(),
        limits: ReadLimits { url_timeout: Duration::from_secs(5), ..ReadLimits::default() },
        ..permissive()
    };
    let asked = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let lookup: callboard_net_guard::Lookup = Arc::new(move |name| {
        assert_eq!(name, "catalog.example");
        let turn = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let answer = answers[turn.min(answers.len() - 1)];
        let addresses = answer.split(' ').map(|ip| SocketAddr::new(ip.parse().unwrap(), 0)).collect();
        Box::pin(async move { io::Result::Ok(addresses) })
    });
    let reader = Reader::with_lookup(settings, Clock::system(), lookup).unwrap();
    let location =
        LocationSpec { kind: "url".into(), target: "http://catalog.example:9/a".into(), presence: Presence::Required };
    let source = SourceSpec { location, rules: None, origin: Origin::Registered };
    let reading = reader.read(&source, &KnownFiles::new(), ReadMode::Full).await;
    format!("{} {}", reading.files[0].problems[0].code.as_str(), reading.files[0].problems[0].message)
}

#[tokio::test]
async fn a_name_with_any_private_address_is_refused() {
    for answers in [
        &["127.0.0.1"] as &[_],
        &["10.0.0.1"],
        &["169.254.169.254"],
        &["100.64.0.1"],
        &["::1"],
        &["fd00::1"],
        &["::ffff:192.168.0.1"],
        &["192.0.2.1 127.0.0.1"],
    ] {
        let told = read_resolved(answers, &[]).await;
        assert!(told.starts_with("NOT_ALLOWED") && told.contains("loopback, private"), "{answers:?}: {told}");
    }
    // With the name listed, the connection is tried; nothing listens on port 9.
    let told = read_resolved(&["127.0.0.1"], &["catalog.example"]).await;
    assert!(told.starts_with("UNREADABLE"), "{told}");
}

fn github(server: &Server, token: Option<&str>) -> ReaderSettings {
    let base = server.url("");
    let github = GithubIntegration {
        host: server.host(),
        api_base_url: Some(format!("{base}/api")),
        raw_base_url: Some(format!("{base}/rawfiles")),
        token: token.map(Token::new),
    };
    ReaderSettings { github: vec![github], private_hosts: vec![server.host()], ..permissive() }
}

#[tokio::test]
async fn a_github_page_is_read_through_the_api_with_the_token() {
    let server = Server::start().await;
    server.text("/api/repos/o/r/contents/x/a.yaml?ref=main", component("web"));
    let target = server.url("/o/r/blob/main/x/a.yaml");
    let reading = Fixture::url(&target, github(&server, Some("t0ken"))).read().await;
    let FileOutcome::Read { entities, .. } = &reading.files[0].outcome else { panic!("{reading:?}") };
    let document: Value = serde_json::from_str(&entities[0].document).unwrap();
    let annotations = &document["metadata"]["annotations"];
    assert_eq!(annotations["backstage.io/view-url"], target);
    assert_eq!(annotations["backstage.io/edit-url"], server.url("/o/r/edit/main/x/a.yaml"));
    assert_eq!(annotations["backstage.io/source-location"], format!("url:{}", server.url("/o/r/tree/main/x/")));
    let requests = server.take_requests();
    assert_eq!(requests[0].1["authorization"], "Bearer t0ken");
    assert_eq!(requests[0].1["accept"], "application/vnd.github.raw+json");
}

#[tokio::test]
async fn without_a_token_the_raw_file_is_read() {
    let server = Server::start().await;
    server.text("/rawfiles/o/r/main/a.yaml", component("web"));
    let target = server.url("/o/r/blob/main/a.yaml");
    Fixture::url(&target, github(&server, None)).check_reads(&format!("read url:{target} web")).await;
}

#[tokio::test]
async fn a_token_is_sent_to_its_own_host_only() {
    let server = Server::start().await;
    let other = Server::start().await;
    server.on("/api/repos/o/r/contents/a.yaml?ref=main", Answer::Redirect(other.url("/a.yaml")));
    other.text("/a.yaml", component("web"));
    let mut settings = github(&server, Some("t0ken"));
    settings.allow.push(AllowedHost { host: other.host(), paths: Vec::new() });
    settings.private_hosts.push(other.host());
    let target = server.url("/o/r/blob/main/a.yaml");
    Fixture::url(&target, settings).check_reads(&format!("read url:{target} web")).await;
    let requests = other.take_requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].1.get("authorization"), None);
}

#[tokio::test]
async fn encoded_traversal_reaches_no_other_endpoint() {
    let server = Server::start().await;
    for path in [
        "/o/r/blob/main/%2e%2e%2f%2e%2e/user",
        "/o/r/blob/main/..%2f..%2fuser",
        "/o/r/blob/main/x%5c..%5cuser",
        "/o/r/blob/main/%252e%252e/user",
        "/o%2f../r/blob/main/a.yaml",
    ] {
        check_refused(&server, github(&server, Some("t")), &server.url(path), "encoded", &[]).await;
    }
    for path in ["/o/r/blob/main/../../../user", "/o/r/releases/a.yaml", "/o/r/blob/main/", "/o/r", "/"] {
        check_refused(&server, github(&server, Some("t")), &server.url(path), "not a file of a repository", &[]).await;
    }
    check_refused(&server, github(&server, Some("t")), &server.url("/o/r/blob/main/*.yaml"), "wildcard", &[]).await;
}

#[tokio::test]
async fn a_gitlab_page_is_read_through_the_api() {
    let server = Server::start().await;
    let gitlab = GitlabIntegration {
        host: server.host(),
        api_base_url: None,
        base_url: Some(server.url("")),
        token: Some(Token::new("t0ken")),
    };
    let settings = ReaderSettings { gitlab: vec![gitlab], private_hosts: vec![server.host()], ..permissive() };
    server.text("/api/v4/projects/g%2Fsub%2Fp/repository/files/x%2Fa.yaml/raw?ref=main", component("web"));
    for path in ["/g/sub/p/-/blob/main/x/a.yaml", "/g/sub/p/blob/main/x/a.yaml"] {
        let target = server.url(path);
        Fixture::url(&target, settings.clone()).check_reads(&format!("read url:{target} web")).await;
    }
    assert_eq!(server.take_requests()[0].1["private-token"], "t0ken");
}

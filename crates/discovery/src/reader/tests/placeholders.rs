//! Placeholders: what may be taken in, and what must not.

use callboard_entity_model::FileOutcome;
use serde_json::Value;

use super::{
    harness::{Fixture, component, permissive},
    server::{Answer, Server},
};
use crate::{GithubIntegration, ReadLimits, ReaderSettings};

fn api(definition: &str) -> String {
    format!(
        "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata:\n  name: api\nspec:\n  type: openapi\n  lifecycle: production\n  owner: team-a\n  definition: {definition}\n"
    )
}

fn with_file_placeholders() -> ReaderSettings {
    ReaderSettings { allows_file_placeholders: true, ..permissive() }
}

async fn definition_of(fixture: &mut Fixture) -> String {
    let reading = fixture.read().await;
    let FileOutcome::Read { entities, .. } = &reading.files[0].outcome else { panic!("{reading:?}") };
    let document: Value = serde_json::from_str(&entities[0].document).unwrap();
    document["spec"]["definition"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn files_take_in_nothing_unless_it_is_turned_on() {
    let mut fixture = Fixture::new("a.yaml");
    fixture.write("a.yaml", format!("{}---\n{}", api("{$text: ./b.txt}"), component("web")));
    fixture.write("b.txt", "hello");
    fixture
        .check_reads("read a.yaml web keep:api\n! PLACEHOLDER a.yaml:9 spec.definition placeholders in files are off")
        .await;
}

#[tokio::test]
async fn a_file_takes_in_a_file_and_follows_its_changes() {
    let mut fixture = Fixture::with("x/a.yaml", with_file_placeholders());
    fixture.write("x/a.yaml", api("{$text: ./deep/b.txt}"));
    fixture.write("x/deep/b.txt", "one");
    assert_eq!(definition_of(&mut fixture).await, "one");
    fixture.check_reads("unchanged x/a.yaml").await;
    fixture.write("x/deep/b.txt", "two");
    assert_eq!(definition_of(&mut fixture).await, "two");
    fixture.remove("x/deep/b.txt");
    fixture.check_reads("read x/a.yaml keep:api\n! PLACEHOLDER x/a.yaml:9 spec.definition").await;
    fixture.write("x/deep/b.txt", "three");
    assert_eq!(definition_of(&mut fixture).await, "three");
}

#[tokio::test]
#[cfg(unix)]
async fn a_file_takes_in_nothing_from_outside_its_source() {
    let mut fixture = Fixture::with("x/a.yaml", with_file_placeholders());
    fixture.write("secret.txt", "secret");
    fixture.write("x/b.txt", "b");
    std::os::unix::fs::symlink("../secret.txt", fixture.path("x/link.txt")).unwrap();
    for target in ["../secret.txt", "./deep/../../secret.txt", "./link.txt"] {
        fixture.write("x/a.yaml", api(&format!("{{$text: {target}}}")));
        fixture.check_reads("read x/a.yaml keep:api\n! PLACEHOLDER x/a.yaml:9 spec.definition ~ lies outside").await;
    }
    for target in ["/etc/hostname", "file:///etc/hostname", "https://example.com/a", "url:x"] {
        fixture.write("x/a.yaml", api(&format!("{{$text: '{target}'}}")));
        fixture
            .check_reads("read x/a.yaml keep:api\n! PLACEHOLDER x/a.yaml:9 spec.definition ~ must be a path relative")
            .await;
    }
}

#[tokio::test]
async fn a_file_of_ten_megabytes_is_not_taken_in() {
    let mut fixture = Fixture::with("a.yaml", with_file_placeholders());
    fixture.write("a.yaml", api("{$text: ./big.txt}"));
    fixture.write("big.txt", vec![b'x'; 10 << 20]);
    fixture.check_reads("read a.yaml keep:api\n! PLACEHOLDER a.yaml:9 spec.definition ~ has 10485760 bytes").await;
}

#[tokio::test]
async fn an_address_takes_in_what_lies_beside_it() {
    let server = Server::start().await;
    server.text("/x/a.yaml", api("{$text: ./deep/b.txt}"));
    server.on("/x/deep/b.txt", Answer::Tagged("one".into(), "\"1\""));
    let mut fixture = Fixture::url(&server.url("/x/a.yaml"), server.settings());
    assert_eq!(definition_of(&mut fixture).await, "one");
    fixture.check_reads(&format!("unchanged url:{}", server.url("/x/a.yaml"))).await;
    server.on("/x/deep/b.txt", Answer::Tagged("two".into(), "\"2\""));
    assert_eq!(definition_of(&mut fixture).await, "two");
}

#[tokio::test]
async fn an_address_takes_in_nothing_from_elsewhere() {
    let server = Server::start().await;
    let other = Server::start().await;
    let mut settings = server.settings();
    settings.allow.extend(other.settings().allow);
    settings.private_hosts.push(other.host());
    let target = server.url("/x/a.yaml");
    other.text("/x/b.txt", "secret");
    server.text("/b.txt", "secret");
    server.on("/x/away.txt", Answer::Redirect(other.url("/x/b.txt")));
    server.on("/x/up.txt", Answer::Redirect("/b.txt".into()));
    for include in [
        "../b.txt".to_owned(),
        "./%2e%2e/b.txt".to_owned(),
        "./away.txt".to_owned(),
        "./up.txt".to_owned(),
        other.url("/x/b.txt"),
        "file:///etc/hostname".to_owned(),
        "http://169.254.169.254/x/b.txt".to_owned(),
    ] {
        server.text("/x/a.yaml", api(&format!("{{$text: '{include}'}}")));
        Fixture::url(&target, settings.clone())
            .check_reads(&format!("read url:{target} keep:api\n! PLACEHOLDER url:{target}:9 spec.definition"))
            .await;
        assert!(!server.asked().contains(&"/b.txt".to_owned()), "{include}");
        assert_eq!(other.asked(), [""; 0], "{include}");
    }
}

#[tokio::test]
async fn a_placeholder_that_failed_for_now_is_tried_again() {
    let server = Server::start().await;
    let target = server.url("/a.yaml");
    server.on("/a.yaml", Answer::Tagged(api("{$text: ./b.txt}"), "\"1\""));
    server.on("/b.txt", Answer::Status(503));
    let mut fixture = Fixture::url(&target, server.settings());
    fixture
        .check_reads(&format!(
            "read url:{target} keep:api\n! PLACEHOLDER url:{target}:9 spec.definition ~ answered 503"
        ))
        .await;
    server.text("/b.txt", "back");
    assert_eq!(definition_of(&mut fixture).await, "back");
}

#[tokio::test]
async fn a_repository_takes_in_only_its_own_files() {
    let server = Server::start().await;
    let github = GithubIntegration {
        host: server.host(),
        api_base_url: None,
        raw_base_url: Some(server.url("/rawfiles")),
        token: None,
    };
    let settings = ReaderSettings { github: vec![github], private_hosts: vec![server.host()], ..permissive() };
    server.text("/rawfiles/o/r/main/docs/api.txt", "mine");
    server.text("/rawfiles/o/other/main/api.txt", "secret");
    let target = server.url("/o/r/blob/main/x/a.yaml");
    let own = ["../docs/api.txt".to_owned(), "/docs/api.txt".to_owned(), server.url("/O/R/blob/main/docs/api.txt")];
    server.text("/rawfiles/O/R/main/docs/api.txt", "mine");
    for include in own {
        server.text("/rawfiles/o/r/main/x/a.yaml", api(&format!("{{$text: '{include}'}}")));
        assert_eq!(definition_of(&mut Fixture::url(&target, settings.clone())).await, "mine");
    }
    server.asked();
    for include in [server.url("/o/other/blob/main/api.txt"), "../../../../other/blob/main/api.txt".to_owned()] {
        server.text("/rawfiles/o/r/main/x/a.yaml", api(&format!("{{$text: '{include}'}}")));
        Fixture::url(&target, settings.clone())
            .check_reads(&format!(
                "read url:{target} keep:api\n! PLACEHOLDER url:{target}:9 ~ not in the same repository"
            ))
            .await;
        assert_eq!(server.asked(), ["/rawfiles/o/r/main/x/a.yaml"], "{include}");
    }
}

#[tokio::test]
async fn too_many_placeholders_are_refused_before_any_is_fetched() {
    let server = Server::start().await;
    let limits = ReadLimits { max_placeholders: 2, ..ReadLimits::default() };
    let target = server.url("/a.yaml");
    server.text(
        "/a.yaml",
        component("web").replace("  type:", "  x: [{$text: ./1}, {$text: ./2}, {$text: ./3}]\n  type:"),
    );
    Fixture::url(&target, ReaderSettings { limits, ..server.settings() })
        .check_reads(&format!("read url:{target} keep:web\n! LIMIT url:{target}:1 ~ 3 placeholders, more than the 2"))
        .await;
    assert_eq!(server.asked(), ["/a.yaml"]);
}

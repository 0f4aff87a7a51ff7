use url::Url;

use super::ScmHosts;
use crate::{GithubIntegration, GitlabIntegration, ReaderSettings, Token};

fn hosts(token: Option<&str>) -> ScmHosts {
    let token = token.map(Token::new);
    ScmHosts::new(&ReaderSettings {
        github: vec![GithubIntegration::new("github.com", token.clone()), GithubIntegration::new("ghe.example", None)],
        gitlab: vec![GitlabIntegration::new("gitlab.com", token)],
        ..ReaderSettings::default()
    })
    .unwrap()
}

#[track_caller]
fn check_fetches(token: Option<&str>, page: &str, expected: &str) {
    let request = hosts(token).plan(&Url::parse(page).unwrap()).unwrap().unwrap();
    assert_eq!(request.url.as_str(), expected);
    assert_eq!(!request.headers.is_empty(), token.is_some());
}

#[track_caller]
fn check_resolves(base: &str, target: &str, expected: &str) {
    assert_eq!(hosts(None).resolve(target, &Url::parse(base).unwrap()).as_deref(), Ok(expected));
}

#[test]
fn github_pages_become_raw_files_or_api_requests() {
    for page in ["blob", "tree", "raw", "edit"] {
        let url = format!("https://github.com/o/r/{page}/main/a%20b/c.yaml");
        check_fetches(None, &url, "https://raw.githubusercontent.com/o/r/main/a%20b/c.yaml");
        check_fetches(Some("t"), &url, "https://api.github.com/repos/o/r/contents/a%20b/c.yaml?ref=main");
    }
    check_fetches(None, "https://ghe.example/o/r/blob/main/c.yaml", "https://ghe.example/raw/o/r/main/c.yaml");
}

#[test]
fn a_dash_stands_for_the_default_branch() {
    let url = "https://github.com/o/r/blob/-/c.yaml";
    check_fetches(None, url, "https://raw.githubusercontent.com/o/r/HEAD/c.yaml");
    check_fetches(Some("t"), url, "https://api.github.com/repos/o/r/contents/c.yaml");
}

#[test]
fn gitlab_pages_become_api_requests() {
    check_fetches(
        Some("t"),
        "https://gitlab.com/g/s/p/-/blob/v1.0/x/c.yaml",
        "https://gitlab.com/api/v4/projects/g%2Fs%2Fp/repository/files/x%2Fc.yaml/raw?ref=v1.0",
    );
    check_fetches(
        None,
        "https://gitlab.com/g/p/-/raw/HEAD/c.yaml",
        "https://gitlab.com/api/v4/projects/g%2Fp/repository/files/c.yaml/raw?ref=HEAD",
    );
}

#[test]
fn targets_resolve_as_in_backstage() {
    let base = "https://github.com/o/r/blob/main/x/all.yaml";
    check_resolves(base, "./a.yaml", "https://github.com/o/r/blob/main/x/a.yaml");
    check_resolves(base, "../a.yaml", "https://github.com/o/r/blob/main/a.yaml");
    check_resolves(base, "/y/a.yaml", "https://github.com/o/r/blob/main/y/a.yaml");
    check_resolves(base, "https://example.com/a.yaml", "https://example.com/a.yaml");
    check_resolves(
        "https://gitlab.com/g/p/-/blob/main/x/all.yaml",
        "/a.yaml",
        "https://gitlab.com/g/p/-/blob/main/a.yaml",
    );
    check_resolves("https://example.com/x/all.yaml?q=1", "/a.yaml", "https://example.com/a.yaml");
}

#[test]
fn encoded_tricks_in_a_target_are_refused() {
    let base = Url::parse("https://github.com/o/r/blob/main/x/all.yaml").unwrap();
    for target in ["%2e%2e/a", "a%2fb", "a\\b", "a%5Cb", "%252e"] {
        assert!(hosts(None).resolve(target, &base).is_err(), "{target}");
    }
}

#[test]
fn a_repository_is_the_same_in_any_case_and_at_any_reference() {
    let hosts = hosts(None);
    let repository = |url: &str| hosts.repository_of(&Url::parse(url).unwrap());
    assert_eq!(repository("https://github.com/O/R/blob/main/a"), repository("https://github.com/o/r/raw/v1/b"));
    assert_ne!(repository("https://github.com/o/r/blob/main/a"), repository("https://github.com/o/r2/blob/main/a"));
    assert_eq!(repository("https://example.com/o/r/blob/main/a"), None);
}

#[test]
fn pages_for_people_are_derived() {
    let hosts = hosts(None);
    let github = Url::parse("https://github.com/o/r/blob/main/x/a.yaml").unwrap();
    assert_eq!(hosts.edit_url(&github).as_deref(), Some("https://github.com/o/r/edit/main/x/a.yaml"));
    assert_eq!(hosts.source_url(&github).as_deref(), Some("https://github.com/o/r/tree/main/x/"));
    let gitlab = Url::parse("https://gitlab.com/g/p/-/blob/main/x/a.yaml").unwrap();
    assert_eq!(hosts.edit_url(&gitlab).as_deref(), Some("https://gitlab.com/g/p/-/edit/main/x/a.yaml"));
    assert_eq!(hosts.source_url(&gitlab).as_deref(), Some("https://gitlab.com/g/p/-/blob/main/x/"));
}

#[test]
fn a_token_is_not_shown() {
    assert!(!format!("{:?}", hosts(Some("s3cret"))).contains("s3cret"));
}

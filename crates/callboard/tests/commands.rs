//! The commands of the real binary, from outside: what they print and how they end.
//!
//! The server's answers are tested at the top of the repository; here it only starts and stops.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test's own helpers may stop it")]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

const GOOD: &str = "\
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: crew
spec:
  type: team
  children: []
";

fn callboard(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callboard"));
    command.current_dir(folder).env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Runs the command, and compares its exit code and what it prints.
fn check_run(folder: &Path, line: &str, code: i32, stdout: &[&str], stderr: &[&str]) -> Output {
    let output = callboard(folder).args(line.split_whitespace()).output().unwrap();
    let texts = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{line}: {texts:#?}");
    for part in stdout {
        assert!(texts.0.contains(part), "`{part}` is not in the output of {line}: {texts:#?}");
    }
    for part in stderr {
        assert!(texts.1.contains(part), "`{part}` is not in the messages of {line}: {texts:#?}");
    }
    output
}

#[test]
fn help_names_the_exit_codes() {
    check_run(folder(&[]).path(), "--help", 0, &["Exit codes:", "validate", "import"], &[]);
    check_run(folder(&[]).path(), "validate --help", 0, &["--format", "sarif"], &[]);
    check_run(folder(&[]).path(), "--nonsense", 2, &[], &["--nonsense"]);
}

#[test]
fn validate_ends_with_the_verdict() {
    let folder = folder(&[("good.yaml", GOOD), ("bad.yaml", "kind: Group\n")]);
    check_run(folder.path(), "validate good.yaml", 0, &["1 valid entity in 1 file: 0 errors"], &[]);
    check_run(folder.path(), "validate *.yaml", 1, &["bad.yaml:1:1", "error[INVALID_ENTITY]"], &[]);
    let output = check_run(folder.path(), "validate bad.yaml --format json", 1, &[], &[]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["problems"][0]["file"], "bad.yaml");
}

#[test]
fn validate_reads_standard_input() {
    let folder = folder(&[]);
    let mut child =
        callboard(folder.path()).args(["validate", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(GOOD.replace("crew", "C R E W").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("<stdin>:4:9"), "{output:?}");
}

#[test]
fn schema_prints_the_schema_alone() {
    check_run(folder(&[]).path(), "schema", 0, &["type Query", "type Component implements"], &[]);
}

#[test]
fn import_tells_what_it_did_and_does_nothing_twice() {
    let folder = folder(&[("good.yaml", GOOD)]);
    check_run(folder.path(), "import good.yaml", 0, &["1 files, 1 added", "revision 1"], &["reading"]);
    check_run(folder.path(), "import good.yaml", 0, &["0 added, 0 changed, 0 removed", "revision 1"], &[]);
    check_run(folder.path(), "import nowhere.yaml", 1, &[], &["NOT_FOUND"]);
    check_run(folder.path(), "migrate status", 0, &["./data/callboard.db", "applied"], &[]);
}

#[test]
fn import_keeps_the_good_entities_of_a_bad_file() {
    let text = format!("{GOOD}---\nkind: Group\n");
    let folder = folder(&[("mixed.yaml", &text)]);
    check_run(folder.path(), "import mixed.yaml", 1, &["1 added"], &["mixed.yaml:9:1: error[INVALID_ENTITY]"]);
}

#[test]
fn migrate_goes_up_and_down() {
    let folder = folder(&[]);
    check_run(folder.path(), "migrate status", 0, &["not applied"], &[]);
    let output = check_run(folder.path(), "migrate", 0, &["applied"], &[]);
    assert!(!String::from_utf8_lossy(&output.stdout).contains("not applied"));
    check_run(folder.path(), "migrate down", 0, &["not applied"], &[]);
}

#[test]
fn a_wrong_configuration_is_told_with_key_and_file() {
    let folder = folder(&[("a.yaml", "backend:\n  listen: nowhere\ncallboard: { colour: red }\n")]);
    for command in ["serve", "import x.yaml", "migrate", "validate x.yaml"] {
        let line = format!("{command} --config a.yaml");
        check_run(folder.path(), &line, 2, &[], &["`backend.listen` (a.yaml:2)", "`callboard.colour` (a.yaml:3)"]);
    }
    assert!(!folder.path().join("data").exists(), "nothing may be made");
    check_run(folder.path(), "serve --config gone.yaml", 2, &[], &["`gone.yaml` cannot be read"]);
}

#[test]
fn a_database_that_is_none_is_told() {
    let config = "backend: { database: { connection: ./a.db } }";
    let folder = folder(&[("a.yaml", config), ("a.db", "this is no database, however one looks at it")]);
    check_run(
        folder.path(),
        "serve -c a.yaml --listen 127.0.0.1:0",
        3,
        &[],
        &["cannot open the SQLite database `./a.db`"],
    );
}

#[test]
fn a_taken_port_is_told_before_anything_is_made() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = folder(&[]);
    let line = format!("serve --listen {}", taken.local_addr().unwrap());
    check_run(folder.path(), &line, 3, &[], &["another program uses it"]);
    assert!(!folder.path().join("data").exists());
}

/// A server that is killed when the test ends early.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Server {
    /// Starts a server on a port of its own and returns its address, from the log line that says it.
    fn start(folder: &Path) -> (Self, String) {
        let mut child = callboard(folder)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .filter_map(|line| serde_json::from_str::<Value>(&line).ok())
            .find_map(|line| line["address"].as_str().map(str::to_owned))
            .expect("the server should say where it listens");
        // The rest is read so that the server never waits for its reader.
        std::thread::spawn(move || lines.map_while(Result::ok).count());
        (Self(child), address)
    }

    fn terminate(mut self) -> Option<i32> {
        let id = self.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.0.wait().unwrap().code()
    }
}

fn get(address: &str, path: &str) -> String {
    exchange(address, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"))
}

/// Sends a query and returns the answer's JSON.
fn query(address: &str, query: &str) -> Value {
    let body = serde_json::json!({ "query": query }).to_string();
    let head =
        format!("POST /graphql HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}", body.len());
    let answer = exchange(address, &format!("{head}\r\nContent-Type: application/json\r\n\r\n{body}"));
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

fn exchange(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn without_configuration_the_example_is_served_until_sigterm() {
    let folder = folder(&[]);
    let (server, address) = Server::start(folder.path());
    assert!(get(&address, "/livez").starts_with("HTTP/1.1 200"));
    assert!(get(&address, "/healthcheck").starts_with("HTTP/1.1 200"));
    let answer = query(&address, include_str!("../src/serve/welcome/query.graphql"));
    assert!(answer["data"]["entities"]["totalCount"].is_u64(), "the query on the terminal should work: {answer}");
    assert!(folder.path().join("data/example/all.yaml").exists());
    assert!(folder.path().join("data/callboard.db").exists());
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn a_read_only_catalog_refuses_to_register() {
    let folder = folder(&[("app-config.yaml", "catalog: { readonly: true }")]);
    let (server, address) = Server::start(folder.path());
    let register = r#"mutation { registerLocation(input: { target: "https://example.com/a.yaml" }) { userErrors { code message } } }"#;
    let answer = query(&address, register);
    assert!(answer.to_string().contains("the catalog is read-only"), "{answer}");
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn sigterm_does_not_wait_for_idle_connections() {
    let folder = folder(&[]);
    let (server, address) = Server::start(folder.path());
    let idle = TcpStream::connect(&address).unwrap();
    assert!(get(&address, "/livez").starts_with("HTTP/1.1 200"));
    let started = std::time::Instant::now();
    assert_eq!(server.terminate(), Some(0));
    assert!(started.elapsed() < Duration::from_secs(10), "it took {:?}", started.elapsed());
    drop(idle);
}

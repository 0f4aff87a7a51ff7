//! A real server for a test: the binary as its own process, with a configuration of its own, on a port of its own.
//!
//! Owns starting, asking and ending it. What is asked and expected is the tests' work. Start reading at
//! [`Server::start`].

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    time::Duration,
};

use serde_json::{Value, json};

/// How long anything that a test waits for may take before the test fails; far more than it ever takes, also where many
/// tests share two slow cores.
pub(crate) const PATIENCE: Duration = Duration::from_secs(300);

/// A running server.
pub(crate) struct Server {
    process: Child,
    address: String,
    client: reqwest::Client,
}

impl Server {
    /// Starts the binary in `folder` with that configuration and waits until it listens.
    ///
    /// `config` needs no `backend.listen`; the port is chosen by the system.
    pub(crate) async fn start(folder: &Path, config: &Value) -> Self {
        let file = folder.join("app-config.test.yaml");
        let mut config = config.clone();
        config["backend"]["listen"] = json!("127.0.0.1:0");
        // JSON is YAML.
        fs::write(&file, config.to_string()).expect("the configuration can be written");
        let mut command = command(folder);
        command.arg("--config").arg(file);
        Self::listening(command).await
    }

    /// Starts the binary in `folder` as a newcomer would, without any configuration.
    pub(crate) async fn start_with_example(folder: &Path) -> Self {
        let mut command = command(folder);
        command.args(["--listen", "127.0.0.1:0"]);
        Self::listening(command).await
    }

    async fn listening(mut command: Command) -> Self {
        let mut process = command.spawn().expect("the binary starts");
        let log = process.stderr.take().expect("the log is piped");
        let (sender, receiver) = mpsc::channel();
        // The pipe is read to its end, or the server would stop at a full one.
        std::thread::spawn(move || {
            for line in BufReader::new(log).lines().map_while(Result::ok) {
                _ = sender.send(line);
            }
        });
        let address = tokio::task::spawn_blocking(move || address_in(&receiver)).await.expect("the log can be read");
        let server = Self { process, address, client: reqwest::Client::new() };
        server.wait_until("ready", async || server.get("/readyz").await.0 == 200).await;
        server
    }

    /// Returns `host:port`.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Asks a GraphQL document and returns the whole answer.
    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let (_, text) = self.post("/graphql", "application/json", body).await;
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// Asks a GraphQL document that must succeed and returns its data.
    pub(crate) async fn data(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.ask(query, variables).await;
        assert!(answer["errors"].is_null(), "{query}\n{answer:#}");
        answer["data"].take()
    }

    /// Sends a body and returns status and answer.
    pub(crate) async fn post(&self, path: &str, content_type: &str, body: String) -> (u16, String) {
        let request = self.client.post(format!("http://{}{path}", self.address)).header("content-type", content_type);
        let response = request.body(body).send().await.expect("the server answers");
        (response.status().as_u16(), response.text().await.expect("the answer can be read"))
    }

    /// Gets a path and returns status and answer.
    pub(crate) async fn get(&self, path: &str) -> (u16, String) {
        let response = self.client.get(format!("http://{}{path}", self.address)).send().await;
        let response = response.expect("the server answers");
        (response.status().as_u16(), response.text().await.expect("the answer can be read"))
    }

    /// Waits until every location has been read at least once since the start.
    pub(crate) async fn wait_until_read(&self) {
        self.wait_until("every location was read", async || {
            let data = self.data("{ locations(first: 500) { nodes { status { lastReadAt } } } }", json!({})).await;
            let locations = data["locations"]["nodes"].as_array().expect("a list").clone();
            locations.iter().all(|location| !location["status"]["lastReadAt"].is_null())
        })
        .await;
    }

    /// Asks again and again until the answer is yes; a test that waits for ever fails instead.
    pub(crate) async fn wait_until(&self, what: &str, mut is_so: impl AsyncFnMut() -> bool) {
        let waiting = async {
            while !is_so().await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
    }

    /// Ends the process as a crash would, at once.
    pub(crate) fn kill(mut self) {
        self.process.kill().expect("the process can be killed");
        self.process.wait().expect("the process ends");
    }

    /// Asks the process to end, as an orchestrator would, and waits for it.
    pub(crate) async fn terminate(mut self) -> ExitStatus {
        let pid = self.process.id().to_string();
        Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        let mut process = std::mem::replace(&mut self.process, Command::new("true").spawn().expect("true runs"));
        tokio::task::spawn_blocking(move || process.wait()).await.expect("joined").expect("the process ends")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// Returns a configuration whose locations are these files, with every kind allowed.
pub(crate) fn config_with_files(files: &[PathBuf]) -> Value {
    let locations: Vec<_> = files.iter().map(|file| json!({ "type": "file", "target": file })).collect();
    json!({ "catalog": { "locations": locations, "rules": all_kinds() } })
}

/// Returns `catalog.rules` that allow every built-in kind.
pub(crate) fn all_kinds() -> Value {
    let kinds = ["Component", "API", "Resource", "System", "Domain", "Group", "User", "Template", "Location"];
    json!([{ "allow": kinds }])
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callboard"));
    command.current_dir(folder).arg("serve").env("RUST_LOG", "info");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// Reads the log until it says where the server listens.
fn address_in(log: &mpsc::Receiver<String>) -> String {
    let mut seen = Vec::new();
    while let Ok(line) = log.recv_timeout(PATIENCE) {
        let fields: Value = serde_json::from_str(&line).unwrap_or_default();
        if fields["message"] == "listening" {
            return fields["address"].as_str().expect("an address").to_owned();
        }
        seen.push(line);
    }
    panic!("the server did not start:\n{}", seen.join("\n"))
}

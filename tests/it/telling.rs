//! Webhooks from outside: a receiver hears of every change, also across a server that is killed while it tells.

use std::{fs, path::Path};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::server::{PATIENCE, Server, config_with_files};

const CREATE: &str = "mutation($target: URL!) { createWebhook(input: { target: $target }) {
    webhook { id } secret userErrors { message } } }";

/// What arrived: the id of the message, and the event.
type Arrived = (String, Value);

#[tokio::test]
async fn a_receiver_hears_of_every_change_though_the_server_is_killed_while_it_tells() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("catalog-info.yaml");
    let (host, mut arrived) = receive().await;
    let mut config = config_with_files(std::slice::from_ref(&file));
    // A short timeout makes for a short lease, which the killed server leaves behind.
    config["callboard"]["webhooks"] = json!({ "allowedHosts": [host], "timeout": "1s" });
    write(&file, 0..1);
    let server = Server::start(home.path(), &config).await;
    server.wait_until_read().await;
    let made = server.data(CREATE, json!({ "target": format!("http://{host}/hook") })).await;
    let payload = &made["createWebhook"];
    assert_eq!(payload["userErrors"], json!([]), "{payload}");
    assert!(payload["secret"].as_str().is_some_and(|secret| secret.starts_with("whsec_")), "{payload}");

    write(&file, 0..40);
    let mut heard = vec![next(&mut arrived).await, next(&mut arrived).await];
    server.kill();
    write(&file, 0..60);
    let server = Server::start(home.path(), &config).await;
    let last = "component:default/c59";
    while heard.last().is_none_or(|(_, event)| event["subject"] != last) {
        heard.push(next(&mut arrived).await);
    }
    let mut first_times: Vec<&Arrived> = Vec::new();
    for one in &heard {
        match first_times.iter().find(|(id, _)| *id == one.0) {
            Some((_, event)) => assert_eq!(*event, one.1, "the same id is the same event"),
            None => first_times.push(one),
        }
    }
    let revisions: Vec<u64> =
        first_times.iter().map(|(_, event)| event["data"]["revision"].as_u64().unwrap_or_default()).collect();
    assert_eq!(revisions, (2..=60).collect::<Vec<_>>(), "something is missing or out of order");
    assert!(heard.len() <= 60, "more was repeated than the one that was on its way: {}", heard.len());
    assert!(server.terminate().await.success());
}

#[tokio::test]
async fn nothing_is_sent_to_this_machine_unless_the_configuration_says_so() {
    let home = tempfile::tempdir().expect("a folder");
    let (host, mut arrived) = receive().await;
    let server = Server::start(home.path(), &config_with_files(&[])).await;
    let port = host.rsplit(':').next().unwrap_or_default();
    for target in
        [format!("http://{host}/"), format!("http://[::ffff:127.0.0.1]:{port}/"), format!("http://2130706433:{port}/")]
    {
        let made = server.data(CREATE, json!({ "target": target })).await;
        let message = made["createWebhook"]["userErrors"][0]["message"].as_str().unwrap_or_default().to_owned();
        assert!(message.contains("reserved address"), "{target}: {made}");
    }
    // A name is looked at when it is resolved.
    let made = server.data(CREATE, json!({ "target": format!("http://localhost:{port}/") })).await;
    let test = "mutation($id: ID!) { testWebhook(input: { id: $id }) { delivery { isAccepted error } } }";
    let tested = server.data(test, json!({ "id": made["createWebhook"]["webhook"]["id"] })).await;
    let error = tested["testWebhook"]["delivery"]["error"].as_str().unwrap_or_default().to_owned();
    assert!(error.contains("reserved address"), "{tested}");
    assert!(arrived.try_recv().is_err());
    assert!(server.terminate().await.success());
}

/// Starts a server that takes every event.
async fn receive() -> (String, mpsc::UnboundedReceiver<Arrived>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let host = listener.local_addr().expect("an address").to_string();
    let (sender, arrived) = mpsc::unbounded_channel();
    let take = async |State(sender): State<mpsc::UnboundedSender<Arrived>>, headers: HeaderMap, body: Bytes| {
        let id = headers["webhook-id"].to_str().expect("text").to_owned();
        sender.send((id, serde_json::from_slice(&body).expect("JSON"))).expect("the test listens");
        StatusCode::NO_CONTENT
    };
    let app = Router::new().fallback(take).with_state(sender);
    tokio::spawn(async move { axum::serve(listener, app).await });
    (host, arrived)
}

async fn next(arrived: &mut mpsc::UnboundedReceiver<Arrived>) -> Arrived {
    tokio::time::timeout(PATIENCE, arrived.recv()).await.expect("in time").expect("the receiver runs")
}

fn write(file: &Path, numbers: std::ops::Range<usize>) {
    let document = |number| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: c{number}}}\n\
             spec: {{type: service, lifecycle: production, owner: team}}\n"
        )
    };
    // Renamed into place, as editors do, so that no reader finds half a file.
    let draft = file.with_extension("draft");
    fs::write(&draft, numbers.map(document).collect::<Vec<_>>().join("---\n")).expect("the file can be written");
    fs::rename(&draft, file).expect("the file can be put in place");
}

//! Servers that are killed, again and again, while somebody writes: whoever follows hears of every change once, in the order
//! of the log, and as it was.

use std::{fs, path::PathBuf, sync::Arc, time::Duration};

use callboard_db::{DatabaseTarget, tables::changes};
use callboard_testkit::{TestDatabase, on_each_database};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    server::{Server, all_kinds},
    subscriber::{Subscriber, Transport},
};

const KILLS: usize = 4;
/// Between two kills, somebody has heard at least one and at most so many changes.
const CHANGES_BETWEEN_KILLS: u64 = 60;
/// A follower leaves by itself after at most so many events.
const EVENTS_BETWEEN_LEAVINGS: u64 = 25;

/// A change, as the log has it and as it should be heard.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Heard {
    revision: u64,
    operation: String,
    entity_ref: String,
    after: Option<String>,
    before: Option<String>,
}

/// What everybody in a story knows.
#[derive(Clone)]
struct Shared {
    /// Where the server is, while there is one.
    address: watch::Sender<Option<String>>,
    /// Up to where to listen, once that is known.
    until: watch::Sender<Option<u64>>,
    /// The revision up to which each follower has heard.
    progress: Arc<[watch::Sender<u64>]>,
}

#[tokio::test]
async fn followers_of_a_server_that_is_killed_hear_every_change_once_and_in_order() {
    on_each_database(async |database| {
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join("catalog-info.yaml");
        write_version(&file, 0);
        let config = config(database, &file);
        let followers = [Transport::WebSocket, Transport::ServerSent, Transport::WebSocket, Transport::ServerSent];
        let shared = Shared {
            address: watch::Sender::new(None),
            until: watch::Sender::new(None),
            progress: followers.iter().map(|_| watch::Sender::new(0)).collect(),
        };
        let mut random = Random(7);
        let mut server = Server::start(home.path(), &config).await;
        server.wait_until_read().await;
        shared.address.send_replace(Some(server.address().to_owned()));
        let following: Vec<_> = followers
            .into_iter()
            .enumerate()
            .map(|(index, transport)| tokio::spawn(follow(index, transport, shared.clone())))
            .collect();
        for follower in shared.progress.iter() {
            wait_for(follower, |revision| revision > 0).await;
        }
        let writing = tokio::spawn(write(file, shared.clone()));
        for kill in 0..KILLS {
            let follower = &shared.progress[kill % followers.len()];
            let goal = *follower.borrow() + 1 + random.below(CHANGES_BETWEEN_KILLS);
            wait_for(follower, |revision| revision >= goal).await;
            shared.address.send_replace(None);
            server.kill();
            server = Server::start(home.path(), &config).await;
            shared.address.send_replace(Some(server.address().to_owned()));
        }
        let last = *shared.progress[0].borrow() + CHANGES_BETWEEN_KILLS;
        wait_for(&shared.progress[0], |revision| revision >= last).await;
        writing.abort();
        // Whatever was being written when the writer was told to stop is written by now, or never will be.
        server.wait_until_read().await;
        let log = log(database).await;
        shared.until.send_replace(Some(log.last().expect("there are changes").revision));
        for (follower, transport) in following.into_iter().zip(followers) {
            check(follower, transport, &log).await;
        }
        server.kill();
    })
    .await;
}

/// Compares what a follower heard with the log.
async fn check(follower: JoinHandle<(u64, Vec<Heard>)>, transport: Transport, log: &[Heard]) {
    let last = log.last().expect("there are changes").revision;
    let (start, mut heard) = follower.await.expect("the follower comes to its end");
    // What was committed after the log was read may have been heard as well.
    heard.retain(|change| change.revision <= last);
    let expected: Vec<_> = log.iter().filter(|change| change.revision > start).collect();
    assert!(expected.len() > KILLS, "too little was written to tell anything: {}", expected.len());
    for (heard, expected) in heard.iter().zip(&expected) {
        assert_eq!(heard, *expected, "over {transport:?}");
    }
    assert_eq!(heard.len(), expected.len(), "over {transport:?}");
}

/// Follows until everything was heard, and returns from where, and what.
async fn follow(index: usize, transport: Transport, shared: Shared) -> (u64, Vec<Heard>) {
    let (mut address, until) = (shared.address.subscribe(), shared.until.subscribe());
    let mut random = Random(100 + index as u64);
    let (mut cursor, mut start, mut heard) = (None::<String>, None, Vec::new());
    loop {
        let at = address.wait_for(Option::is_some).await.expect("the story goes on").clone().expect("an address");
        let Some(mut subscriber) = Subscriber::open(&at, transport, cursor.as_deref()).await else {
            tokio::task::yield_now().await;
            continue;
        };
        for _ in 0..=random.below(EVENTS_BETWEEN_LEAVINGS) {
            let Some((event, next)) = subscriber.next().await else { break };
            let revision = event["revision"].as_u64().expect("a revision");
            match event["__typename"].as_str().expect("a type") {
                "EntityChange" => heard.push(Heard::read(&event)),
                "ChangeCheckpoint" => {}
                other => panic!("{other} over {transport:?}"),
            }
            start.get_or_insert(revision);
            cursor = Some(next);
            shared.progress[index].send_replace(revision);
            if until.borrow().is_some_and(|until| revision >= until) {
                return (start.unwrap_or_default(), heard);
            }
        }
    }
}

/// Writes one version after the other, each with an entity that is new, one that is gone and two that differ, and has
/// each read at once, where there is a server that can.
async fn write(file: PathBuf, shared: Shared) {
    let client = reqwest::Client::new();
    let query = "mutation { refreshEntity(input: { ref: \"component:default/anchor\" }) { userErrors { message } } }";
    let body = json!({ "query": query }).to_string();
    for version in 1.. {
        write_version(&file, version);
        let Some(address) = shared.address.borrow().clone() else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let request = client.post(format!("http://{address}/graphql")).header("content-type", "application/json");
        // The server may be killed at any moment, also in this one.
        _ = request.body(body.clone()).send().await;
    }
}

fn write_version(file: &PathBuf, version: usize) {
    let component = |name: String, description: usize| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: {name}, description: v{description}}}\n\
             spec: {{type: service, lifecycle: production, owner: team}}\n"
        )
    };
    let moving = (version..version + 4).map(|number| component(format!("c{number}"), version / (1 + number % 2)));
    let documents: Vec<_> = moving.chain([component("anchor".to_owned(), 0)]).collect();
    // Renamed into place, as editors do, so that no reader finds half a file.
    let draft = file.with_extension("draft");
    fs::write(&draft, documents.join("---\n")).expect("the file can be written");
    fs::rename(&draft, file).expect("the file can be put in place");
}

/// Reads the log past the server.
async fn log(database: &TestDatabase) -> Vec<Heard> {
    let rows = changes::Entity::find().order_by_asc(changes::Column::Revision);
    let rows = rows.all(&database.connection()).await.expect("the log can be read");
    let documents: Vec<_> = rows.iter().map(|row| row.document.as_deref().and_then(description)).collect();
    let at = |revision: i64| documents[usize::try_from(revision - 1).expect("a position")].clone();
    rows.iter()
        .map(|row| Heard {
            revision: row.revision.unsigned_abs(),
            operation: row.operation.to_uppercase(),
            entity_ref: row.entity_ref.clone(),
            after: at(row.revision),
            before: row.previous_revision.and_then(at),
        })
        .collect()
}

fn description(document: &str) -> Option<String> {
    let document: Value = serde_json::from_str(document).expect("JSON");
    document["metadata"]["description"].as_str().map(str::to_owned)
}

fn config(database: &TestDatabase, file: &PathBuf) -> Value {
    let database = match database.target() {
        DatabaseTarget::SqliteFile(file) => json!({ "client": "better-sqlite3", "connection": file }),
        DatabaseTarget::Postgres { url, .. } => json!({ "client": "pg", "connection": url }),
        DatabaseTarget::SqliteMemory => panic!("a server that is killed needs a database that stays"),
    };
    let locations = json!([{ "type": "file", "target": file }]);
    json!({ "backend": { "database": database }, "catalog": { "locations": locations, "rules": all_kinds() } })
}

async fn wait_for(progress: &watch::Sender<u64>, is_far_enough: impl Fn(u64) -> bool) {
    let mut progress = progress.subscribe();
    let waiting = progress.wait_for(|revision| is_far_enough(*revision));
    tokio::time::timeout(crate::server::PATIENCE, waiting).await.expect("changes are heard").expect("of");
}

impl Heard {
    fn read(event: &Value) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Self {
            revision: event["revision"].as_u64().expect("a revision"),
            operation: text(&event["type"]).expect("a type"),
            entity_ref: text(&event["ref"]).expect("a reference"),
            after: text(&event["entity"]["description"]),
            before: text(&event["previous"]["description"]),
        }
    }
}

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        // The constants are Knuth's, of MMIX.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

use std::{os::unix::fs::PermissionsExt as _, path::PathBuf, time::Duration};

use super::{Database, Server, ServerSetup};

fn setup(directory: &std::path::Path, program: &str) -> ServerSetup {
    let binary = directory.join("program.sh");
    std::fs::write(&binary, format!("#!/bin/sh\n{program}\n")).expect("written");
    std::fs::set_permissions(&binary, std::fs::Permissions::from_mode(0o755)).expect("executable");
    ServerSetup {
        binary,
        directory: directory.to_path_buf(),
        database: Database::Sqlite(directory.join("callboard.db")),
        locations: vec![PathBuf::from("/catalog/all.yaml")],
        log: None,
        callboard: serde_json::Value::Null,
    }
}

#[test]
fn the_configuration_names_the_database_and_every_location() {
    let directory = tempfile::tempdir().expect("folder");
    let configuration = setup(directory.path(), "true").configuration("127.0.0.1:9");
    assert_eq!(configuration["backend"]["listen"], "127.0.0.1:9");
    assert_eq!(configuration["backend"]["database"]["client"], "better-sqlite3");
    assert_eq!(configuration["catalog"]["locations"][0]["target"], "/catalog/all.yaml");
}

#[test]
fn the_size_of_an_sqlite_database_includes_its_write_ahead_log() {
    let directory = tempfile::tempdir().expect("folder");
    let setup = setup(directory.path(), "true");
    std::fs::write(directory.path().join("callboard.db"), [0; 100]).expect("written");
    std::fs::write(directory.path().join("callboard.db-wal"), [0; 23]).expect("written");
    assert_eq!(setup.sqlite_bytes().expect("size"), 123);
    setup.forget_sqlite_files().expect("removed");
    assert_eq!(setup.sqlite_bytes().expect("size"), 0);
}

#[tokio::test]
async fn a_server_that_ends_at_once_is_told_with_its_last_words() {
    let directory = tempfile::tempdir().expect("folder");
    let mut server = Server::start(&setup(directory.path(), "echo the port is taken; exit 3")).expect("started");
    let error = server.wait_until(Duration::from_secs(10), async |_| Ok(false)).await.expect_err("ended");
    let message = format!("{error:#}");
    assert!(message.contains("the port is taken") && message.contains('3'), "{message}");
}

#[tokio::test]
async fn a_server_that_ends_on_sigterm_is_stopped_cleanly() {
    let directory = tempfile::tempdir().expect("folder");
    let ready = directory.path().join("ready");
    let program = format!("trap 'exit 0' TERM; touch {}; while :; do sleep 0.01; done", ready.display());
    let mut server = Server::start(&setup(directory.path(), &program)).expect("started");
    server.wait_until(Duration::from_secs(10), async |_| Ok(ready.exists())).await.expect("ready");
    server.stop().await.expect("stopped");
}

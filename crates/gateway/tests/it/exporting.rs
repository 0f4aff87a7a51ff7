//! The export, over real HTTP: the same as the store, from any line on, whatever happens meanwhile.

use std::{fmt::Write as _, io::Read as _, time::Duration};

use callboard_gateway::GatewaySettings;
use flate2::read::GzDecoder;
use futures::StreamExt;
use http::StatusCode;
use reqwest::{Response, header::IF_NONE_MATCH};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpSocket,
};

use crate::support::{Http, TestGateway, entity};

const PATH: &str = "/export/entities.ndjson";

/// Returns what the export must be, made from the store's records.
fn expected(gateway: &TestGateway) -> String {
    let snapshot = gateway.catalog.snapshot();
    let mut records: Vec<_> = snapshot.index.records().collect();
    records.sort_by(|left, right| left.entity_ref.cmp(&right.entity_ref));
    records.iter().fold(String::new(), |mut text, record| {
        let etag: String = record.hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let (entity_ref, revision, document) = (&record.entity_ref, record.revision.0, &record.document);
        let start = format!("{{\"ref\":\"{entity_ref}\",\"revision\":{revision},\"etag\":\"{etag}\"");
        writeln!(text, "{start},\"entity\":{document}}}").unwrap();
        text
    })
}

async fn export(http: &Http, query: &str) -> Response {
    http.get(&format!("{PATH}{query}")).send().await.unwrap()
}

fn revision(response: &Response) -> u64 {
    response.headers()["callboard-revision"].to_str().unwrap().parse().unwrap()
}

/// Returns a gateway whose export is larger than everything that sockets keep for a reader that does not read.
async fn large(settings: GatewaySettings) -> TestGateway {
    let gateway = TestGateway::with(settings).await;
    let text = "A long description. ".repeat(10_000);
    let entities = (0..80).map(|number| {
        let mut entity = entity("Group", &format!("team-{number:03}"), json!({ "type": "team", "children": [] }));
        entity["metadata"]["description"] = json!(text);
        entity
    });
    gateway.configure("file:/large.yaml", entities.collect()).await;
    gateway
}

#[tokio::test]
async fn the_export_is_what_the_store_holds() {
    let gateway = TestGateway::of_shop().await;
    let http = gateway.listen().await;
    let response = export(&http, "").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "application/x-ndjson; charset=utf-8");
    assert_eq!(revision(&response), gateway.catalog.snapshot().revision().0);
    let text = response.text().await.unwrap();
    assert_eq!(text, expected(&gateway));
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), gateway.catalog.snapshot().index.len());
    for line in lines {
        let entity_ref = line["ref"].as_str().unwrap();
        let query = format!("{{ entity(ref: \"{entity_ref}\") {{ etag revision metadata spec }} }}");
        let data = gateway.data(&query).await;
        let [etag, revision] = ["etag", "revision"].map(|key| &data["entity"][key]);
        assert_eq!((etag, revision), (&line["etag"], &line["revision"]), "{entity_ref}");
        assert_eq!(data["entity"]["metadata"], line["entity"]["metadata"]);
    }
}

#[tokio::test]
async fn an_export_goes_on_after_any_line() {
    let gateway = TestGateway::of_shop().await;
    let http = gateway.listen().await;
    let whole = expected(&gateway);
    let revision = gateway.catalog.snapshot().revision().0;
    let mut end = 0;
    for line in whole.split_inclusive('\n') {
        end += line.len();
        let parsed: Value = serde_json::from_str(line).unwrap();
        let query = format!("?after={}&revision={revision}", parsed["ref"].as_str().unwrap());
        assert_eq!(export(&http, &query).await.text().await.unwrap(), whole[end..], "{query}");
    }
    assert_eq!(end, whole.len());
    // One that is not there has a place all the same.
    assert_eq!(export(&http, "?after=a:a/a").await.text().await.unwrap(), whole);
}

#[tokio::test]
async fn an_export_stays_at_its_revision_while_the_catalog_changes() {
    let gateway = large(GatewaySettings::default()).await;
    let http = gateway.listen().await;
    let before = expected(&gateway);
    let response = export(&http, "").await;
    let exported_revision = revision(&response);
    let mut chunks = response.bytes_stream();
    let mut text = chunks.next().await.unwrap().unwrap().to_vec();
    assert!(text.len() < before.len() / 2);
    gateway.configure("file:/large.yaml", vec![entity("Group", "new", json!({ "type": "x", "children": [] }))]).await;
    while let Some(chunk) = chunks.next().await {
        text.extend_from_slice(&chunk.unwrap());
    }
    assert!(text == before.as_bytes(), "the export is not what the catalog was when it began");
    let after = export(&http, "").await;
    assert!(revision(&after) > exported_revision);
    assert_eq!(after.text().await.unwrap(), expected(&gateway));
}

#[tokio::test]
async fn an_export_that_broke_off_goes_on_at_its_revision_after_the_catalog_has_changed() {
    let gateway = TestGateway::of_shop().await;
    let http = gateway.listen().await;
    let before = expected(&gateway);
    let first = export(&http, "").await;
    let (revision_before, etag) = (revision(&first), first.headers()["etag"].clone());
    gateway.configure("file:/shop.yaml", vec![entity("Group", "new", json!({ "type": "x", "children": [] }))]).await;
    let middle = before.lines().take(7).map(|line| line.len() + 1).sum();
    let last: Value = serde_json::from_str(before.lines().nth(6).unwrap()).unwrap();
    let query = format!("?after={}&revision={revision_before}", last["ref"].as_str().unwrap());
    let rest = export(&http, &query).await;
    assert_eq!((revision(&rest), &rest.headers()["etag"]), (revision_before, &etag));
    assert_eq!(rest.text().await.unwrap(), before[middle..]);
}

#[tokio::test]
async fn questions_that_make_no_sense_are_refused() {
    let gateway = TestGateway::of_shop().await;
    let http = gateway.listen().await;
    let current = gateway.catalog.snapshot().revision().0;
    for (query, status, code) in [
        ("?after=web", StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
        ("?after=", StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
        ("?revision=x", StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
        ("?form=csv", StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
        ("?revision=999999", StatusCode::NOT_FOUND, "NOT_FOUND"),
    ] {
        let response = export(&http, query).await;
        assert_eq!(response.status(), status, "{query}");
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        assert_eq!(body["errors"][0]["extensions"]["code"], code, "{query}");
        if status == StatusCode::NOT_FOUND {
            assert_eq!(body["errors"][0]["extensions"]["revision"], current);
        }
    }
    let posted = http.client.post(http.url(PATH)).send().await.unwrap();
    assert_eq!(posted.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let gateway = TestGateway::of_shop().await;
    let http = gateway.listen().await;
    let etag = export(&http, "").await.headers()["etag"].clone();
    let again = http.get(PATH).header(IF_NONE_MATCH, &etag).send().await.unwrap();
    assert_eq!((again.status(), &again.headers()["etag"]), (StatusCode::NOT_MODIFIED, &etag));
    gateway.configure("file:/more.yaml", vec![entity("Group", "new", json!({ "type": "x", "children": [] }))]).await;
    let changed = http.get(PATH).header(IF_NONE_MATCH, &etag).send().await.unwrap();
    assert_eq!(changed.status(), StatusCode::OK);
}

#[tokio::test]
async fn it_is_compressed_for_those_who_ask_for_it() {
    let gateway = TestGateway::of_shop().await;
    let http = gateway.listen().await;
    let plain = export(&http, "").await;
    assert!(!plain.headers().contains_key("content-encoding"));
    let packed = http.get(PATH).header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    let packed = packed.bytes().await.unwrap();
    let mut text = String::new();
    GzDecoder::new(&*packed).read_to_string(&mut text).unwrap();
    assert_eq!(text, expected(&gateway));
    assert!(packed.len() < text.len() / 2);
}

#[tokio::test]
async fn a_reader_that_does_not_read_gives_up_its_place_and_can_tell() {
    let patience = Duration::from_millis(200);
    let settings = GatewaySettings { max_exports: 1, export_stall_timeout: patience, ..GatewaySettings::default() };
    let gateway = large(settings).await;
    let http = gateway.listen().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16 * 1024).unwrap();
    let mut stalled = socket.connect(http.address).await.unwrap();
    let request = format!("GET {PATH} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stalled.write_all(request.as_bytes()).await.unwrap();
    let mut first = [0; 12];
    stalled.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");

    // Others are told at once that there is no place, until it is given up.
    let mut refusals = 0;
    loop {
        let response = export(&http, "").await;
        match response.status() {
            StatusCode::SERVICE_UNAVAILABLE => {
                assert_eq!(response.headers()["retry-after"], "5");
                refusals += 1;
            }
            status => {
                assert_eq!(status, StatusCode::OK);
                assert_eq!(response.text().await.unwrap().len(), expected(&gateway).len());
                break;
            }
        }
    }
    assert!(refusals > 0);
    // What it gets when it reads after all ends without the last chunk, which is how a break differs from an end.
    let mut rest = Vec::new();
    let _ = stalled.read_to_end(&mut rest).await;
    assert!(!rest.ends_with(b"0\r\n\r\n"));
    assert!(rest.len() < expected(&gateway).len());
}

#[tokio::test]
async fn a_reader_that_goes_away_gives_up_its_place() {
    let settings = GatewaySettings { max_exports: 1, ..GatewaySettings::default() };
    let gateway = large(settings).await;
    let http = gateway.listen().await;
    for _ in 0..3 {
        let mut chunks = loop {
            let response = export(&http, "").await;
            if response.status() == StatusCode::OK {
                break response.bytes_stream();
            }
        };
        chunks.next().await.unwrap().unwrap();
    }
}

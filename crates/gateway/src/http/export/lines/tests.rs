use std::sync::Arc;

use callboard_entity_model::{EntityRef, Revision};
use chrono::DateTime;
use serde_json::{Value, json};

use super::*;

fn record(name: &str, description: &str) -> Arc<EntityRecord> {
    let document = json!({"kind": "Component", "metadata": {"name": name, "description": description}});
    let mut hash = [0; 32];
    hash[0] = 0xa0;
    hash[31] = 0x0f;
    Arc::new(EntityRecord {
        entity_ref: EntityRef::new("component", "default", name).unwrap(),
        document: document.to_string().into(),
        hash,
        revision: Revision(7),
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        source: uuid::Uuid::nil(),
        location: Arc::from("file:/catalog.yaml"),
    })
}

#[test]
fn a_line_is_the_reference_the_revision_the_etag_and_the_document() {
    let record = record("web", "two\nlines and a \"quote\"");
    let mut text = Vec::new();
    write_line(&mut text, &record);
    let etag = format!("a0{}0f", "0".repeat(60));
    let expected = format!(
        "{{\"ref\":\"component:default/web\",\"revision\":7,\"etag\":\"{etag}\",\"entity\":{}}}\n",
        record.document
    );
    assert_eq!(String::from_utf8(text).unwrap(), expected);
}

#[test]
fn chunks_end_with_a_whole_line_and_together_are_everything() {
    let long = "x".repeat(CHUNK_BYTES / 3);
    // The second is larger than a chunk by itself.
    let texts = [&long, &long.repeat(4), &long, "", &long];
    let records = ["a", "b", "c", "d", "e"].into_iter().zip(texts).map(|(name, text)| record(name, text));
    let index = CatalogIndex::build(Revision(7), records);
    let mut place = None;
    let mut names: Vec<Vec<String>> = Vec::new();
    while let Some((chunk, last)) = chunk_after(&index, place.as_ref()) {
        let lines: Vec<Value> = chunk
            .strip_suffix(b"\n")
            .unwrap()
            .split(|byte| *byte == b'\n')
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect();
        assert_eq!(lines.last().unwrap()["ref"], last.as_str());
        names.push(lines.iter().map(|line| line["entity"]["metadata"]["name"].as_str().unwrap().to_owned()).collect());
        place = Some(last);
    }
    assert_eq!(names, [vec!["a", "b"], vec!["c", "d", "e"]]);
}

#[test]
fn an_empty_catalog_has_no_chunk() {
    assert!(chunk_after(&CatalogIndex::empty(), None).is_none());
}

#[test]
fn the_etag_does_not_depend_on_how_the_snapshot_came_about() {
    let (a, b) = (record("a", ""), record("b", ""));
    let built = CatalogIndex::build(Revision(7), [Arc::clone(&a), Arc::clone(&b)]);
    let changes = [b, a].map(callboard_view::ViewChange::Upsert);
    let applied = CatalogIndex::empty().apply(Revision(7), changes.into());
    assert_eq!(etag(&built), etag(&applied));
    assert_ne!(etag(&built), etag(&CatalogIndex::build(Revision(8), [])));
}

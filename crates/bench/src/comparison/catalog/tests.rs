use std::collections::HashSet;

use super::*;

#[test]
fn both_files_hold_the_same_entities() {
    let directory = tempfile::tempdir().unwrap();
    let entities = Entities::write(directory.path(), 100).unwrap();
    let yaml = fs::read_to_string(&entities.yaml[0]).unwrap();
    let documents: Vec<Value> = yaml.split("\n---\n").map(|document| serde_json::from_str(document).unwrap()).collect();
    let rows: Vec<Value> = serde_json::from_str(&fs::read_to_string(&entities.json).unwrap()).unwrap();
    assert_eq!((documents.len() as u64, rows.len() as u64), (entities.total, entities.count));
    for (document, row) in documents.iter().zip(&rows) {
        assert_eq!(document["metadata"]["name"], row["name"]);
        assert_eq!(document["spec"]["owner"], row["ownerRef"]);
        assert_eq!(document["spec"].get("dependsOn").unwrap_or(&json!([])), &row["dependsOn"]);
    }
}

#[test]
fn each_component_depends_on_five_others_that_exist_in_order() {
    let directory = tempfile::tempdir().unwrap();
    let entities = Entities::write(directory.path(), 10_000).unwrap();
    let known: HashSet<&String> = entities.components.iter().collect();
    let rows: Vec<Value> = serde_json::from_str(&fs::read_to_string(&entities.json).unwrap()).unwrap();
    for row in rows.iter().filter(|row| row["kind"] == "Component") {
        let refs: Vec<String> = serde_json::from_value(row["dependsOn"].clone()).unwrap();
        assert_eq!(refs.iter().collect::<HashSet<_>>().len(), 5, "{row}");
        assert!(refs.is_sorted() && refs.iter().all(|entity_ref| known.contains(entity_ref)), "{row}");
    }
}

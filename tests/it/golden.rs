//! The same files, the same catalog: real, public catalogs compared with what real Backstage made of them.
//!
//! Needs `CALLBOARD_CORPUS`, the folder that holds `catalogs/` and `catalogs-golden/`; without it there is nothing to
//! compare with. What may differ, and why, stands in `docs/compatibility.md`; here it is told apart from what may not.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::server::{Server, config_with_files};

const ORIGIN: &str = "backstage.io/managed-by-origin-location";

/// Lists in `spec` that Backstage sorts and that we keep as written.
const SORTED_LISTS: [&str; 7] =
    ["dependsOn", "dependencyOf", "providesApis", "consumesApis", "children", "members", "memberOf"];

/// Entities that we show and Backstage does not: Locations with a target that can't be read. Backstage shows such a
/// Location, and what only it leads to, once every target could be read; we show it with a problem.
const LOCATIONS_WITH_FAILING_TARGETS: [(&str, &str); 5] = [
    ("defra", "location:default/org-templates"),
    ("defra", "location:default/org-templates-dev"),
    ("goldenpath", "location:default/example-all"),
    ("rhdh-templates", "location:default/rhdh-collection"),
    ("roadie-sample", "location:default/roadiehq-discovery"),
];

/// Valid entities in valid files, each a location of its own, that the recording of Backstage does not have, for no
/// reason that the files show.
const NOT_RECORDED: [(&str, &str); 10] = [
    ("goldenpath", "api:default/hello-world"),
    ("goldenpath", "api:default/hello-world-trpc"),
    ("goldenpath", "component:default/architecture-decision-records"),
    ("goldenpath", "component:default/artist-lookup"),
    ("goldenpath", "component:default/goldenpath-idp-infra"),
    ("goldenpath", "location:default/example-apis"),
    ("goldenpath", "location:default/example-components"),
    ("goldenpath", "location:default/example-domains"),
    ("goldenpath", "location:default/example-resources"),
    ("goldenpath", "location:default/example-systems"),
];

#[tokio::test]
async fn real_catalogs_come_out_as_backstage_has_them() {
    let Some(corpus) = env::var_os("CALLBOARD_CORPUS").map(PathBuf::from) else { return };
    let mut differences = Vec::new();
    let mut compared = 0;
    for golden in sorted_files(&corpus.join("catalogs-golden")) {
        let name = golden.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let folder = corpus.join("catalogs").join(&name).canonicalize().expect("the catalog is there");
        let expected: Value = serde_json::from_str(&fs::read_to_string(&golden).expect("readable")).expect("JSON");
        let expected = by_ref(expected["entities"].as_array().expect("entities"));
        let actual = by_ref(&ingest(&folder).await);
        compared += expected.len();
        differences.extend(compare(&name, &expected, &actual));
    }
    assert!(compared > 0, "nothing was compared");
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

/// Serves every YAML file of a folder as a location of its own, and returns all entities in Backstage's form.
async fn ingest(folder: &Path) -> Vec<Value> {
    let files: Vec<_> = sorted_files(folder)
        .into_iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml"))
        .collect();
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &config_with_files(&files)).await;
    server.wait_until_read().await;
    let query = "query($after: String) { entities(first: 40, after: $after) {
        nodes { apiVersion kind metadata spec relations(first: 500) { nodes { type targetRef } pageInfo { hasNextPage } } }
        pageInfo { hasNextPage endCursor } } }";
    let mut entities = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = server.data(query, json!({ "after": after })).await["entities"].take();
        for node in page["nodes"].as_array().expect("nodes") {
            assert_eq!(node["relations"]["pageInfo"]["hasNextPage"], false);
            let mut entity = node.clone();
            entity["relations"] = node["relations"]["nodes"].clone();
            let text = entity.to_string().replace(&format!("file:{}/", folder.display()), "file:");
            entities.push(serde_json::from_str(&text).expect("JSON"));
        }
        if page["pageInfo"]["hasNextPage"] == false {
            return entities;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

fn compare(name: &str, expected: &BTreeMap<String, Value>, actual: &BTreeMap<String, Value>) -> Vec<String> {
    let ours_alone: BTreeSet<_> = LOCATIONS_WITH_FAILING_TARGETS
        .iter()
        .chain(&NOT_RECORDED)
        .filter(|(folder, _)| *folder == name)
        .map(|(_, entity_ref)| (*entity_ref).to_owned())
        .collect();
    let extra: BTreeSet<_> = actual.keys().filter(|entity_ref| !expected.contains_key(*entity_ref)).cloned().collect();
    let mut differences = Vec::new();
    if extra != ours_alone {
        differences.push(format!("{name}: not in Backstage: {extra:?}, explained: {ours_alone:?}"));
    }
    for (entity_ref, expected) in expected {
        let Some(actual) = actual.get(entity_ref) else {
            differences.push(format!("{name}: {entity_ref} is missing"));
            continue;
        };
        for field in ["apiVersion", "kind", "metadata", "spec"] {
            let (expected, actual) = (comparable(field, expected), comparable(field, actual));
            if expected != actual {
                differences.push(format!("{name}: {entity_ref} {field}\n  has      {actual}\n  expected {expected}"));
            }
        }
        let mut has = relations(actual);
        let expected = relations(expected);
        // What an entity of ours alone declares shows on its targets too.
        has.retain(|relation| !ours_alone.contains(&relation.1) || expected.contains(relation));
        if has != expected {
            differences.push(format!("{name}: {entity_ref} relations\n  has      {has:?}\n  expected {expected:?}"));
        }
    }
    differences
}

/// Returns a field without what differs for reasons that `docs/compatibility.md` explains.
fn comparable(field: &str, entity: &Value) -> Value {
    let mut value = entity.get(field).cloned().unwrap_or_default();
    match field {
        // Where several locations lead to one file, the first to be read is the origin; who that is in Backstage, its
        // queue decides. Here it is the first in the configuration, and only its form is checked.
        "metadata" => {
            let origin = value["annotations"].as_object_mut().and_then(|annotations| annotations.remove(ORIGIN));
            assert!(origin.is_some_and(|origin| origin.as_str().is_some_and(|origin| origin.starts_with("file:"))));
        }
        "spec" => {
            for list in SORTED_LISTS
                .iter()
                .filter_map(|list| value.get_mut(*list)?.as_array_mut().map(|_| *list))
                .collect::<Vec<_>>()
            {
                if let Some(items) = value[list].as_array_mut() {
                    items.sort_by_key(Value::to_string);
                }
            }
        }
        _ => {}
    }
    value
}

fn relations(entity: &Value) -> BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let relations = entity["relations"].as_array().cloned().unwrap_or_default();
    relations.iter().map(|relation| (text(&relation["type"]), text(&relation["targetRef"]))).collect()
}

fn by_ref(entities: &[Value]) -> BTreeMap<String, Value> {
    let text = |value: &Value| value.as_str().unwrap_or("default").to_lowercase();
    entities
        .iter()
        .map(|entity| {
            let metadata = &entity["metadata"];
            let name =
                format!("{}:{}/{}", text(&entity["kind"]), text(&metadata["namespace"]), text(&metadata["name"]));
            (name, entity.clone())
        })
        .collect()
}

fn sorted_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())).flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

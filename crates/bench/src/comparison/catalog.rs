//! The entities that all servers are asked about.
//!
//! Owns them and the two files they are written to: YAML for Callboard, JSON for servers that keep them in memory.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// How many teams own them.
const TEAMS: u64 = 20;
/// On how many others each component depends.
const DEPENDENCIES: u64 = 5;

/// Entities in one file.
const DOCUMENTS_PER_FILE: usize = 2_000;

/// The entities, written to disk.
#[derive(Debug)]
pub(crate) struct Entities {
    /// For Callboard: file locations.
    pub(crate) yaml: Vec<PathBuf>,
    /// For the others: a list of objects with every field that is asked for.
    pub(crate) json: PathBuf,
    /// Components and APIs.
    pub(crate) count: u64,
    /// With the teams.
    pub(crate) total: u64,
    /// The references of the components, in order.
    pub(crate) components: Vec<String>,
}

impl Entities {
    /// Writes so many components and APIs, always the same.
    pub(crate) fn write(directory: &Path, count: u64) -> Result<Self> {
        let components: Vec<u64> = (0..count).filter(|place| !is_api(*place)).collect();
        let (mut documents, mut rows) = (Vec::new(), Vec::new());
        for place in 0..count {
            let depends_on = if is_api(place) { Vec::new() } else { dependencies(place, &components) };
            documents.push(document(place, &depends_on).to_string());
            rows.push(row(place, &depends_on));
        }
        documents.extend((0..TEAMS).map(|team| group(team).to_string()));
        let mut yaml = Vec::new();
        for (place, documents) in documents.chunks(DOCUMENTS_PER_FILE).enumerate() {
            let path = directory.join(format!("entities-{place}.yaml"));
            // JSON is YAML.
            fs::write(&path, documents.join("\n---\n"))
                .with_context(|| format!("failed to write {}", path.display()))?;
            yaml.push(path);
        }
        let json = directory.join("entities.json");
        fs::write(&json, Value::from(rows).to_string())
            .with_context(|| format!("failed to write {}", json.display()))?;
        let components = components.into_iter().map(reference).collect();
        Ok(Self { yaml, json, count, total: count + TEAMS, components })
    }
}

fn is_api(place: u64) -> bool {
    place % 5 == 4
}

fn kind(place: u64) -> &'static str {
    if is_api(place) { "API" } else { "Component" }
}

fn name(place: u64) -> String {
    format!("software-{place:06}")
}

fn reference(place: u64) -> String {
    format!("{}:default/{}", kind(place).to_lowercase(), name(place))
}

fn owner(place: u64) -> String {
    format!("group:default/team-{:02}", place % TEAMS)
}

/// Returns the components that one depends on, in order.
fn dependencies(place: u64, components: &[u64]) -> Vec<String> {
    let at = |step: u64| components.get(((place * 7 + step * 13) % components.len() as u64) as usize).copied();
    let mut places: Vec<u64> = (1..=DEPENDENCIES).filter_map(at).collect();
    places.sort_unstable();
    places.into_iter().map(reference).collect()
}

fn title(place: u64) -> String {
    format!("Piece of software number {place}")
}

fn description(place: u64) -> String {
    format!("Takes orders, keeps them and tells others about them, for shard {place}")
}

const TAGS: [&str; 3] = ["grpc", "postgresql", "rust"];

/// Returns what Callboard reads.
fn document(place: u64, depends_on: &[String]) -> Value {
    let mut spec = json!({
        "type": if is_api(place) { "openapi" } else { "service" }, "lifecycle": "production", "owner": owner(place),
    });
    if is_api(place) {
        spec["definition"] = json!("openapi: 3.1.0");
    } else {
        spec["dependsOn"] = json!(depends_on);
    }
    json!({
        "apiVersion": "backstage.io/v1alpha1",
        "kind": kind(place),
        "metadata": {
            "name": name(place), "title": title(place), "description": description(place), "tags": TAGS,
            "annotations": { "github.com/project-slug": format!("example/{}", name(place)) },
        },
        "spec": spec,
    })
}

/// Returns what the others keep.
fn row(place: u64, depends_on: &[String]) -> Value {
    json!({
        "id": format!("entity-{place:024}"), "ref": reference(place), "kind": kind(place), "namespace": "default",
        "name": name(place), "title": title(place), "description": description(place), "tags": TAGS,
        "createdAt": "2026-01-01T00:00:00.000000+00:00", "ownerRef": owner(place),
        "type": if is_api(place) { "openapi" } else { "service" }, "lifecycle": "production", "dependsOn": depends_on,
    })
}

fn group(team: u64) -> Value {
    json!({
        "apiVersion": "backstage.io/v1alpha1", "kind": "Group", "metadata": { "name": format!("team-{team:02}") },
        "spec": { "type": "team", "children": [] },
    })
}

#[cfg(test)]
mod tests;

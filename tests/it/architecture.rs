//! The arrows between crates: who may depend on whom. A new arrow is a design decision; it is made here.

use std::{collections::BTreeMap, process::Command};

use serde_json::Value;

/// What each crate may depend on among ours. The binary may know everybody, and nobody may know the binary.
const ARROWS: &[(&str, &[&str])] = &[
    ("callboard-foundation", &[]),
    ("callboard-net-guard", &[]),
    ("callboard-yaml", &[]),
    ("callboard-migrations", &[]),
    ("callboard-entity-model", &["callboard-foundation"]),
    ("callboard-config", &["callboard-foundation", "callboard-yaml"]),
    ("callboard-db", &["callboard-foundation"]),
    ("callboard-view", &["callboard-entity-model", "callboard-foundation"]),
    ("callboard-catalog", &["callboard-db", "callboard-entity-model", "callboard-foundation", "callboard-view"]),
    (
        "callboard-discovery",
        &["callboard-entity-model", "callboard-foundation", "callboard-net-guard", "callboard-yaml"],
    ),
    ("callboard-document", &["callboard-foundation"]),
    ("callboard-transport", &["callboard-foundation"]),
    ("callboard-rate-limit", &["callboard-foundation"]),
    (
        "callboard-webhooks",
        &[
            "callboard-catalog",
            "callboard-db",
            "callboard-entity-model",
            "callboard-foundation",
            "callboard-net-guard",
            "callboard-view",
        ],
    ),
    (
        "callboard-gateway",
        &[
            "callboard-catalog",
            "callboard-document",
            "callboard-entity-model",
            "callboard-foundation",
            "callboard-rate-limit",
            "callboard-transport",
            "callboard-view",
            "callboard-webhooks",
        ],
    ),
    ("callboard-testkit", &["callboard-db", "callboard-migrations"]),
    ("callboard-bench", &[]),
];

/// Outside crates that only these crates of ours may name.
const RESERVED: &[(&str, &[&str])] = &[
    ("async-graphql", &["callboard-gateway"]),
    ("async-graphql-axum", &["callboard-gateway"]),
    ("axum", &["callboard-gateway", "callboard-transport", "callboard", "callboard-bench"]),
    ("sea-orm", &["callboard-db", "callboard-catalog", "callboard-webhooks", "callboard-testkit", "callboard"]),
    ("sea-orm-migration", &["callboard-migrations"]),
    ("serde-saphyr", &["callboard-yaml"]),
    ("yaml_serde", &["callboard-yaml"]),
    ("reqwest", &["callboard-discovery", "callboard-net-guard", "callboard-webhooks", "callboard-bench"]),
    ("apollo-compiler", &["callboard-document"]),
    ("redis", &["callboard-rate-limit"]),
];

#[test]
fn crates_depend_only_on_those_below_them() {
    let allowed: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    let mut wrong = Vec::new();
    for (package, dependencies) in dependencies() {
        if package == "callboard" {
            continue;
        }
        let Some(allowed) = allowed.get(package.as_str()) else {
            wrong.push(format!("`{package}` has no place in the table of arrows"));
            continue;
        };
        for dependency in dependencies.iter().filter(|name| name.starts_with("callboard")) {
            if !allowed.contains(&dependency.as_str()) {
                wrong.push(format!("`{package}` must not depend on `{dependency}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn outside_crates_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for (package, dependencies) in dependencies() {
        for (outside, homes) in RESERVED {
            if dependencies.iter().any(|name| name == outside) && !homes.contains(&package.as_str()) {
                wrong.push(format!("`{package}` must not name `{outside}`; it belongs to {homes:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns each package of the workspace with the names of its dependencies, those for tests only left out.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    list(&metadata["packages"])
        .iter()
        .map(|package| {
            let names = list(&package["dependencies"])
                .iter()
                .filter(|dependency| dependency["kind"] != "dev")
                .filter_map(|dependency| dependency["name"].as_str().map(str::to_owned))
                .collect();
            (package["name"].as_str().unwrap_or_default().to_owned(), names)
        })
        .collect()
}

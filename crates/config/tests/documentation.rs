//! Keeps `docs/configuration.md` true: its tables are the table of keys, and its examples and defaults load.
//!
//! After a change to the keys, `CALLBOARD_UPDATE_DOCS=1 cargo test -p callboard-config` rewrites the tables.

#![allow(clippy::unwrap_used, reason = "a test's own helpers may stop it")]

use std::{fmt::Write, fs, path::PathBuf};

use callboard_config::{ConfigSource, Environment, KEYS, KeyDefault, KeyDefinition, Loaded, load};
use serde_json::{Map, Value};

const SECTIONS: [&str; 4] = ["backend", "catalog", "integrations", "callboard"];

fn document_path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md")
}

fn row(definition: &KeyDefinition) -> String {
    let default = match definition.default {
        KeyDefault::Value(text) => format!("`{text}`"),
        KeyDefault::Described(text) => text.to_owned(),
        KeyDefault::Required => "required".to_owned(),
    };
    let KeyDefinition { key, example, about, .. } = definition;
    format!("| `{key}` | {} | {default} | `{example}` | {about} |", definition.shape.describe())
}

fn table(section: &str) -> String {
    let mut text = "| key | value | default | example | what it does |\n|---|---|---|---|---|\n".to_owned();
    let prefix = format!("{section}.");
    for definition in KEYS.iter().filter(|definition| definition.key.starts_with(&prefix)) {
        writeln!(text, "{}", row(definition)).unwrap();
    }
    text
}

fn replace_table(document: &str, section: &str) -> String {
    let (start, end) = (format!("<!-- keys of {section} -->\n"), format!("<!-- end of {section} -->"));
    let from = document.find(&start).unwrap_or_else(|| panic!("docs/configuration.md has no `{start}`")) + start.len();
    let to = from + document[from..].find(&end).unwrap_or_else(|| panic!("docs/configuration.md has no `{end}`"));
    format!("{}{}{}", &document[..from], table(section), &document[to..])
}

#[test]
fn the_tables_of_the_documentation_are_the_table_of_keys() {
    let document = fs::read_to_string(document_path()).unwrap();
    let expected = SECTIONS.iter().fold(document.clone(), |text, section| replace_table(&text, section));
    #[allow(clippy::disallowed_methods, reason = "a developer's switch, not a setting")]
    if std::env::var("CALLBOARD_UPDATE_DOCS").is_ok() {
        fs::write(document_path(), expected).unwrap();
    } else {
        assert!(
            document == expected,
            "docs/configuration.md is out of date; run `CALLBOARD_UPDATE_DOCS=1 cargo test -p callboard-config`"
        );
    }
}

#[test]
fn every_key_belongs_to_a_section_of_the_documentation() {
    for definition in KEYS {
        let section = definition.key.split('.').next().unwrap();
        assert!(SECTIONS.contains(&section), "{}", definition.key);
    }
}

/// Builds the configuration that sets one key, and whatever else its list items must have.
fn configuration_with(definition: &KeyDefinition, yaml: &str) -> Value {
    let value = callboard_yaml::parse_config(yaml, definition.key).unwrap();
    let mut steps: Vec<(String, String)> = Vec::new();
    let mut pattern = String::new();
    for name in split(definition.key) {
        pattern = if pattern.is_empty() { name.clone() } else { format!("{pattern}.{name}") };
        steps.push((name, pattern.clone()));
    }
    steps.into_iter().rev().fold(value, |value, (name, pattern)| {
        let depth = name.matches("[]").count();
        let name = name.replace("[]", "");
        let value = (0..depth).fold(value, |value, _| Value::Array(vec![value]));
        let mut entries = Map::new();
        let parent = pattern.rsplit_once(&name).map_or("", |(parent, _)| parent);
        for sibling in KEYS.iter().filter(|sibling| sibling.default == KeyDefault::Required) {
            if let Some(key) = sibling.key.strip_prefix(parent).filter(|key| !key.contains(['.', '['])) {
                entries.insert(key.to_owned(), callboard_yaml::parse_config(sibling.example, key).unwrap());
            }
        }
        entries.insert(name, value);
        Value::Object(entries)
    })
}

/// Splits a key at its dots; `spec.type` is one name.
fn split(key: &str) -> Vec<String> {
    key.replace("spec.type", "spec type").split('.').map(|name| name.replace("spec type", "spec.type")).collect()
}

/// Adds what some keys can't be set without.
fn add_companions(definition: &KeyDefinition, value: &mut Value) {
    match definition.key {
        "backend.database.client" => value["backend"]["database"]["connection"] = "postgres://localhost/x".into(),
        "callboard.graphql.trustedDocumentsOnly" => {
            value["callboard"]["graphql"]["trustedDocuments"] = "./documents".into();
        }
        _ => {}
    }
}

fn load_value(value: &Value) -> Loaded {
    let source = ConfigSource::Text { name: "example.yaml", text: callboard_yaml::to_yaml(value) };
    load(&[source], &Environment::new()).unwrap_or_else(|error| panic!("{value}: {error}"))
}

#[test]
fn every_example_loads_and_its_key_is_used() {
    for definition in KEYS {
        let mut value = configuration_with(definition, definition.example);
        add_companions(definition, &mut value);
        let is_postgres = definition.about.starts_with("PostgreSQL") || definition.key.ends_with(".connectionString");
        if is_postgres {
            value["backend"]["database"]["client"] = "pg".into();
        }
        let loaded = load_value(&value);
        assert!(loaded.unused_keys.is_empty(), "{}: {:?}", definition.key, loaded.unused_keys);
    }
}

#[test]
fn every_example_differs_from_the_default() {
    for definition in KEYS {
        if let KeyDefault::Value(default) = definition.default {
            assert_ne!(default, definition.example, "{}", definition.key);
        }
    }
}

#[test]
fn an_example_changes_the_settings() {
    let nothing = load(&[], &Environment::new()).unwrap().settings;
    for definition in KEYS.iter().filter(|definition| matches!(definition.default, KeyDefault::Value(_))) {
        let mut value = configuration_with(definition, definition.example);
        add_companions(definition, &mut value);
        assert_ne!(load_value(&value).settings, nothing, "{} is not read", definition.key);
    }
}

#[test]
fn the_examples_in_the_text_load() {
    let document = fs::read_to_string(document_path()).unwrap();
    let blocks: Vec<_> = document.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() >= 3, "the documentation should have examples");
    for block in blocks {
        let source = ConfigSource::Text { name: "docs/configuration.md", text: block.to_owned() };
        let environment: Environment = [("POSTGRES_PASSWORD".to_owned(), "x".to_owned())].into();
        load(&[source], &environment).unwrap_or_else(|error| panic!("{error}\n{block}"));
    }
}

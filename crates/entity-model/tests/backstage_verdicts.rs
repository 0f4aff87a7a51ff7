//! Compares our verdicts with those of a real Backstage 1.55, recorded for hundreds of entities.
//!
//! The recorded cases are read from `$CALLBOARD_CORPUS/catalogs-validation.jsonl`; without that folder, a few cases
//! that stand here are checked instead. What differs on purpose must stand in `docs/compatibility.md`, and nothing else.

#![allow(clippy::unwrap_used, reason = "a test that can not go on should stop")]

use std::{collections::BTreeMap, env, fs, path::Path};

use callboard_entity_model::{Entity, ModelPolicy};
use serde_json::{Value, json};

/// The cases in which we and Backstage differ, and why. The same list stands in `docs/compatibility.md`.
const DIFFERENCES: [(&str, &str); 2] = [
    ("Location.type/'x'", "which types of location can be followed is found out when it is read"),
    ("Location.type/' '", "which types of location can be followed is found out when it is read"),
];

/// How Backstage begins to say that it could not read what a Location points to: the test machine had no network.
const NOT_ABOUT_VALIDITY: &str = "Unable to read url";

struct Case {
    id: String,
    entity: Value,
    is_accepted: bool,
    /// Whether only reading failed, so that the entity itself was found valid.
    is_about_reading: bool,
}

#[test]
fn we_accept_and_refuse_what_backstage_does_save_the_listed_differences() {
    let cases = corpus_cases().unwrap_or_else(own_cases);
    let mut differing = BTreeMap::new();
    for case in cases {
        let verdict = Entity::validate(case.entity, ModelPolicy::default());
        if verdict.is_ok() != (case.is_accepted || case.is_about_reading) {
            let why = verdict.err().unwrap_or_default().iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            differing.insert(case.id, why);
        }
    }
    let listed: BTreeMap<_, _> =
        DIFFERENCES.iter().map(|(id, _)| ((*id).to_owned(), String::new())).filter(|_| corpus().is_some()).collect();
    assert_eq!(differing.keys().collect::<Vec<_>>(), listed.keys().collect::<Vec<_>>(), "{differing:#?}");
}

#[test]
fn the_listed_differences_are_those_of_the_documentation() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/compatibility.md");
    let text = fs::read_to_string(path).unwrap();
    let rows = text.lines().skip_while(|line| !line.starts_with("| Recorded case |")).skip(2);
    let documented: Vec<_> =
        rows.map_while(|line| line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | ")).collect();
    assert_eq!(documented, DIFFERENCES);
}

#[allow(clippy::disallowed_methods, reason = "the place of the test data is an environment variable")]
fn corpus() -> Option<String> {
    env::var("CALLBOARD_CORPUS").ok()
}

fn corpus_cases() -> Option<Vec<Case>> {
    let text = fs::read_to_string(Path::new(&corpus()?).join("catalogs-validation.jsonl")).unwrap();
    let cases: Vec<_> = text.lines().map(|line| case(&serde_json::from_str(line).unwrap())).collect();
    assert!(cases.len() > 100, "the corpus has only {} cases", cases.len());
    Some(cases)
}

fn case(recorded: &Value) -> Case {
    let errors = recorded["errors"].as_array().unwrap();
    let is_about_reading = |error: &Value| error["message"].as_str().unwrap().starts_with(NOT_ABOUT_VALIDITY);
    Case {
        id: recorded["id"].as_str().unwrap().to_owned(),
        entity: recorded["entity"].clone(),
        is_accepted: recorded["accepted"].as_bool().unwrap(),
        is_about_reading: !errors.is_empty() && errors.iter().all(is_about_reading),
    }
}

fn own_cases() -> Vec<Case> {
    let component = |spec: Value| json!({"apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": {"name": "web"}, "spec": spec});
    let own = |id: &str, is_accepted, entity| Case { id: id.to_owned(), entity, is_accepted, is_about_reading: false };
    vec![
        own("complete", true, component(json!({"type": "service", "lifecycle": "production", "owner": "team-a"}))),
        own("owner missing", false, component(json!({"type": "service", "lifecycle": "production"}))),
        own("owner empty", false, component(json!({"type": "service", "lifecycle": "production", "owner": ""}))),
        own("spec is a list", false, component(json!([]))),
    ]
}

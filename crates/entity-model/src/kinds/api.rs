//! The rules of an API: an interface that software offers.
//!
//! Owns its schema and its relations; what it shares with the other kinds is `crate::envelope`'s work.

use serde_json::{Value, json};

use super::{
    CATALOG_VERSIONS, KindRules,
    schema_parts::{object, text},
};
use crate::relations::{RelationRule, RelationType};

pub(super) static RULES: KindRules = KindRules {
    name: "API",
    plural: "apis",
    description: "An interface that software offers to other software.",
    api_versions: &CATALOG_VERSIONS,
    spec_schema,
    relations: &[
        RelationRule { field: "owner", relation: RelationType::OwnedBy, default_kind: Some("group") },
        RelationRule { field: "system", relation: RelationType::PartOf, default_kind: Some("system") },
    ],
};

/// An API has a definition. One of the type `mcp-server` may say where it is to be reached instead.
fn spec_schema() -> Value {
    let mut schema = object(
        &["type", "lifecycle", "owner"],
        [("type", text()), ("lifecycle", text()), ("owner", text()), ("system", text())],
    );
    let mut remotes = json!({ "type": "array", "minItems": 1 });
    remotes["items"] = object(&["type", "url"], [("type", text()), ("url", text())]);
    schema["if"] = json!({ "required": ["definition"] });
    schema["then"] = object(&[], [("definition", text())]);
    schema["else"] = json!({
        "if": object(&["type"], [("type", json!({ "const": "mcp-server" }))]),
        "then": object(&["remotes"], [("remotes", remotes)]),
        "else": { "required": ["definition"] },
    });
    schema
}

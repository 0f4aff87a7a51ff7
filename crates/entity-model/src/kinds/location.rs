//! The rules of a Location: a pointer to more entities.
//!
//! Owns its schema; reading what it points to is the reader's work, which also decides which types it can follow.

use serde_json::{Value, json};

use super::{
    CATALOG_VERSIONS, KindRules,
    schema_parts::{object, text, texts},
};

pub(super) static RULES: KindRules = KindRules {
    name: "Location",
    plural: "locations",
    description: "A pointer to files that declare more entities.",
    api_versions: &CATALOG_VERSIONS,
    spec_schema,
    relations: &[],
};

fn spec_schema() -> Value {
    let presence = json!({ "type": "string", "enum": ["required", "optional"], "default": "required" });
    object(&[], [("type", text()), ("target", text()), ("targets", texts()), ("presence", presence)])
}

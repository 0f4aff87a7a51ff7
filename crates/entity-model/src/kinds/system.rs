//! The rules of a System: components, APIs and resources that belong together.
//!
//! Owns its schema and its relations; what it shares with the other kinds is `crate::envelope`'s work.

use serde_json::Value;

use super::{
    CATALOG_VERSIONS, KindRules,
    schema_parts::{object, text},
};
use crate::relations::{RelationRule, RelationType};

pub(super) static RULES: KindRules = KindRules {
    name: "System",
    plural: "systems",
    description: "Components, APIs and resources that together perform some function.",
    api_versions: &CATALOG_VERSIONS,
    spec_schema,
    relations: &[
        RelationRule { field: "owner", relation: RelationType::OwnedBy, default_kind: Some("group") },
        RelationRule { field: "domain", relation: RelationType::PartOf, default_kind: Some("domain") },
    ],
};

fn spec_schema() -> Value {
    object(&["owner"], [("owner", text()), ("domain", text()), ("type", text())])
}

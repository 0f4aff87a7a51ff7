//! The rules of a Resource: what software needs to run.
//!
//! Owns its schema and its relations; what it shares with the other kinds is `crate::envelope`'s work.

use serde_json::Value;

use super::{
    CATALOG_VERSIONS, KindRules,
    schema_parts::{object, text, texts},
};
use crate::relations::{RelationRule, RelationType};

pub(super) static RULES: KindRules = KindRules {
    name: "Resource",
    plural: "resources",
    description: "What software needs to run, for example a database or a queue.",
    api_versions: &CATALOG_VERSIONS,
    spec_schema,
    relations: &[
        RelationRule { field: "owner", relation: RelationType::OwnedBy, default_kind: Some("group") },
        RelationRule { field: "dependsOn", relation: RelationType::DependsOn, default_kind: None },
        RelationRule { field: "dependencyOf", relation: RelationType::DependencyOf, default_kind: None },
        RelationRule { field: "system", relation: RelationType::PartOf, default_kind: Some("system") },
    ],
};

/// `dependencyOf` is left out of the schema for the reason that `super::component` gives.
fn spec_schema() -> Value {
    object(&["type", "owner"], [("type", text()), ("owner", text()), ("dependsOn", texts()), ("system", text())])
}

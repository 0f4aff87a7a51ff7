//! The rules of a Group: people who work together.
//!
//! Owns its schema and its relations; what it shares with the other kinds is `crate::envelope`'s work.

use serde_json::Value;

use super::{
    CATALOG_VERSIONS, KindRules,
    schema_parts::{object, profile, text, texts},
};
use crate::relations::{RelationRule, RelationType};

pub(super) static RULES: KindRules = KindRules {
    name: "Group",
    plural: "groups",
    description: "People who work together, for example a team or a business unit.",
    api_versions: &CATALOG_VERSIONS,
    spec_schema,
    relations: &[
        RelationRule { field: "parent", relation: RelationType::ChildOf, default_kind: Some("group") },
        RelationRule { field: "children", relation: RelationType::ParentOf, default_kind: Some("group") },
        RelationRule { field: "members", relation: RelationType::HasMember, default_kind: Some("user") },
    ],
};

fn spec_schema() -> Value {
    object(
        &["type", "children"],
        [("type", text()), ("profile", profile()), ("parent", text()), ("children", texts()), ("members", texts())],
    )
}

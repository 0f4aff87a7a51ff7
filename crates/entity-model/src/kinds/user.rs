//! The rules of a User: a person.
//!
//! Owns its schema and its relations; what it shares with the other kinds is `crate::envelope`'s work.

use serde_json::Value;

use super::{
    CATALOG_VERSIONS, KindRules,
    schema_parts::{object, profile, texts},
};
use crate::relations::{RelationRule, RelationType};

pub(super) static RULES: KindRules = KindRules {
    name: "User",
    plural: "users",
    description: "A person.",
    api_versions: &CATALOG_VERSIONS,
    spec_schema,
    relations: &[RelationRule { field: "memberOf", relation: RelationType::MemberOf, default_kind: Some("group") }],
};

fn spec_schema() -> Value {
    object(&["memberOf"], [("profile", profile()), ("memberOf", texts())])
}

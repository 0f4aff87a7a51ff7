//! The rules of a Domain: systems that share a purpose.
//!
//! Owns its schema and its relations; what it shares with the other kinds is `crate::envelope`'s work.

use serde_json::Value;

use super::{
    CATALOG_VERSIONS, KindRules,
    schema_parts::{object, text},
};
use crate::relations::{RelationRule, RelationType};

pub(super) static RULES: KindRules = KindRules {
    name: "Domain",
    plural: "domains",
    description: "Systems that share a purpose, a vocabulary or a part of the business.",
    api_versions: &CATALOG_VERSIONS,
    spec_schema,
    relations: &[
        RelationRule { field: "owner", relation: RelationType::OwnedBy, default_kind: Some("group") },
        RelationRule { field: "subdomainOf", relation: RelationType::PartOf, default_kind: Some("domain") },
    ],
};

fn spec_schema() -> Value {
    object(&["owner"], [("owner", text()), ("subdomainOf", text()), ("type", text())])
}

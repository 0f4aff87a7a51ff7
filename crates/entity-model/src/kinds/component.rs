//! The rules of a Component: a piece of software.
//!
//! Owns its schema and its relations; what it shares with the other kinds is `crate::envelope`'s work.

use serde_json::Value;

use super::{
    CATALOG_VERSIONS, KindRules,
    schema_parts::{object, text, texts},
};
use crate::relations::{RelationRule, RelationType};

pub(super) static RULES: KindRules = KindRules {
    name: "Component",
    plural: "components",
    description: "A piece of software, for example a service, a website or a library.",
    api_versions: &CATALOG_VERSIONS,
    spec_schema,
    relations: &[
        RelationRule { field: "owner", relation: RelationType::OwnedBy, default_kind: Some("group") },
        RelationRule { field: "subcomponentOf", relation: RelationType::PartOf, default_kind: Some("component") },
        RelationRule { field: "providesApis", relation: RelationType::ProvidesApi, default_kind: Some("api") },
        RelationRule { field: "consumesApis", relation: RelationType::ConsumesApi, default_kind: Some("api") },
        RelationRule { field: "dependsOn", relation: RelationType::DependsOn, default_kind: None },
        RelationRule { field: "dependencyOf", relation: RelationType::DependencyOf, default_kind: None },
        RelationRule { field: "system", relation: RelationType::PartOf, default_kind: Some("system") },
    ],
};

/// `dependencyOf` is left out of the schema although it makes relations: Backstage does not check its type either, so
/// a single string is as good as a list.
fn spec_schema() -> Value {
    object(
        &["type", "lifecycle", "owner"],
        [
            ("type", text()),
            ("lifecycle", text()),
            ("owner", text()),
            ("system", text()),
            ("subcomponentOf", text()),
            ("providesApis", texts()),
            ("consumesApis", texts()),
            ("dependsOn", texts()),
        ],
    )
}

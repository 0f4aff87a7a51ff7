//! What the catalog knows: its kinds and its relation types.
//!
//! Owns their GraphQL shapes. The definitions are `entity-model`'s, the counts `view`'s.

use async_graphql::SimpleObject;
use callboard_catalog::CatalogSnapshot;
use callboard_entity_model::{Kind, RelationType};

use super::scalars::JsonScalar;

/// A kind of entity.
#[derive(Debug, SimpleObject)]
pub(crate) struct KindDefinition {
    /// The name, for example `Component`.
    name: String,
    /// The name for many, for example `components`.
    plural: String,
    /// Whether it is built in; else it is known because there are such entities.
    is_built_in: bool,
    /// How many entities of it there are.
    count: u64,
    /// The JSON Schema that its entities have to fit; `true`, which fits everything, for a custom kind.
    schema: JsonScalar,
}

/// A type of relation.
#[derive(Debug, SimpleObject)]
pub(crate) struct RelationTypeDefinition {
    /// The name, read "source NAME target", for example `ownedBy`.
    name: &'static str,
    /// The name of the same relation as seen from the target, for example `ownerOf`.
    inverse: &'static str,
    /// Whether it is built in.
    is_built_in: bool,
    /// How many there are.
    count: u64,
}

/// Returns the built-in kinds in their usual order, then the custom ones by name.
pub(crate) fn kinds(snapshot: &CatalogSnapshot) -> Vec<KindDefinition> {
    let counts = snapshot.index.kind_counts();
    let count_of = |name: &str| counts.iter().filter(|(kind, _)| kind.eq_ignore_ascii_case(name)).map(|(_, n)| n).sum();
    let built_in = Kind::ALL.into_iter().map(|kind| {
        let definition = kind.definition();
        KindDefinition {
            name: definition.name.to_owned(),
            plural: definition.plural.to_owned(),
            is_built_in: true,
            count: count_of(definition.name),
            schema: JsonScalar::from_json(&definition.schema),
        }
    });
    let custom = counts.iter().filter(|(kind, _)| Kind::from_lowercase(&kind.to_lowercase()).is_none());
    let custom = custom.map(|(kind, count)| KindDefinition {
        name: kind.clone(),
        plural: kind.to_lowercase(),
        is_built_in: false,
        count: *count,
        schema: JsonScalar::from_json(&serde_json::Value::Bool(true)),
    });
    let mut custom: Vec<_> = custom.collect();
    custom.sort_by(|a, b| a.name.cmp(&b.name));
    built_in.chain(custom).collect()
}

/// Returns the relation types; a type and its inverse stand side by side.
pub(crate) fn relation_types(snapshot: &CatalogSnapshot) -> Vec<RelationTypeDefinition> {
    let counts = snapshot.index.relation_counts();
    let count_of = |wanted| counts.iter().filter(|(kind, _)| *kind == wanted).map(|(_, count)| count).sum();
    let definition = |kind: RelationType| RelationTypeDefinition {
        name: kind.as_str(),
        inverse: kind.inverse().as_str(),
        is_built_in: true,
        count: count_of(kind),
    };
    RelationType::ALL.into_iter().map(definition).collect()
}

//! Representations: how another subgraph names an entity of ours.
//!
//! Owns their form, `{ __typename, ref }`. A type name can be that of a kind, `CustomEntity` or the interface `Entity`.

use std::sync::Arc;

use async_graphql::{OutputType, Value};
use callboard_catalog::CatalogSnapshot;
use callboard_entity_model::{DEFAULT_NAMESPACE, EntityRef, Kind};

use crate::{
    error::GatewayError,
    schema::entity::{AnyEntity, EntityNode, entity_type_names},
};

/// The interface that every entity has.
const ANY_TYPE: &str = "Entity";

/// An entity as another subgraph names it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Representation<'a> {
    type_name: &'a str,
    entity_ref: EntityRef,
}

impl<'a> Representation<'a> {
    /// Reads a representation. What it has beside its type name and the key is ignored, as federation wants.
    pub(super) fn parse(value: &'a Value) -> Result<Self, GatewayError> {
        let Value::Object(object) = value else { return Err(refused("holds something that is not an object")) };
        let text = |key| match object.get(key) {
            Some(Value::String(text)) => Some(text.as_str()),
            _ => None,
        };
        let type_name = text("__typename").ok_or_else(|| refused("holds an object without `__typename`"))?;
        if type_name != ANY_TYPE && !entity_type_names().any(|name| name == type_name) {
            return Err(refused(&format!("names the type `{type_name}`, which has no entities here")));
        }
        let reference = text("ref").ok_or_else(|| refused("holds an object without a text as its key `ref`"))?;
        // A reference without a kind is one of the kind that the type says, where it says one.
        let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == type_name).unwrap_or(Kind::Component);
        let default_kind = kind.as_str().to_ascii_lowercase();
        let entity_ref = EntityRef::parse_with(reference, Some(&default_kind), DEFAULT_NAMESPACE)?;
        Ok(Self { type_name, entity_ref })
    }

    /// Finds the entity; nothing when there is none, or none of that type.
    pub(super) fn find(&self, snapshot: &Arc<CatalogSnapshot>) -> Option<AnyEntity> {
        let entity = AnyEntity(EntityNode::find(snapshot, &self.entity_ref)?);
        (self.type_name == ANY_TYPE || entity.introspection_type_name() == self.type_name).then_some(entity)
    }
}

fn refused(reason: &str) -> GatewayError {
    GatewayError::bad_argument("representations", reason)
}

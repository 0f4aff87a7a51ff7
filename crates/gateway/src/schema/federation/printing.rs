//! The schema as a router composes it with those of other subgraphs.
//!
//! Owns the directives of federation: `ref` is the key of every entity, and what many subgraphs define alike is shareable.

use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, SDLExportOptions, ServerResult, Value,
    parser::types::Field,
    registry::{MetaType, Registry},
};

use crate::schema::{builder, entity::entity_type_names};

/// The field that names an entity everywhere.
const KEY: &str = "ref";
/// The interface that every entity has.
const ENTITY: &str = "Entity";
/// Types of the Relay specification, which every subgraph with pages defines, and defines alike.
const SHAREABLE: [&str; 1] = ["PageInfo"];

/// Returns the schema's text with the directives of federation.
pub(in crate::schema) fn subgraph_sdl() -> String {
    let options = SDLExportOptions::new().federation().prefer_single_line_descriptions().use_space_ident();
    let sdl = builder(None).register_output_type::<Keys>().finish().sdl_with_options(options);
    // async-graphql writes an interface's directives before what it implements, which is not GraphQL.
    let directive = format!("@key(fields: \"{KEY}\")");
    sdl.replace(
        &format!("interface {ENTITY} {directive} implements Node {{"),
        &format!("interface {ENTITY} implements Node {directive} {{"),
    )
}

/// Marks the keys in a schema's registry when it is registered; never shown, and never an answer.
struct Keys;

impl OutputType for Keys {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(ENTITY)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        for name in entity_type_names().chain([ENTITY]) {
            registry.add_keys(name, KEY);
        }
        for name in SHAREABLE {
            if let Some(MetaType::Object { shareable, .. }) = registry.types.get_mut(name) {
                *shareable = true;
            }
        }
        Self::qualified_type_name()
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Null)
    }
}

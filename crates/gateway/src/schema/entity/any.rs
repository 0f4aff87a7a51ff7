//! An entity of whatever kind: the interface `Entity`, and the union `Owner`.
//!
//! Owns the way from an entity to the object type of its kind.

use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, ServerResult, Value,
    parser::types::Field,
    registry::{MetaType, MetaTypeId, Registry},
};
use callboard_entity_model::Kind;

use super::{
    EntityNode,
    kinds::{
        ApiKind, ComponentKind, CustomKind, DomainKind, GroupKind, LocationKind, ResourceKind, SystemKind,
        TemplateKind, UserKind,
    },
    plan::FieldTable,
    typed::{EntityKind, Typed, register_entity_types, shared_fields},
};
use crate::schema::writer::{Path, Unwritable, Writer};

/// Does something with the type that stands for the kind of an entity.
macro_rules! with_kind {
    ($node:expr, $kind:ident => $body:expr) => {
        match $node.built_in_kind() {
            Some(Kind::Component) => with_kind!(@ $kind = ComponentKind, $body),
            Some(Kind::Api) => with_kind!(@ $kind = ApiKind, $body),
            Some(Kind::Resource) => with_kind!(@ $kind = ResourceKind, $body),
            Some(Kind::System) => with_kind!(@ $kind = SystemKind, $body),
            Some(Kind::Domain) => with_kind!(@ $kind = DomainKind, $body),
            Some(Kind::Group) => with_kind!(@ $kind = GroupKind, $body),
            Some(Kind::User) => with_kind!(@ $kind = UserKind, $body),
            Some(Kind::Template) => with_kind!(@ $kind = TemplateKind, $body),
            Some(Kind::Location) => with_kind!(@ $kind = LocationKind, $body),
            None => with_kind!(@ $kind = CustomKind, $body),
        }
    };
    (@ $kind:ident = $type:ty, $body:expr) => {{
        type $kind = $type;
        $body
    }};
}

/// An entity of whatever kind.
#[derive(Debug)]
pub(crate) struct AnyEntity(pub(crate) EntityNode);

impl AnyEntity {
    /// Looks at an entity's type: what its fields are.
    pub(super) fn fields_of(node: &EntityNode) -> FieldTable {
        with_kind!(node, K => FieldTable::of::<K>())
    }

    /// Writes a field as its resolver answers it.
    pub(super) fn write_resolved<'q>(
        node: &EntityNode,
        writer: &mut Writer<'_, 'q>,
        field: &'q Positioned<Field>,
        path: &Path<'_>,
    ) -> Result<(), Unwritable> {
        with_kind!(node, K => writer.resolved(&Typed::<K>::new(node), field, path))
    }
}

impl OutputType for AnyEntity {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("Entity")
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        Cow::Borrowed(type_name_of(&self.0))
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Interface, |registry| {
            // The shared fields first: the object types below copy them and must find them complete.
            let fields = shared_fields(registry);
            register_entity_types(registry);
            MetaType::Interface {
                name: "Entity".to_owned(),
                description: Some(
                    "An entity of the software catalog. `__typename` is the kind for built-in kinds and `CustomEntity` \
                     for all others."
                        .to_owned(),
                ),
                fields,
                possible_types: entity_type_names().map(str::to_owned).collect(),
                extends: false,
                inaccessible: false,
                tags: Vec::new(),
                keys: None,
                visible: None,
                rust_typename: Some(std::any::type_name::<Self>()),
                directive_invocations: Vec::new(),
                requires_scopes: Vec::new(),
            }
        })
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        with_kind!(self.0, K => Typed::<K>::new(&self.0).resolve(ctx, field).await)
    }
}

/// Returns the names of the ten object types of entities.
pub(crate) fn entity_type_names() -> impl Iterator<Item = &'static str> {
    Kind::ALL.into_iter().map(Kind::as_str).chain([CustomKind::NAME])
}

/// Returns the name of the object type that an entity has.
fn type_name_of(node: &EntityNode) -> &'static str {
    node.built_in_kind().map_or(CustomKind::NAME, Kind::as_str)
}

/// A group or a user, as the owner of something.
#[derive(Debug)]
pub(crate) struct Owner(AnyEntity);

impl Owner {
    /// Returns the entity.
    pub(super) fn node(&self) -> &EntityNode {
        &self.0.0
    }

    /// Takes an entity, if it is of a kind that can own.
    pub(crate) fn from_node(node: EntityNode) -> Option<Self> {
        matches!(node.built_in_kind(), Some(Kind::Group | Kind::User)).then(|| Self(AnyEntity(node)))
    }
}

impl OutputType for Owner {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("Owner")
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        // Only names its members: the interface registers them, once the shared fields are complete.
        registry.create_output_type::<Self, _>(MetaTypeId::Union, |_| MetaType::Union {
            name: "Owner".to_owned(),
            description: Some("A team or a person that owns things.".to_owned()),
            possible_types: [GroupKind::NAME, UserKind::NAME].into_iter().map(str::to_owned).collect(),
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: Some(std::any::type_name::<Self>()),
            directive_invocations: Vec::new(),
        })
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

//! The object types of entities: the shared fields and those of one kind, put together.
//!
//! Owns that, by hand, because async-graphql's derives would need every shared field written once per kind and once more
//! for the interface.

use std::{borrow::Cow, marker::PhantomData};

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, ObjectType, OutputType, Positioned, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::Field,
    registry::{MetaField, MetaType, MetaTypeId, Registry},
    resolver_utils::resolve_container,
};

use super::{
    EntityNode,
    details::EntityDetails,
    fields::SHARED,
    kinds::{
        ApiKind, ComponentKind, CustomKind, DomainKind, GroupKind, LocationKind, ResourceKind, SystemKind,
        TemplateKind, UserKind,
    },
    plain_field::PlainField,
    plan,
    relation_field::RelationField,
};
use crate::schema::selection::collect;

/// What a kind adds to the shared fields.
pub(crate) trait EntityKind: Send + Sync + 'static {
    /// The name of the object type: that of the kind.
    const NAME: &'static str;
    /// What an entity of this kind is.
    const DESCRIPTION: &'static str;
    /// The fields that an entity's own document answers.
    const PLAIN: &'static [PlainField];
    /// The fields that lead to other entities.
    const RELATIONS: &'static [RelationField];
    /// The other fields.
    type Fields<'a>: ObjectType;
    /// Gives them an entity to read from.
    fn fields(node: &EntityNode) -> Self::Fields<'_>;
}

/// An entity of one kind.
pub(crate) struct Typed<'a, K> {
    node: &'a EntityNode,
    kind: PhantomData<K>,
}

impl<'a, K> Typed<'a, K> {
    pub(crate) fn new(node: &'a EntityNode) -> Self {
        Self { node, kind: PhantomData }
    }
}

impl<K: EntityKind> ContainerType for Typed<'_, K> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let name = ctx.item.node.name.node.as_str();
        if let Some(field) = plain_field::<K>(name) {
            return field.resolve(self.node, ctx).map(Some);
        }
        // The executor allocates this future once per field of each entity. What is rarely asked for, and big, is boxed, so
        // that a name costs no more than a name.
        if let Some(field) = relation_field::<K>(name) {
            return Box::pin(field.resolve(self.node, ctx)).await;
        }
        match Box::pin(async { K::fields(self.node).resolve_field(ctx).await }).await? {
            Some(value) => Ok(Some(value)),
            None => Box::pin(async { EntityDetails(self.node).resolve_field(ctx).await }).await,
        }
    }
}

impl<K: EntityKind> OutputType for Typed<'_, K> {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed(K::NAME)
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Object, |registry| {
            let mut fields = shared_fields(registry);
            fields.extend(K::PLAIN.iter().map(|field| field.describe(registry)));
            fields.extend(fields_of::<K::Fields<'static>>(registry));
            fields.extend(K::RELATIONS.iter().map(|field| field.describe(registry)));
            MetaType::Object {
                name: K::NAME.to_owned(),
                description: Some(K::DESCRIPTION.to_owned()),
                fields,
                cache_control: Default::default(),
                extends: false,
                shareable: false,
                resolvable: true,
                keys: None,
                visible: None,
                inaccessible: false,
                interface_object: false,
                tags: Vec::new(),
                is_subscription: false,
                rust_typename: Some(std::any::type_name::<Self>()),
                directive_invocations: Vec::new(),
                requires_scopes: Vec::new(),
            }
        })
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        if let Some(written) = plan::write_entity(ctx, self.node) {
            return Ok(written);
        }
        match resolve_container(ctx, self).await? {
            // Something of which nothing is asked is there all the same.
            Value::Null if collect(ctx, &[&ctx.item.node], K::NAME).is_some_and(|asked| asked.is_empty()) => {
                Ok(Value::Object(IndexMap::new()))
            }
            value => Ok(value),
        }
    }
}

impl<K: EntityKind> ObjectType for Typed<'_, K> {}

/// Returns the plain field of that name.
pub(super) fn plain_field<K: EntityKind>(name: &str) -> Option<&'static PlainField> {
    SHARED.iter().chain(K::PLAIN).find(|field| field.name() == name)
}

/// Returns the relation field of that name.
pub(super) fn relation_field<K: EntityKind>(name: &str) -> Option<&'static RelationField> {
    K::RELATIONS.iter().find(|field| field.name() == name)
}

/// For kinds that have no fields beside the plain ones and those that lead to other entities.
pub(crate) struct NoFields;

impl ContainerType for NoFields {
    async fn resolve_field(&self, _: &Context<'_>) -> ServerResult<Option<Value>> {
        Ok(None)
    }
}

impl OutputType for NoFields {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("NoFields")
    }

    fn create_type_info(_: &mut Registry) -> String {
        Self::qualified_type_name()
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Null)
    }
}

impl ObjectType for NoFields {}

/// Returns the fields that every entity has.
pub(super) fn shared_fields(registry: &mut Registry) -> IndexMap<String, MetaField> {
    let mut fields: IndexMap<_, _> = SHARED.iter().map(|field| field.describe(registry)).collect();
    fields.extend(fields_of::<EntityDetails<'static>>(registry));
    fields
}

/// Returns the fields of an object type.
fn fields_of<T: OutputType>(registry: &mut Registry) -> IndexMap<String, MetaField> {
    T::create_type_info(registry);
    match registry.types.get(&*T::type_name()) {
        Some(MetaType::Object { fields, .. }) => fields.clone(),
        _ => IndexMap::new(),
    }
}

/// Makes the ten object types known, and that they are entities and nodes.
pub(super) fn register_entity_types(registry: &mut Registry) {
    register::<ComponentKind>(registry);
    register::<ApiKind>(registry);
    register::<ResourceKind>(registry);
    register::<SystemKind>(registry);
    register::<DomainKind>(registry);
    register::<GroupKind>(registry);
    register::<UserKind>(registry);
    register::<TemplateKind>(registry);
    register::<LocationKind>(registry);
    register::<CustomKind>(registry);
    registry.add_implements("Entity", "Node");
}

fn register<K: EntityKind>(registry: &mut Registry) {
    Typed::<K>::create_type_info(registry);
    registry.add_implements(K::NAME, "Entity");
    registry.add_implements(K::NAME, "Node");
}

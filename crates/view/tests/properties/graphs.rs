//! Random small catalogs with many relations: cycles, references that lead nowhere, entities that name themselves, and
//! relations that both ends declare.

use std::sync::Arc;

use callboard_entity_model::{EntityRef, RelationType, Revision};
use callboard_view::{CatalogIndex, EntityRecord, Filter, GraphDirection};
use chrono::DateTime;
use proptest::{option, prelude::*, sample::select};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{catalogs::Change, model::Model};

/// A catalog, twice: as an index, made in one of the two ways, and as a model.
#[derive(Debug, Clone)]
pub(crate) struct Twice {
    pub(crate) index: Arc<CatalogIndex>,
    pub(crate) model: Model,
}

const REFS: [&str; 9] = [
    "component:default/a",
    "component:default/b",
    "component:default/c",
    "component:default/d",
    "component:default/e",
    "api:default/a",
    "api:default/f",
    "group:default/a",
    "group:default/g",
];

pub(crate) fn some_ref() -> impl Strategy<Value = EntityRef> {
    select(&REFS[..]).prop_map(|text| text.parse().expect("the reference is good"))
}

/// A reference that may be unknown to the whole catalog.
pub(crate) fn any_ref() -> impl Strategy<Value = EntityRef> {
    prop_oneof![9 => some_ref(), 1 => Just("component:default/nobody".parse().expect("the reference is good"))]
}

pub(crate) fn direction() -> impl Strategy<Value = GraphDirection> {
    select(vec![GraphDirection::Outgoing, GraphDirection::Incoming, GraphDirection::Both])
}

pub(crate) fn types() -> impl Strategy<Value = Option<Vec<RelationType>>> {
    let dependencies = vec![RelationType::DependsOn, RelationType::DependencyOf];
    option::of(prop_oneof![
        2 => prop::collection::vec(select(dependencies), 1..3),
        1 => prop::collection::vec(select(RelationType::ALL.to_vec()), 0..4),
    ])
}

pub(crate) fn kind_filter() -> impl Strategy<Value = Option<Filter>> {
    let refs = prop::collection::vec(some_ref(), 0..5).prop_map(|refs| Filter::Not(Box::new(Filter::Ref(refs))));
    option::of(prop_oneof![select(vec!["component", "api", "group"]).prop_map(Filter::kind), refs])
}

fn refs(most: usize) -> impl Strategy<Value = Value> {
    prop::collection::vec(some_ref().prop_map(|entity_ref| Value::from(entity_ref.as_str())), 0..=most)
        .prop_map(Value::from)
}

fn record() -> impl Strategy<Value = EntityRecord> {
    let field = select(vec!["dependsOn", "dependsOn", "dependencyOf", "providesApis", "consumesApis", "children"]);
    let fields = prop::collection::vec((field, refs(3)), 0..4);
    (some_ref(), option::of(some_ref()), fields).prop_map(|(entity_ref, owner, fields)| {
        let mut spec: Map<String, Value> = fields.into_iter().map(|(field, refs)| (field.to_owned(), refs)).collect();
        spec.extend(owner.map(|owner| ("owner".to_owned(), Value::from(owner.as_str()))));
        let document = json!({
            "apiVersion": "v1",
            "kind": entity_ref.kind(),
            "metadata": {"name": entity_ref.name(), "namespace": entity_ref.namespace()},
            "spec": spec,
        });
        EntityRecord {
            entity_ref,
            document: document.to_string().into(),
            hash: [0; 32],
            revision: Revision(1),
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            source: Uuid::nil(),
            location: "file:/catalog.yaml".into(),
        }
    })
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        8 => record().prop_map(|record| Change::Upsert(Arc::new(record))),
        1 => some_ref().prop_map(Change::Remove),
    ]
}

/// Catalogs that were built at once after some of the changes and then went on by changes, so that their numbers are in
/// the order of the references, or not at all, or in part.
pub(crate) fn catalog() -> impl Strategy<Value = Twice> {
    (prop::collection::vec(change(), 0..24), 0usize..32).prop_map(|(changes, built_at)| {
        let mut model = Model::default();
        let mut index = CatalogIndex::empty();
        for (at, change) in changes.iter().enumerate() {
            let revision = Revision(at as u64 + 1);
            model.apply(change);
            index = match at == built_at {
                true => CatalogIndex::build(revision, model.records()),
                false => index.apply(revision, vec![change.to_view()]),
            };
        }
        Twice { index: Arc::new(index), model }
    })
}

//! Random entities and changes, from few names so that much collides.

use std::sync::Arc;

use callboard_entity_model::{EntityRef, Revision};
use callboard_view::{EntityRecord, ViewChange};
use chrono::{DateTime, TimeDelta};
use proptest::{option, prelude::*, sample::select};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// A change, for the view and for the model.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Upsert(Arc<EntityRecord>),
    Remove(EntityRef),
}

impl Change {
    pub(crate) fn to_view(&self) -> ViewChange {
        match self {
            Self::Upsert(record) => ViewChange::Upsert(Arc::clone(record)),
            Self::Remove(entity_ref) => ViewChange::Remove(entity_ref.clone()),
        }
    }
}

const KINDS: [&str; 6] = ["Component", "API", "Group", "User", "System", "Widget"];
const NAMES: [&str; 6] = ["web", "Web-Shop", "pay", "Team", "a.b", "zeta"];
const NAMESPACES: [&str; 2] = ["default", "shop"];

pub(crate) fn source(number: u64) -> Uuid {
    Uuid::from_u64_pair(7, number)
}

pub(crate) fn entity_ref() -> impl Strategy<Value = EntityRef> {
    (select(&KINDS[..]), select(&NAMESPACES[..]), select(&NAMES[..]))
        .prop_map(|(kind, namespace, name)| EntityRef::new(kind, namespace, name).expect("the parts are good"))
}

pub(crate) fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => record().prop_map(|record| Change::Upsert(Arc::new(record))),
        1 => entity_ref().prop_map(Change::Remove),
    ]
}

fn text() -> impl Strategy<Value = String> {
    select(vec!["", "Order service", "order SERVICE", "Größe der Aufträge", "payments", "x1 y2"])
        .prop_map(str::to_owned)
}

fn refs() -> impl Strategy<Value = Value> {
    prop::collection::vec(entity_ref().prop_map(|entity_ref| Value::from(entity_ref.as_str())), 0..4)
        .prop_map(Value::from)
}

fn metadata() -> impl Strategy<Value = Map<String, Value>> {
    let tags = prop::collection::vec(select(vec!["java", "Java", "data", "x.y"]), 0..3);
    let tier = select(vec!["Gold", "gold", "silver"]);
    (option::of(text()), option::of(text()), option::of(tags), option::of(tier), option::of(text())).prop_map(
        |(title, description, tags, tier, note)| {
            let mut fields = Map::new();
            fields.extend(title.map(|title| ("title".to_owned(), Value::from(title))));
            fields.extend(description.map(|text| ("description".to_owned(), Value::from(text))));
            fields.extend(tags.map(|tags| ("tags".to_owned(), Value::from(tags))));
            fields.extend(tier.map(|tier| ("labels".to_owned(), json!({"team.io/tier": tier}))));
            fields.extend(note.map(|note| ("annotations".to_owned(), json!({"example.com/Note": note}))));
            fields
        },
    )
}

fn spec() -> impl Strategy<Value = Map<String, Value>> {
    let kind = option::of(select(vec![json!("service"), json!("Service"), json!("library"), json!(null), json!(7)]));
    let odd = select(vec![
        json!("x".repeat(201)),
        json!("é".repeat(200)),
        json!(null),
        json!(1.5),
        json!(true),
        json!([]),
        json!({"deep": [{"action": "Fetch"}, {"action": ["publish", "Log"]}, "Fetch", ["more"]]}),
    ]);
    let lifecycle = option::of(select(vec!["production", "experimental"]));
    let owner = option::of(entity_ref());
    let related = prop::collection::vec((select(RELATION_FIELDS.to_vec()), refs()), 0..4);
    (kind, lifecycle, owner, related, odd).prop_map(|(kind, lifecycle, owner, related, odd)| {
        let mut fields = Map::new();
        fields.extend(kind.map(|kind| ("type".to_owned(), kind)));
        fields.extend(lifecycle.map(|lifecycle| ("lifecycle".to_owned(), Value::from(lifecycle))));
        fields.extend(owner.map(|owner| ("owner".to_owned(), Value::from(owner.as_str()))));
        fields.extend(related.into_iter().map(|(field, refs)| (field.to_owned(), refs)));
        fields.insert("odd".to_owned(), odd);
        fields
    })
}

const RELATION_FIELDS: [&str; 8] =
    ["system", "dependsOn", "dependencyOf", "providesApis", "consumesApis", "children", "members", "memberOf"];

fn record() -> impl Strategy<Value = EntityRecord> {
    let place = (select(&KINDS[..]), select(&NAMESPACES[..]), select(&NAMES[..]));
    (place, metadata(), option::weighted(0.9, spec()), 0i64..4, 0u64..3).prop_map(
        |((kind, namespace, name), metadata, spec, time, number)| {
            let mut whole =
                json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": namespace}});
            if let Some(fields) = whole["metadata"].as_object_mut() {
                fields.extend(metadata);
            }
            if let Some(mut spec) = spec {
                // `system` takes one reference, not a list.
                if let Some(Value::Array(systems)) = spec.get("system") {
                    let system = systems.first().cloned().unwrap_or(Value::Null);
                    spec.insert("system".to_owned(), system);
                }
                whole["spec"] = Value::Object(spec);
            }
            EntityRecord {
                entity_ref: EntityRef::new(kind, namespace, name).expect("the parts are good"),
                document: whole.to_string().into(),
                hash: [0; 32],
                revision: Revision(1),
                created_at: DateTime::UNIX_EPOCH,
                updated_at: DateTime::UNIX_EPOCH + TimeDelta::microseconds(time * 500_000),
                source: source(number),
                location: "file:/catalog.yaml".into(),
            }
        },
    )
}

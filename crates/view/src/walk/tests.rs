use callboard_entity_model::{EntityRef, Revision};
use chrono::DateTime;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::ViewChange;

fn component(name: &str) -> ViewChange {
    let document = json!({"kind": "Component", "metadata": {"name": name}, "spec": {"dependsOn": ["component:gone"]}});
    ViewChange::Upsert(Arc::new(EntityRecord {
        entity_ref: EntityRef::new("component", "default", name).expect("the parts are good"),
        document: document.to_string().into(),
        hash: [0; 32],
        revision: Revision(1),
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        source: Uuid::nil(),
        location: Arc::from("file:/catalog.yaml"),
    }))
}

fn check_after(after: Option<&str>, expected: &[&str]) {
    // In no order; and one is named that is not there.
    let index = CatalogIndex::empty().apply(Revision(1), ["d", "b", "e", "a"].map(component).into());
    let after = after.map(|text| text.parse().expect("the reference is good"));
    let names: Vec<_> = index.records_after(after.as_ref()).map(|record| record.entity_ref.name()).collect();
    assert_eq!(names, expected, "{after:?}");
}

#[test]
fn records_come_in_the_order_of_their_references() {
    check_after(None, &["a", "b", "d", "e"]);
}

#[test]
fn the_walk_goes_on_after_any_place() {
    check_after(Some("component:b"), &["d", "e"]);
    check_after(Some("component:c"), &["d", "e"]);
    check_after(Some("component:e"), &[]);
    check_after(Some("api:z"), &["a", "b", "d", "e"]);
    check_after(Some("system:a"), &[]);
}

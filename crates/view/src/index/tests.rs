use callboard_entity_model::EntityRef;
use chrono::DateTime;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{FieldPath, RelationDirection, TextTest};

fn entity(kind: &str, name: &str, spec: Value) -> ViewChange {
    let document = json!({"kind": kind, "metadata": {"name": name, "namespace": "default"}, "spec": spec});
    ViewChange::Upsert(Arc::new(EntityRecord {
        entity_ref: EntityRef::new(kind, "default", name).expect("the parts are good"),
        document: document.to_string().into(),
        hash: [0; 32],
        revision: Revision(1),
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        source: Uuid::nil(),
        location: Arc::from("file:/catalog.yaml"),
    }))
}

fn removed(entity_ref: &str) -> ViewChange {
    ViewChange::Remove(entity_ref.parse().expect("the reference is good"))
}

fn index(changes: Vec<ViewChange>) -> Arc<CatalogIndex> {
    Arc::new(CatalogIndex::empty().apply(Revision(1), changes))
}

fn check_selected(index: &Arc<CatalogIndex>, filter: &Filter, expected: &[&str]) {
    let selection = index.select(Some(filter)).expect("the filter is good");
    let mut refs: Vec<_> = index.handles(&selection).map(|entity| entity.entity_ref().to_string()).collect();
    refs.sort();
    assert_eq!(refs, expected, "{filter:?}");
}

fn has_members(direction: Option<RelationDirection>) -> Filter {
    let kind = RelationType::HasMember;
    Filter::HasRelation { kind, direction, targets: None, target_filter: None, exists: true }
}

#[test]
fn what_both_ends_declare_counts_as_outgoing_only() {
    let index = index(vec![
        entity("Group", "both", json!({"children": [], "members": ["ann"]})),
        entity("Group", "other", json!({"children": []})),
        entity("User", "ann", json!({"memberOf": ["both", "other"]})),
    ]);
    check_selected(&index, &has_members(None), &["group:default/both", "group:default/other"]);
    check_selected(&index, &has_members(Some(RelationDirection::Outgoing)), &["group:default/both"]);
    check_selected(&index, &has_members(Some(RelationDirection::Incoming)), &["group:default/other"]);
}

#[test]
fn a_reference_that_nothing_names_any_more_is_forgotten_and_its_place_used_again() {
    let first = index(vec![entity("Component", "web", json!({"owner": "team-a", "dependsOn": ["resource:db"]}))]);
    assert_eq!((first.nodes.len(), first.refs.len()), (3, 3));
    let second = first.apply(Revision(2), vec![entity("Component", "web", json!({"owner": "team-b"}))]);
    assert_eq!(second.refs.len(), 2, "the component and its new owner");
    let gone = second.apply(Revision(3), vec![removed("component:default/web")]);
    assert_eq!((gone.refs.len(), gone.len()), (0, 0));
    let again = gone.apply(Revision(4), vec![entity("Component", "new", json!({"owner": "team-c"}))]);
    assert_eq!(again.nodes.len(), second.nodes.len(), "freed places are used before new ones are made");
}

#[test]
fn an_entity_that_others_name_stays_known_when_it_goes() {
    let index = index(vec![
        entity("Component", "web", json!({"owner": "team-a"})),
        entity("Group", "team-a", json!({"children": []})),
    ]);
    let index = Arc::new(index.apply(Revision(2), vec![removed("group:default/team-a")]));
    let web = index.entity(&"component:default/web".parse().expect("it is good")).expect("it is there");
    let relations = web.relations();
    assert_eq!(relations.len(), 1);
    assert!(relations[0].is_dangling());
}

#[test]
fn an_entity_that_names_itself_can_go() {
    let index = index(vec![entity("Component", "web", json!({"dependsOn": ["component:web"]}))]);
    let index = index.apply(Revision(2), vec![removed("component:default/web")]);
    assert_eq!((index.refs.len(), index.len()), (0, 0));
}

#[test]
fn more_fields_than_are_kept_still_answer() {
    let index = index(vec![entity("Component", "web", json!({"f7": "x"}))]);
    for _round in 0..2 {
        for number in 0..100 {
            let path = FieldPath::parse(&format!("spec.f{number}")).expect("the path is good");
            let expected: &[&str] = if number == 7 { &["component:default/web"] } else { &[] };
            check_selected(&index, &Filter::Field { path, test: TextTest::Exists(true) }, expected);
        }
    }
}

#[test]
fn a_filter_nested_too_deeply_is_refused_with_the_number() {
    let mut filter = Filter::All;
    for _ in 0..100 {
        filter = Filter::Not(Box::new(filter));
    }
    let error = index(Vec::new()).select(Some(&filter)).expect_err("it is too deep");
    assert_eq!(error, QueryError::FilterTooDeep { max: 32 });
}

#[test]
fn the_later_of_two_records_with_one_reference_is_built_in() {
    let records = ["service", "library"].map(|kind| match entity("Component", "web", json!({"type": kind})) {
        ViewChange::Upsert(record) => record,
        ViewChange::Remove(_) => unreachable!("it is made above"),
    });
    let index = Arc::new(CatalogIndex::build(Revision(1), records));
    let is_library = Filter::Field { path: FieldPath::spec_type(), test: TextTest::Equals("Library".to_owned()) };
    assert_eq!(index.len(), 1);
    check_selected(&index, &is_library, &["component:default/web"]);
}

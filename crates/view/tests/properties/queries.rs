//! Random filters and orders over what `catalogs` makes.

use callboard_entity_model::RelationType;
use callboard_view::{Direction, FieldPath, Filter, Order, OrderBy, RelationDirection, TextTest};
use chrono::{DateTime, TimeDelta};
use proptest::{option, prelude::*, sample::select};

use crate::catalogs::{entity_ref, source};

pub(crate) const FACET_FIELDS: [&str; 12] = [
    "kind",
    "type",
    "lifecycle",
    "owner",
    "system",
    "tags",
    "title",
    "metadata.labels.team.io/tier",
    "spec.odd.deep.action",
    "spec.odd",
    "relations.dependsOn",
    "relations.hasMember",
];

fn path() -> impl Strategy<Value = FieldPath> {
    let paths = vec![
        "kind",
        "name",
        "namespace",
        "title",
        "type",
        "lifecycle",
        "tags",
        "metadata.tags.JAVA",
        "metadata.tags.x.y",
        "metadata.labels.team.io/tier",
        "metadata.annotations.example.com/note",
        "spec.odd",
        "spec.odd.deep",
        "spec.odd.deep.fetch",
        "spec.odd.deep.action",
        "spec.odd.deep.action.log",
        "spec.nothing",
        "owner",
        "system",
        "displayName",
        "relations.dependsOn",
        "relations.ownerOf",
    ];
    select(paths).prop_map(|path| FieldPath::parse(path).expect("the path is good"))
}

fn test() -> impl Strategy<Value = TextTest> {
    let value = select(vec![
        "component",
        "API",
        "web",
        "web-shop",
        "Order Service",
        "gold",
        "Java",
        "service",
        "7",
        "true",
        "1.5",
        "fetch",
        "größe der aufträge",
        "group:default/team",
        "user:shop/pay",
        "",
    ]);
    let part = select(vec!["o", "Gr", "shop", "ser", "component:", "a", ""]);
    prop_oneof![
        value.clone().prop_map(|value| TextTest::Equals(value.to_owned())),
        prop::collection::vec(value.prop_map(str::to_owned), 0..4).prop_map(TextTest::In),
        part.clone().prop_map(|part| TextTest::StartsWith(part.to_owned())),
        part.prop_map(|part| TextTest::Contains(part.to_owned())),
        any::<bool>().prop_map(TextTest::Exists),
    ]
}

fn relation_type() -> impl Strategy<Value = RelationType> {
    select(RelationType::ALL.to_vec())
}

fn leaf() -> impl Strategy<Value = Filter> {
    let refs = || prop::collection::vec(entity_ref(), 0..3);
    prop_oneof![
        Just(Filter::All),
        refs().prop_map(Filter::Ref),
        (path(), test()).prop_map(|(path, test)| Filter::Field { path, test }),
        test().prop_map(|test| Filter::Label { key: "team.io/Tier".to_owned(), test }),
        test().prop_map(|test| Filter::Annotation { key: "example.com/Note".to_owned(), test }),
        test().prop_map(Filter::Tag),
        (refs(), any::<bool>()).prop_map(|(refs, transitive)| Filter::Owner { refs, transitive }),
        refs().prop_map(Filter::System),
        (entity_ref(), relation_type()).prop_map(|(source, kind)| Filter::RelatedTo { source, kind }),
        (0i64..5).prop_map(|at| Filter::UpdatedAfter(DateTime::UNIX_EPOCH + TimeDelta::microseconds(at * 500_000))),
        select(vec!["order", "serv ord", "x1", "GRÖ", "a", "!", "web shop", "java"])
            .prop_map(|text| Filter::Text(text.to_owned())),
        prop::collection::vec((0u64..4).prop_map(source), 0..3).prop_map(Filter::Source),
    ]
}

pub(crate) fn filter() -> impl Strategy<Value = Filter> {
    leaf().prop_recursive(3, 12, 3, |below| {
        let direction = select(vec![None, Some(RelationDirection::Outgoing), Some(RelationDirection::Incoming)]);
        let relation = (
            relation_type(),
            direction,
            option::of(prop::collection::vec(entity_ref(), 0..4)),
            option::of(below.clone()),
            any::<bool>(),
        );
        prop_oneof![
            prop::collection::vec(below.clone(), 0..3).prop_map(Filter::And),
            prop::collection::vec(below.clone(), 0..3).prop_map(Filter::Or),
            below.prop_map(|filter| Filter::Not(Box::new(filter))),
            relation.prop_map(|(kind, direction, targets, target_filter, exists)| Filter::HasRelation {
                kind,
                direction,
                targets,
                target_filter: target_filter.map(Box::new),
                exists,
            }),
        ]
    })
}

pub(crate) fn order() -> impl Strategy<Value = Order> {
    let path = |path: &str| OrderBy::Path(FieldPath::parse(path).expect("the path is good"));
    let by = select(vec![
        OrderBy::Name,
        OrderBy::Title,
        OrderBy::Kind,
        OrderBy::Namespace,
        OrderBy::CreatedAt,
        OrderBy::UpdatedAt,
        path("type"),
        path("tags"),
        path("spec.odd"),
        path("kind"),
        path("metadata.labels.team.io/tier"),
    ]);
    let direction = select(vec![Direction::Ascending, Direction::Descending]);
    (by, direction).prop_map(|(by, direction)| Order { by, direction })
}

//! Questions about entities, of any shape that a client could think of.
//!
//! The same name in the answer always means the same field with the same arguments, so that all of them can be merged.

use proptest::prelude::*;

/// Any question.
pub(super) fn questions() -> impl Strategy<Value = String> {
    let parts = (entity_fields(3), connection_fields(3), prop::sample::select(ROOTS));
    parts.prop_map(|(entity, connection, root)| {
        let question = root.replace("ENTITY", &entity).replace("PAGE", &connection);
        format!("{question} {FRAGMENTS}")
    })
}

const FRAGMENTS: &str = "fragment Names on Entity { name ref title }
    fragment Of on Component { type owner { ... on Entity { ref } } }";

const ROOTS: &[&str] = &[
    "{ entities(first: 40) { PAGE } unused: revision ...Use }
     fragment Use on Query { spare: entity(ref: \"x\") { ...Names ...Of } }",
    "{ entity(ref: \"component:default/odd\") { ENTITY } spare: entity(ref: \"x\") { ...Names ...Of } }",
    "{ entities(first: 5) { PAGE nodes { ENTITY } } spare: entity(ref: \"x\") { ...Names ...Of } }",
    "{ entities(last: 7) { PAGE } entities(last: 7) { nodes { ENTITY ...Names ...Of } } }",
    "{ entitiesByRefs(refs: [\"user:ann\", \"odd\", \"lacks-type\", \"gone\"]) { ENTITY ...Names ...Of } }",
    "{ nodes(ids: [\"ZW50aXR5OmNvbXBvbmVudDpkZWZhdWx0L29kZA\"]) { id ... on Entity { ENTITY ...Names ...Of } } }",
];

const PLAIN: &[&str] = &[
    "id",
    "ref",
    "apiVersion",
    "kind",
    "namespace",
    "name",
    "title",
    "displayName",
    "description",
    "tags",
    "metadata",
    "spec",
    "etag",
    "revision",
    "createdAt",
    "updatedAt",
    "ownerRef",
    "__typename",
    "also: title",
    "alsoKind: kind",
    "annotation(key: \"n\")",
    "other: annotation(key: \"a\\\"b\")",
    "title @skip(if: true)",
    "kind @include(if: true)",
    "...Names",
    "...Of",
    "... on Component { type lifecycle }",
    "... on API { type lifecycle definition remotes { url } }",
    "... on Node { id }",
    "... on Entity { ref }",
    "... on Location { targets presence }",
    "... on User { profile { email } }",
    "... on Template { steps { input condition: if } parameters }",
    "... @include(if: false) { spec }",
    "... on CustomEntity { kindType: type }",
    "... on Group { type profile { displayName } }",
    "labels { key value }",
    "labels { value }",
    "annotations { key }",
    "links { url title }",
    "links { icon }",
    "origin { target isReadOnly }",
    "status { level problems { message } }",
    "claims { target }",
];

/// Fields of an entity.
fn entity_fields(depth: u32) -> BoxedStrategy<String> {
    let plain = prop::sample::select(PLAIN).prop_map(str::to_owned);
    let one = if depth == 0 {
        plain.boxed()
    } else {
        let below = entity_fields(depth - 1);
        let page = connection_fields(depth - 1);
        let relations = "relations(first: 3) { nodes { type target { ENTITY } } edges { cursor node { targetRef } } }";
        prop_oneof![
            8 => plain,
            1 => below.clone().prop_map(|it| format!("owner {{ ... on Entity {{ {it} }} }}")),
            1 => below.clone().prop_map(|it| format!("... on Component {{ system {{ ... on Entity {{ {it} }} }} }}")),
            1 => below.clone().prop_map(|it| format!("... on Component {{ subcomponentOf {{ ... on Entity {{ {it} }} }} }}")),
            1 => below.clone().prop_map(|it| format!("... on Entity {{ {it} }}")),
            1 => below.prop_map(move |it| relations.replace("ENTITY", &it)),
            1 => page.clone().prop_map(|it| format!("... on Component {{ dependsOn(first: 2) {{ {it} }} }}")),
            1 => page.clone().prop_map(|it| format!(
                "... on Component {{ byName: dependsOn(orderBy: [{{ field: NAME }}]) {{ {it} }} }}"
            )),
            1 => page.prop_map(|it| format!("... on Group {{ members(first: 2) {{ {it} }} }}")),
        ]
        .boxed()
    };
    prop::collection::vec(one, 1..7).prop_map(|fields| fields.join(" ")).boxed()
}

/// Fields of a page.
fn connection_fields(depth: u32) -> BoxedStrategy<String> {
    let below = entity_fields(depth.saturating_sub(1));
    let one = prop_oneof![
        2 => below.clone().prop_map(|it| format!("nodes {{ {it} }}")),
        2 => below.prop_map(|it| format!("edges {{ cursor node {{ {it} }} }}")),
        1 => prop::sample::select(&[
            "totalCount", "pageInfo { hasNextPage endCursor }", "__typename", "edges { cursor __typename }",
            "facets(fields: [\"kind\"]) { values { value } }", "total: totalCount",
        ][..]).prop_map(str::to_owned),
    ];
    prop::collection::vec(one, 1..4).prop_map(|fields| fields.join(" ")).boxed()
}

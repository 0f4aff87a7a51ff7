//! Questions about relations: neighbourhood, impact, paths and cycles.

use serde_json::{Value, json};

use crate::support::{TestGateway, component, entity};

/// A chain of four components with a diamond in it, a cycle beside it, and what leads nowhere.
async fn layered() -> TestGateway {
    let depends = |name: &str, owner: &str, targets: &[&str]| {
        let mut component = component(name, "service", owner);
        component["spec"]["dependsOn"] = json!(targets);
        component
    };
    let gateway = TestGateway::empty().await;
    let documents = vec![
        depends("web", "team-a", &["component:left", "component:right"]),
        depends("left", "team-a", &["component:core"]),
        depends("right", "team-b", &["component:core"]),
        depends("core", "team-b", &["resource:missing"]),
        depends("ping", "team-a", &["component:pong", "component:web"]),
        depends("pong", "team-b", &["component:ping", "component:pong"]),
        entity("Group", "team-a", json!({ "type": "team", "children": ["team-b"] })),
        entity("Group", "team-b", json!({ "type": "team", "children": ["team-a"] })),
    ];
    gateway.configure("file:/layers.yaml", documents).await;
    gateway
}

fn reference(name: &str) -> String {
    format!("component:default/{name}")
}

#[tokio::test]
async fn a_graph_has_nodes_by_distance_and_the_edges_between_them() {
    let gateway = TestGateway::of_shop().await;
    let node = |reference: &str, distance: u64, is_there: bool, is_expanded: bool, hidden: u64| {
        let entity = if is_there { json!({ "ref": reference }) } else { json!(null) };
        json!({ "ref": reference, "entity": entity, "isRoot": distance == 0, "distance": distance,
                "isExpanded": is_expanded, "hiddenNeighborCount": hidden })
    };
    let edge = |target: &str, kind: &str, inverse: &str| json!({ "source": "component:default/web", "target": target, "type": kind, "inverseType": inverse });
    gateway
        .check(
            r#"{ revision graph(input: { roots: ["web"], direction: OUTGOING }) { revision isComplete truncation { limit }
                 nodes { ref entity { ref } isRoot distance isExpanded hiddenNeighborCount }
                 edges { source target type inverseType } } }"#,
            json!({ "revision": 14, "graph": {
                "revision": 14, "isComplete": true, "truncation": null,
                "nodes": [
                    node("component:default/web", 0, true, true, 0),
                    node("api:default/orders-api", 1, true, false, 1),
                    node("component:default/orders", 1, true, false, 2),
                    node("group:default/team-a", 1, true, false, 1),
                    node("resource:default/missing", 1, false, false, 0),
                    node("system:default/shop", 1, true, false, 1),
                ],
                "edges": [
                    { "source": "api:default/orders-api", "target": "system:default/shop", "type": "partOf", "inverseType": "hasPart" },
                    { "source": "component:default/orders", "target": "system:default/shop", "type": "partOf", "inverseType": "hasPart" },
                    { "source": "component:default/orders", "target": "api:default/orders-api", "type": "providesApi", "inverseType": "apiProvidedBy" },
                    edge("api:default/orders-api", "consumesApi", "apiConsumedBy"),
                    edge("component:default/orders", "dependsOn", "dependencyOf"),
                    edge("resource:default/missing", "dependsOn", "dependencyOf"),
                    edge("group:default/team-a", "ownedBy", "ownerOf"),
                    edge("system:default/shop", "partOf", "hasPart"),
                    { "source": "system:default/shop", "target": "group:default/team-a", "type": "ownedBy", "inverseType": "ownerOf" },
                ],
            } }),
        )
        .await;
}

#[tokio::test]
async fn each_direction_follows_its_side_of_a_relation_whichever_name_it_is_given() {
    let gateway = layered().await;
    for (direction, types, expected) in [
        ("OUTGOING", r#"["dependsOn"]"#, vec!["right", "core"]),
        ("INCOMING", r#"["dependsOn"]"#, vec!["right", "web"]),
        ("BOTH", r#"["dependsOn"]"#, vec!["right", "core", "web"]),
        ("OUTGOING", r#"["dependencyOf"]"#, vec!["right", "web"]),
        ("INCOMING", r#"["dependencyOf"]"#, vec!["right", "core"]),
        ("BOTH", "[]", vec!["right"]),
    ] {
        let query = format!(
            r#"{{ graph(input: {{ roots: ["right"], direction: {direction}, relationTypes: {types} }}) {{ nodes {{ ref }} }} }}"#
        );
        let nodes = gateway.data(&query).await["graph"]["nodes"].take();
        let expected: Vec<Value> = expected.iter().map(|name| json!({ "ref": reference(name) })).collect();
        assert_eq!(nodes, json!(expected), "{direction} {types}");
    }
}

#[tokio::test]
async fn an_inverse_is_an_edge_of_its_own_when_it_is_not_merged() {
    let gateway = layered().await;
    gateway
        .check(
            r#"{ graph(input: { roots: ["left"], direction: OUTGOING, relationTypes: ["dependsOn"], mergeInverse: false }) {
                 edges { source type target inverseType } } }"#,
            json!({ "graph": { "edges": [
                { "source": reference("core"), "type": "dependencyOf", "target": reference("left"), "inverseType": null },
                { "source": reference("left"), "type": "dependsOn", "target": reference("core"), "inverseType": null },
            ] } }),
        )
        .await;
}

#[tokio::test]
async fn a_graph_says_what_limits_and_filters_left_out() {
    let gateway = layered().await;
    gateway
        .check(
            r#"{ few: graph(input: { roots: ["web"], direction: OUTGOING, relationTypes: ["dependsOn"], depth: 3, maxNodes: 2 }) {
                   isComplete truncation { reason limit omittedNodeCount omittedEdgeCount isLowerBound }
                   nodes { ref isExpanded hiddenNeighborCount } }
                 noEdges: graph(input: { roots: ["left"], direction: OUTGOING, relationTypes: ["dependsOn"], maxEdges: 0 }) {
                   isComplete truncation { reason omittedNodeCount omittedEdgeCount } edges { type } }
                 ofTeamA: graph(input: { roots: ["web"], direction: OUTGOING, relationTypes: ["dependsOn"], depth: 3,
                                         filter: { owner: ["team-a"] } }) {
                   isComplete nodes { ref isExpanded hiddenNeighborCount } } }"#,
            json!({
                "few": {
                    "isComplete": false,
                    "truncation": { "reason": "MAX_NODES", "limit": 2, "omittedNodeCount": 3, "omittedEdgeCount": 0, "isLowerBound": false },
                    "nodes": [
                        { "ref": reference("web"), "isExpanded": false, "hiddenNeighborCount": 1 },
                        { "ref": reference("left"), "isExpanded": false, "hiddenNeighborCount": 1 },
                    ],
                },
                "noEdges": {
                    "isComplete": false,
                    "truncation": { "reason": "MAX_EDGES", "omittedNodeCount": 0, "omittedEdgeCount": 1 }, "edges": [],
                },
                "ofTeamA": { "isComplete": true, "nodes": [
                    { "ref": reference("web"), "isExpanded": true, "hiddenNeighborCount": 1 },
                    { "ref": reference("left"), "isExpanded": true, "hiddenNeighborCount": 1 },
                ] },
            }),
        )
        .await;
}

#[tokio::test]
async fn impact_counts_pages_and_explains_what_is_affected() {
    let gateway = layered().await;
    gateway
        .check(
            r#"{ impact(ref: "core") { root { ref } totalCount isComplete truncation { limit } byDistance { distance count }
                 facets(fields: ["owner"]) { values { value count entity { ref } } }
                 affected(first: 3, filter: { owner: ["team-a"] }) { totalCount pageInfo { hasNextPage hasPreviousPage }
                   nodes { ref } edges { distance node { ref } path { length refs steps { source type target entity { ref } } } } } } }"#,
            json!({ "impact": {
                "root": { "ref": reference("core") }, "totalCount": 5, "isComplete": true, "truncation": null,
                "byDistance": [{ "distance": 1, "count": 2 }, { "distance": 2, "count": 1 }, { "distance": 3, "count": 1 }, { "distance": 4, "count": 1 }],
                "facets": [{ "values": [
                    { "value": "group:default/team-a", "count": 3, "entity": { "ref": "group:default/team-a" } },
                    { "value": "group:default/team-b", "count": 2, "entity": { "ref": "group:default/team-b" } },
                ] }],
                "affected": {
                    "totalCount": 3, "pageInfo": { "hasNextPage": false, "hasPreviousPage": false },
                    "nodes": [{ "ref": reference("left") }, { "ref": reference("web") }, { "ref": reference("ping") }],
                    "edges": [
                        { "distance": 1, "node": { "ref": reference("left") }, "path": {
                            "length": 1, "refs": [reference("core"), reference("left")],
                            "steps": [{ "source": reference("core"), "type": "dependencyOf", "target": reference("left"), "entity": { "ref": reference("left") } }] } },
                        { "distance": 2, "node": { "ref": reference("web") }, "path": {
                            "length": 2, "refs": [reference("core"), reference("left"), reference("web")],
                            "steps": [
                                { "source": reference("core"), "type": "dependencyOf", "target": reference("left"), "entity": { "ref": reference("left") } },
                                { "source": reference("left"), "type": "dependencyOf", "target": reference("web"), "entity": { "ref": reference("web") } }] } },
                        { "distance": 3, "node": { "ref": reference("ping") }, "path": {
                            "length": 3, "refs": [reference("core"), reference("left"), reference("web"), reference("ping")],
                            "steps": [
                                { "source": reference("core"), "type": "dependencyOf", "target": reference("left"), "entity": { "ref": reference("left") } },
                                { "source": reference("left"), "type": "dependencyOf", "target": reference("web"), "entity": { "ref": reference("web") } },
                                { "source": reference("web"), "type": "dependencyOf", "target": reference("ping"), "entity": { "ref": reference("ping") } }] } },
                    ],
                },
            } }),
        )
        .await;
}

#[tokio::test]
async fn impact_spreads_through_apis_and_says_when_it_was_cut() {
    let gateway = TestGateway::of_shop().await;
    gateway
        .check(
            r#"{ all: impact(ref: "resource:orders-db") { isComplete affected { nodes { ref } } }
                 near: impact(ref: "resource:orders-db", maxDepth: 1) { totalCount isComplete truncation { reason limit omittedNodeCount } }
                 needs: impact(ref: "web", direction: DEPENDENCIES) { affected { edges { distance node { ref } } } }
                 team: impact(ref: "group:team-b", relationTypes: ["ownedBy"]) { totalCount }
                 nobody: impact(ref: "nobody") { totalCount } missing: impact(ref: "resource:missing") { totalCount } }"#,
            json!({
                "all": { "isComplete": true, "affected": { "nodes": [
                    { "ref": "component:default/orders" }, { "ref": "api:default/orders-api" }, { "ref": "component:default/web" }] } },
                "near": { "totalCount": 1, "isComplete": false, "truncation": { "reason": "MAX_DEPTH", "limit": 1, "omittedNodeCount": 2 } },
                "needs": { "affected": { "edges": [
                    { "distance": 1, "node": { "ref": "api:default/orders-api" } },
                    { "distance": 1, "node": { "ref": "component:default/orders" } },
                    { "distance": 2, "node": { "ref": "resource:default/orders-db" } }] } },
                "team": { "totalCount": 3 },
                "nobody": null, "missing": null,
            }),
        )
        .await;
}

#[tokio::test]
async fn affected_entities_are_paged_without_repeating_or_missing_one() {
    let gateway = layered().await;
    let (mut paged, mut after) = (Vec::new(), json!(null));
    loop {
        let query = r#"query($after: String) { impact(ref: "core") { affected(first: 2, after: $after) {
                         pageInfo { hasNextPage hasPreviousPage endCursor } edges { cursor node { ref } } } } }"#;
        let body = gateway.post(&json!({ "query": query, "variables": { "after": after } })).await.json();
        let page = &body["data"]["impact"]["affected"];
        assert_eq!(page["pageInfo"]["hasPreviousPage"], json!(!after.is_null()), "{body}");
        paged.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["ref"].clone()));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    let expected = ["left", "right", "web", "ping", "pong"].map(reference);
    assert_eq!(paged, expected);
}

#[tokio::test]
async fn a_diamond_has_two_paths_and_an_answer_with_one_of_them_says_so() {
    let gateway = layered().await;
    let via = |name: &str| json!({ "length": 2, "refs": [reference("web"), reference(name), reference("core")] });
    gateway
        .check(
            r#"query { one: paths(input: { from: "web", to: "core" }) { length isExhaustive truncation { reason } paths { length refs } }
                 all: paths(input: { from: "web", to: "core", mode: ALL_SHORTEST }) { isExhaustive paths { length refs } }
                 simple: paths(input: { from: "ping", to: "core", mode: ALL_SIMPLE, maxLength: 2 }) { length isExhaustive truncation { reason limit } paths { length } }
                 back: paths(input: { from: "core", to: "left", direction: INCOMING }) { paths { steps { source type target entity { ref } } } }
                 self: paths(input: { from: "web", to: "web" }) { length isExhaustive paths { refs steps { type } } }
                 none: paths(input: { from: "core", to: "web" }) { length isExhaustive paths { length } }
                 nobody: paths(input: { from: "nobody", to: "web" }) { length isExhaustive paths { length } } }"#,
            json!({
                "one": { "length": 2, "isExhaustive": false, "truncation": null, "paths": [via("left")] },
                "all": { "isExhaustive": true, "paths": [via("left"), via("right")] },
                "simple": { "length": null, "isExhaustive": false, "truncation": { "reason": "MAX_DEPTH", "limit": 2 }, "paths": [] },
                "back": { "paths": [{ "steps": [{ "source": reference("core"), "type": "dependencyOf", "target": reference("left"), "entity": { "ref": reference("left") } }] }] },
                "self": { "length": 0, "isExhaustive": true, "paths": [{ "refs": [reference("web")], "steps": [] }] },
                "none": { "length": null, "isExhaustive": true, "paths": [] },
                "nobody": { "length": null, "isExhaustive": true, "paths": [] },
            }),
        )
        .await;
}

#[tokio::test]
async fn cycles_are_found_with_their_members_and_edges() {
    let gateway = layered().await;
    let edge = |source: &str, target: &str| json!({ "source": reference(source), "type": "dependsOn", "target": reference(target) });
    gateway
        .check(
            r#"{ cycles { totalCount pageInfo { hasNextPage } edges { node { memberCount } }
                   nodes { memberCount edgeCount members { ref } edges { source type target } } }
                 groups: cycles(relationTypes: ["childOf"]) { nodes { members { ref } } }
                 ofTeamB: cycles(filter: { owner: ["team-b"] }) { totalCount }
                 none: cycles(filter: { name: { eq: "web" } }) { totalCount nodes { memberCount } } }"#,
            json!({
                "cycles": { "totalCount": 1, "pageInfo": { "hasNextPage": false }, "edges": [{ "node": { "memberCount": 2 } }], "nodes": [{
                    "memberCount": 2, "edgeCount": 3, "members": [{ "ref": reference("ping") }, { "ref": reference("pong") }],
                    "edges": [edge("ping", "pong"), edge("pong", "ping"), edge("pong", "pong")] }] },
                "groups": { "nodes": [{ "members": [{ "ref": "group:default/team-a" }, { "ref": "group:default/team-b" }] }] },
                "ofTeamB": { "totalCount": 1 },
                "none": { "totalCount": 0, "nodes": [] },
            }),
        )
        .await;
}

#[tokio::test]
async fn groups_above_each_other_own_the_same_things_and_answers_end() {
    let gateway = layered().await;
    gateway
        .check(
            r#"{ a: entity(ref: "group:team-a") { ... on Group { ownerOf { totalCount } all: ownerOf(transitive: true) { totalCount } } }
                 b: entity(ref: "group:team-b") { ... on Group { ownerOf { totalCount } all: ownerOf(transitive: true) { totalCount } } }
                 filtered: entities(filter: { owner: ["team-b"], ownerTransitive: true }) { totalCount } }"#,
            json!({
                "a": { "ownerOf": { "totalCount": 3 }, "all": { "totalCount": 6 } },
                "b": { "ownerOf": { "totalCount": 3 }, "all": { "totalCount": 6 } },
                "filtered": { "totalCount": 6 },
            }),
        )
        .await;
}

#[tokio::test]
async fn an_unknown_root_has_an_empty_graph() {
    let gateway = layered().await;
    gateway
        .check(
            r#"{ graph(input: { roots: ["nobody", "resource:missing"], depth: 1 }) { isComplete nodes { ref entity { ref } isRoot } } }"#,
            json!({ "graph": { "isComplete": true, "nodes": [
                { "ref": "resource:default/missing", "entity": null, "isRoot": true },
                { "ref": reference("core"), "entity": { "ref": reference("core") }, "isRoot": false }] } }),
        )
        .await;
}

#[tokio::test]
async fn more_than_allowed_is_refused_with_the_numbers() {
    let gateway = TestGateway::empty().await;
    for (field, code, message) in [
        (
            "graph(input: { roots: [], maxNodes: 5001 }) { isComplete }",
            "PAGE_SIZE_EXCEEDED",
            "argument `input.maxNodes` is 5001, more than the 5000 allowed",
        ),
        (
            "graph(input: { roots: [], maxNodes: 0 }) { isComplete }",
            "BAD_USER_INPUT",
            "argument `input.maxNodes` must be at least 1",
        ),
        (
            "graph(input: { roots: [], maxEdges: 25001 }) { isComplete }",
            "PAGE_SIZE_EXCEEDED",
            "argument `input.maxEdges` is 25001, more than the 25000 allowed",
        ),
        (
            "graph(input: { roots: [], depth: 101 }) { isComplete }",
            "PAGE_SIZE_EXCEEDED",
            "argument `input.depth` is 101, more than the 100 allowed",
        ),
        (
            "graph(input: { roots: [], depth: -1 }) { isComplete }",
            "BAD_USER_INPUT",
            "argument `input.depth` is -1, but must not be negative",
        ),
        (
            r#"graph(input: { roots: [], relationTypes: ["likes"] }) { isComplete }"#,
            "BAD_USER_INPUT",
            "argument `input.relationTypes` is `likes`, which is no relation type",
        ),
        (
            r#"impact(ref: "a", maxDepth: 101) { totalCount }"#,
            "PAGE_SIZE_EXCEEDED",
            "argument `maxDepth` is 101, more than the 100 allowed",
        ),
        (
            r#"paths(input: { from: "a", to: "b", first: 501 }) { length }"#,
            "PAGE_SIZE_EXCEEDED",
            "argument `input.first` is 501, more than the 500 allowed",
        ),
        (
            r#"paths(input: { from: "a", to: "b", maxLength: 101 }) { length }"#,
            "PAGE_SIZE_EXCEEDED",
            "argument `input.maxLength` is 101, more than the 100 allowed",
        ),
        (
            "cycles(first: 501) { totalCount }",
            "PAGE_SIZE_EXCEEDED",
            "argument `first` is 501, more than the 500 allowed",
        ),
        (r#"cycles(after: "x") { totalCount }"#, "INVALID_CURSOR", "invalid cursor: it is damaged"),
    ] {
        let answer = gateway.ask(&format!("{{ {field} }}")).await;
        assert_eq!(
            (answer.code().as_str(), answer.json()["errors"][0]["message"].as_str().unwrap()),
            (code, message),
            "{field}"
        );
    }
}

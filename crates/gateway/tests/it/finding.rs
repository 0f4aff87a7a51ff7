//! Questions about entities and everything around them.

use serde_json::json;

use crate::support::{TestGateway, component, shop};

#[tokio::test]
async fn an_entity_is_found_by_its_reference_with_all_its_fields() {
    let gateway = TestGateway::of_shop().await;
    gateway
        .check(
            r#"{ entity(ref: "component:default/web") { __typename ref apiVersion kind namespace name title displayName
                 description tags labels { key value } annotation(key: "example.com/dashboard") links { url title icon type }
                 spec ownerRef owner { __typename ... on Group { name } }
                 ... on Component { type lifecycle system { name domain { name } } } } }"#,
            json!({ "entity": {
                "__typename": "Component", "ref": "component:default/web", "apiVersion": "backstage.io/v1alpha1",
                "kind": "Component", "namespace": "default", "name": "web", "title": "Web shop",
                "displayName": "Web shop", "description": "Where people buy.", "tags": ["react", "public"],
                "labels": [{ "key": "tier", "value": "1" }], "annotation": "d-1",
                "links": [{ "url": "https://shop.example.com", "title": "Shop", "icon": null, "type": null }],
                "spec": { "type": "website", "lifecycle": "production", "owner": "team-a", "system": "shop",
                          "consumesApis": ["orders-api"], "dependsOn": ["component:orders", "resource:missing"] },
                "ownerRef": "group:default/team-a", "owner": { "__typename": "Group", "name": "team-a" },
                "type": "website", "lifecycle": "production",
                "system": { "name": "shop", "domain": { "name": "sales" } } } }),
        )
        .await;
}

#[tokio::test]
async fn references_may_be_short_and_in_any_case() {
    let gateway = TestGateway::of_shop().await;
    for reference in ["web", "Component:web", "component:Default/WEB"] {
        gateway
            .check(&format!(r#"{{ entity(ref: "{reference}") {{ name }} }}"#), json!({ "entity": { "name": "web" } }))
            .await;
    }
}

#[tokio::test]
async fn what_does_not_exist_is_null() {
    let gateway = TestGateway::of_shop().await;
    gateway
        .check(r#"{ entity(ref: "nobody") { name } node(id: "zzz") { id } }"#, json!({ "entity": null, "node": null }))
        .await;
}

#[tokio::test]
async fn many_references_keep_their_places() {
    let gateway = TestGateway::of_shop().await;
    gateway
        .check(
            r#"{ entitiesByRefs(refs: ["group:team-b", "nobody", "web"]) { name } }"#,
            json!({ "entitiesByRefs": [{ "name": "team-b" }, null, { "name": "web" }] }),
        )
        .await;
}

#[tokio::test]
async fn typename_is_the_kind_and_custom_kinds_have_one_type() {
    let gateway = TestGateway::of_shop().await;
    let data =
        gateway.data("{ entities(orderBy: [{ field: KIND }, { field: NAME }]) { nodes { __typename kind } } }").await;
    let nodes = data["entities"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), shop().len());
    for node in nodes {
        let expected = if node["kind"] == "Machine" { &json!("CustomEntity") } else { &node["kind"] };
        assert_eq!(&node["__typename"], expected);
    }
}

#[tokio::test]
async fn each_kind_leads_on_by_its_own_fields() {
    let gateway = TestGateway::of_shop().await;
    gateway
        .check(
            r#"{
              orders: entity(ref: "orders") { ... on Component { providesApis { nodes { name } } dependencyOf { nodes { ref } } } }
              api: entity(ref: "api:orders-api") { ... on API { definition remotes { url } providers { nodes { name } } consumers { nodes { name } } } }
              db: entity(ref: "resource:orders-db") { ... on Resource { type dependencyOf { nodes { name } } } }
              shop: entity(ref: "system:shop") { ... on System { type domain { name } components { totalCount } apis { nodes { name } } resources { nodes { name } } } }
              sales: entity(ref: "domain:sales") { ... on Domain { systems { nodes { name } } subdomains { totalCount } } }
              root: entity(ref: "group:team-root") { ... on Group { parent { name } children { nodes { name displayName } } } }
              ann: entity(ref: "user:ann") { displayName ... on User { profile { email } memberOf { nodes { name } } ownerOf { totalCount } } }
              template: entity(ref: "template:new-service") { ... on Template { type parameters steps { id action input if } } }
              location: entity(ref: "location:more") { ... on Location { targets presence } }
              press: entity(ref: "machine:press") { owner { ... on Group { name } } ... on CustomEntity { type } }
            }"#,
            json!({
                "orders": { "providesApis": { "nodes": [{ "name": "orders-api" }] }, "dependencyOf": { "nodes": [{ "ref": "component:default/web" }] } },
                "api": { "definition": "openapi: 3.1.0", "remotes": [], "providers": { "nodes": [{ "name": "orders" }] }, "consumers": { "nodes": [{ "name": "web" }] } },
                "db": { "type": "database", "dependencyOf": { "nodes": [{ "name": "orders" }] } },
                "shop": { "type": null, "domain": { "name": "sales" }, "components": { "totalCount": 2 }, "apis": { "nodes": [{ "name": "orders-api" }] }, "resources": { "nodes": [{ "name": "orders-db" }] } },
                "sales": { "systems": { "nodes": [{ "name": "shop" }] }, "subdomains": { "totalCount": 0 } },
                "root": { "parent": null, "children": { "nodes": [{ "name": "team-a", "displayName": "team-a" }, { "name": "team-b", "displayName": "Team B" }] } },
                "ann": { "displayName": "Ann", "profile": { "email": "ann@example.com" }, "memberOf": { "nodes": [{ "name": "team-a" }] }, "ownerOf": { "totalCount": 0 } },
                "template": { "type": "service", "parameters": [{ "title": "One page" }], "steps": [{ "id": "fetch", "action": "fetch:template", "input": { "a": 1 }, "if": null }] },
                "location": { "targets": ["./a.yaml", "./b.yaml"], "presence": "required" },
                "press": { "owner": { "name": "team-a" }, "type": "hydraulic" },
            }),
        )
        .await;
}

#[tokio::test]
async fn members_and_ownership_reach_down_the_groups_when_asked_to() {
    let gateway = TestGateway::of_shop().await;
    gateway
        .check(
            r#"{ entity(ref: "group:team-root") { ... on Group {
                 members { totalCount } all: members(transitive: true) { nodes { name } }
                 ownerOf { nodes { ref } } below: ownerOf(transitive: true, filter: { kind: { eq: "component" } }) { nodes { name } } } } }"#,
            json!({ "entity": {
                "members": { "totalCount": 0 }, "all": { "nodes": [{ "name": "ann" }, { "name": "bob" }] },
                "ownerOf": { "nodes": [{ "ref": "domain:default/sales" }] },
                "below": { "nodes": [{ "name": "orders" }, { "name": "web" }] } } }),
        )
        .await;
}

#[tokio::test]
async fn relations_show_both_directions_and_what_leads_nowhere() {
    let gateway = TestGateway::of_shop().await;
    let relation = |kind: &str, direction: &str, target: &str, is_there: bool| {
        let target_entity = if is_there { json!({ "ref": target }) } else { json!(null) };
        json!({ "type": kind, "direction": direction, "targetRef": target, "target": target_entity })
    };
    gateway
        .check(
            r#"{ entity(ref: "web") { relations { totalCount nodes { type direction targetRef target { ref } } } } }"#,
            json!({ "entity": { "relations": { "totalCount": 5, "nodes": [
                relation("consumesApi", "OUTGOING", "api:default/orders-api", true),
                relation("dependsOn", "OUTGOING", "component:default/orders", true),
                relation("dependsOn", "OUTGOING", "resource:default/missing", false),
                relation("ownedBy", "OUTGOING", "group:default/team-a", true),
                relation("partOf", "OUTGOING", "system:default/shop", true),
            ] } } }),
        )
        .await;
    gateway
        .check(
            r#"{ entity(ref: "group:team-b") { relations(filter: { types: ["ownerOf"], targetKinds: ["Component"] }) { nodes { direction targetRef } } } }"#,
            json!({ "entity": { "relations": { "nodes": [{ "direction": "INCOMING", "targetRef": "component:default/orders" }] } } }),
        )
        .await;
    gateway
        .check(
            r#"{ entity(ref: "web") { relations(filter: { isDangling: true }) { nodes { targetRef } } } }"#,
            json!({ "entity": { "relations": { "nodes": [{ "targetRef": "resource:default/missing" }] } } }),
        )
        .await;
}

#[tokio::test]
async fn pages_lead_through_the_whole_list_in_both_directions() {
    let gateway = TestGateway::of_shop().await;
    let mut forward = Vec::new();
    let mut after = json!(null);
    loop {
        let query = "query($after: String) { entities(orderBy: [{ field: NAME }], first: 4, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { ref } } }";
        let body = gateway.post(&json!({ "query": query, "variables": { "after": after } })).await.json();
        let page = &body["data"]["entities"];
        assert_eq!(page["totalCount"], shop().len());
        forward.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["ref"].clone()));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    assert_eq!(forward.len(), shop().len());
    let last = gateway
        .data(
            "{ entities(orderBy: [{ field: NAME }], last: 3) { edges { node { ref } } pageInfo { hasPreviousPage } } }",
        )
        .await;
    let last: Vec<_> =
        last["entities"]["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["ref"].clone()).collect();
    assert_eq!(last, forward[forward.len() - 3..]);
}

#[tokio::test]
async fn facets_count_everything_that_was_asked_for_and_name_the_owners() {
    let gateway = TestGateway::of_shop().await;
    gateway
        .check(
            r#"{ entities(filter: { kind: { eq: "Component" } }, first: 1) { totalCount nodes { name }
                 facets(fields: ["type", "owner"]) { field otherCount values { value count entity { displayName } } } } }"#,
            json!({ "entities": { "totalCount": 2, "nodes": [{ "name": "orders" }], "facets": [
                { "field": "type", "otherCount": 0, "values": [
                    { "value": "service", "count": 1, "entity": null }, { "value": "website", "count": 1, "entity": null }] },
                { "field": "owner", "otherCount": 0, "values": [
                    { "value": "group:default/team-a", "count": 1, "entity": { "displayName": "team-a" } },
                    { "value": "group:default/team-b", "count": 1, "entity": { "displayName": "Team B" } }] } ] } }),
        )
        .await;
}

#[tokio::test]
async fn filters_reach_labels_paths_owners_and_relations() {
    let gateway = TestGateway::of_shop().await;
    for (filter, expected) in [
        (r#"{ label: [{ key: "tier", value: { eq: "1" } }] }"#, vec!["web"]),
        (r#"{ annotation: [{ key: "example.com/dashboard" }] }"#, vec!["web"]),
        (r#"{ field: [{ path: "spec.profile.email", value: { contains: "@example" } }] }"#, vec!["ann"]),
        (r#"{ kind: { eq: "component" }, owner: ["team-b"] }"#, vec!["orders"]),
        (r#"{ relation: [{ type: "dependsOn", targetFilter: { kind: { eq: "Resource" } } }] }"#, vec!["orders"]),
        (r#"{ kind: { eq: "component" }, not: { tag: { eq: "react" } } }"#, vec!["orders"]),
        (r#"{ text: "buy" }"#, vec!["web"]),
        (r#"{ or: [{ name: { eq: "ann" } }, { name: { eq: "bob" } }] }"#, vec!["ann", "bob"]),
    ] {
        let data = gateway.data(&format!("{{ entities(filter: {filter}) {{ nodes {{ name }} }} }}")).await;
        let names: Vec<_> =
            data["entities"]["nodes"].as_array().unwrap().iter().map(|node| node["name"].clone()).collect();
        assert_eq!(names, expected, "{filter}");
    }
}

#[tokio::test]
async fn everything_with_an_id_is_found_again_by_it() {
    let gateway = TestGateway::of_shop().await;
    let data = gateway
        .data(r#"{ entity(ref: "web") { id origin { target isReadOnly location { id target isManagedByConfig } } } }"#)
        .await;
    let origin = &data["entity"]["origin"];
    assert_eq!(origin["target"], "file:/shop.yaml");
    assert_eq!((&origin["isReadOnly"], &origin["location"]["isManagedByConfig"]), (&json!(true), &json!(true)));
    let body = json!({
        "query": "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Component { name } ... on RegisteredLocation { target } } }",
        "variables": { "ids": [data["entity"]["id"], origin["location"]["id"], "unknown"] },
    });
    let nodes = gateway.post(&body).await.json()["data"]["nodes"].take();
    assert_eq!(nodes[0], json!({ "__typename": "Component", "id": data["entity"]["id"], "name": "web" }));
    assert_eq!(
        nodes[1],
        json!({ "__typename": "RegisteredLocation", "id": origin["location"]["id"], "target": "/shop.yaml" })
    );
    assert_eq!(nodes[2], json!(null));
}

#[tokio::test]
async fn locations_show_their_entities_and_problems() {
    let gateway = TestGateway::empty().await;
    let mut broken = component("Broken name", "service", "team-a");
    broken["metadata"]["name"] = json!("not a name");
    gateway.configure("file:/half.yaml", vec![component("good", "service", "team-a"), broken]).await;
    gateway
        .check(
            "{ locations { totalCount nodes { type target presence status { level problems { code level target } } entities { nodes { name status { level } } } } } }",
            json!({ "locations": { "totalCount": 1, "nodes": [{
                "type": "file", "target": "/half.yaml", "presence": "REQUIRED",
                "status": { "level": "ERROR", "problems": [{ "code": "INVALID_ENTITY", "level": "ERROR", "target": "file:/half.yaml" }] },
                "entities": { "nodes": [{ "name": "good", "status": { "level": "ERROR" } }] } }] } }),
        )
        .await;
    gateway
        .check(
            "{ problems(filter: { code: [INVALID_ENTITY] }) { totalCount nodes { location { target } } } none: problems(filter: { level: [WARNING] }) { totalCount } }",
            json!({ "problems": { "totalCount": 1, "nodes": [{ "location": { "target": "/half.yaml" } }] }, "none": { "totalCount": 0 } }),
        )
        .await;
    gateway
        .check(
            "{ locations(filter: { statusLevel: [OK] }) { totalCount } }",
            json!({ "locations": { "totalCount": 0 } }),
        )
        .await;
}

#[tokio::test]
async fn kinds_and_relation_types_are_counted() {
    let gateway = TestGateway::of_shop().await;
    let data = gateway.data("{ kinds { name isBuiltIn count schema } relationTypes { name inverse count } }").await;
    let kinds = data["kinds"].as_array().unwrap();
    assert_eq!(kinds.len(), 10);
    assert_eq!((&kinds[0]["name"], &kinds[0]["count"]), (&json!("Component"), &json!(2)));
    assert!(kinds[0]["schema"].is_object(), "{}", kinds[0]);
    assert_eq!(
        (&kinds[9]["name"], &kinds[9]["isBuiltIn"], &kinds[9]["count"]),
        (&json!("Machine"), &json!(false), &json!(1))
    );
    let types = data["relationTypes"].as_array().unwrap();
    assert_eq!(types.len(), 14);
    let member_of = types.iter().find(|it| it["name"] == "memberOf").unwrap();
    assert_eq!((&member_of["inverse"], &member_of["count"]), (&json!("hasMember"), &json!(2)));
}

#[tokio::test]
async fn every_answer_says_its_revision() {
    let gateway = TestGateway::of_shop().await;
    let body = gateway.ask("{ revision }").await.json();
    assert_eq!(body["data"]["revision"], shop().len());
    assert_eq!(body["extensions"]["revision"], shop().len());
}

#[tokio::test]
async fn json_of_the_user_stays_json_whatever_its_keys_are() {
    let gateway = TestGateway::empty().await;
    let mut web = component("web", "service", "team-a");
    web["spec"]["extra"] = json!({ "$serde_json::private::RawValue": "},\"injected\":{" });
    gateway.configure("file:/a.yaml", vec![web]).await;
    // Compared as text: our own JSON library would take the key for its mark of raw text.
    let answer = gateway.ask(r#"{ entity(ref: "web") { spec } }"#).await;
    let expected = r#""extra":{"$serde_json::private::RawValue":"},\"injected\":{"}}}}"#;
    assert!(answer.text.contains(expected), "{}", answer.text);
}

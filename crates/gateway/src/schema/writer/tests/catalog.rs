//! A catalog of documents that no model would let pass, and of some that it would.

use std::sync::{Arc, LazyLock};

use callboard_catalog::{CatalogSnapshot, SourcesView};
use callboard_entity_model::{EntityRef, Revision};
use callboard_view::{CatalogIndex, EntityRecord};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

/// Every kind of character that JSON writes in its own way.
pub(super) const ODD_TEXT: &str = "\"quoted\" \\back\\ /slash/ \u{0}\u{1f}\u{8}\u{c}\n\r\t\u{7f} ü 日本 🦀 \u{2028}";

/// Returns the snapshot of the catalog, which is made once.
pub(super) fn odd_snapshot() -> Arc<CatalogSnapshot> {
    static SNAPSHOT: LazyLock<Arc<CatalogSnapshot>> = LazyLock::new(|| {
        let records = documents().into_iter().enumerate().map(|(place, (entity_ref, document))| {
            let instant = DateTime::<Utc>::from_timestamp(1_790_000_000 + place as i64, place as u32 * 1_000).unwrap();
            Arc::new(EntityRecord {
                entity_ref: entity_ref.parse::<EntityRef>().unwrap(),
                document: document.to_string().into(),
                hash: [place as u8; 32],
                revision: Revision(place as u64 + 1),
                created_at: instant,
                updated_at: instant,
                source: Uuid::nil(),
                location: "file:/catalog-info.yaml".into(),
            })
        });
        let index = Arc::new(CatalogIndex::build(Revision(99), records));
        Arc::new(CatalogSnapshot::new(index, Arc::new(SourcesView::default())))
    });
    Arc::clone(&SNAPSHOT)
}

fn documents() -> Vec<(String, Value)> {
    let mut documents = vec![
        of("component", "plain", json!({ "title": "Plain", "tags": ["java"], "labels": { "tier": "1" } }), software()),
        of(
            "component",
            "odd",
            json!({
                "name": "Odd", "title": ODD_TEXT, "description": "\\\"}]{[,:", "tags": ["a", 1, null, {}, "\u{7f}ü"],
                "annotations": { "a\"b": "x\ny", "\u{1}": "\\", "n": 1 },
                "labels": { "l": ODD_TEXT, "n": null },
                "links": [{ "url": "https://x.test/?a=\"", "title": null }, { "title": "no address" }, 1],
            }),
            json!({ "type": ODD_TEXT, "lifecycle": "", "owner": "group:default/team", "system": "shop",
                    "dependsOn": ["component:default/plain", "api:default/api", "resource:default/gone"] }),
        ),
        of("component", "lacks-type", json!({}), json!({ "lifecycle": "x", "dependsOn": ["component:default/plain"] })),
        of(
            "component",
            "type-of-other-type",
            json!({ "title": 7, "tags": "no" }),
            json!({ "type": 1, "lifecycle": null }),
        ),
        of("component", "1", json!({ "name": 1, "namespace": 2, "title": null, "annotations": null }), software()),
        ("component:default/no-metadata".to_owned(), json!({ "kind": null, "metadata": null, "spec": software() })),
        ("component:default/nothing".to_owned(), json!({})),
        (
            "component:default/turned".to_owned(),
            json!({
                "spec": software(), "metadata": { "tags": [], "name": "turned" }, "kind": "component", "apiVersion": "v2",
            }),
        ),
        of(
            "api",
            "api",
            json!({}),
            json!({ "type": "openapi", "lifecycle": "p", "owner": "user:default/ann",
            "definition": ODD_TEXT.repeat(500), "remotes": [{ "type": "sse", "url": "u" }] }),
        ),
        of("api", "bare", json!({ "description": null }), json!({ "type": "x", "lifecycle": "y", "definition": {} })),
        of("resource", "db", json!({}), json!({ "type": "database", "owner": "team", "system": "shop" })),
        of("system", "shop", json!({ "title": "Shop" }), json!({ "owner": "team", "domain": "sales" })),
        of("domain", "sales", json!({}), json!({ "owner": "nobody", "type": ["list"] })),
        of(
            "group",
            "team",
            json!({}),
            json!({ "type": "team", "children": ["sub"], "profile": { "displayName": "T" } }),
        ),
        of("group", "sub", json!({}), json!({ "type": "team", "children": [], "profile": { "displayName": 1 } })),
        of(
            "user",
            "ann",
            json!({}),
            json!({ "memberOf": ["team"], "profile": { "displayName": ODD_TEXT, "email": "e" } }),
        ),
        of("user", "bob", json!({ "title": "Bob" }), json!({ "memberOf": ["team", "sub"] })),
        of(
            "template",
            "new",
            json!({}),
            json!({ "type": "service", "parameters": { "a": "\u{0}" },
            "steps": [{ "action": "x", "if": true, "input": { "$serde_json::private::RawValue": "{" } }] }),
        ),
        of("location", "files", json!({}), json!({ "target": "a", "targets": ["b", 1], "presence": "optional" })),
        of("location", "bare", json!({}), json!({ "targets": "no", "presence": 1 })),
        of("Robot", "r2", json!({ "labels": [], "links": {} }), json!({ "type": "droid" })),
        of("Robot", "c3", json!({ "annotations": ["x"] }), Value::Null),
    ];
    for place in 0..12 {
        let metadata = json!({ "title": format!("Number {place}"), "tags": [format!("t{}", place % 3)] });
        documents.push(of("component", &format!("n-{place}"), metadata, software()));
    }
    documents
}

fn software() -> Value {
    json!({ "type": "service", "lifecycle": "production", "owner": "team", "system": "shop", "subcomponentOf": "plain",
            "dependsOn": ["resource:default/db", "component:default/odd"], "providesApis": ["api"], "x": [{ "type": 1 }] })
}

fn of(kind: &str, name: &str, metadata: Value, spec: Value) -> (String, Value) {
    let mut all = json!({ "name": name });
    for (key, value) in metadata.as_object().unwrap() {
        all[key] = value.clone();
    }
    let entity_ref = format!("{}:default/{name}", kind.to_lowercase());
    (entity_ref, json!({ "apiVersion": "example.com/v1", "kind": kind, "metadata": all, "spec": spec }))
}

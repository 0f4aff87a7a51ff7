//! The few building blocks that the kinds' schemas are made of.
//!
//! Owns the blocks and the schema of the envelope as users see it; the envelope is checked by `crate::envelope`, which
//! has better messages and more rules than a schema can express.

use serde_json::{Map, Value, json};

use super::KindRules;

/// A string with at least one character.
pub(super) fn text() -> Value {
    json!({ "type": "string", "minLength": 1 })
}

/// A list of strings with at least one character each.
pub(super) fn texts() -> Value {
    json!({ "type": "array", "items": text() })
}

/// A string that may be empty.
pub(super) fn any_text() -> Value {
    json!({ "type": "string" })
}

/// What `if:` takes: an expression, or its outcome.
pub(super) fn condition() -> Value {
    json!({ "type": ["string", "boolean"] })
}

/// An object in which further properties are allowed.
pub(super) fn object<const N: usize>(required: &[&str], properties: [(&str, Value); N]) -> Value {
    let properties: Map<String, Value> =
        properties.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    json!({ "type": "object", "required": required, "properties": properties })
}

/// How a group or a user is shown.
pub(super) fn profile() -> Value {
    object(&[], [("displayName", text()), ("email", text()), ("picture", text())])
}

/// Returns the schema of a whole entity of that kind.
pub(super) fn whole_entity(rules: &KindRules) -> Value {
    let spec = (rules.spec_schema)();
    // A kind may be declared without `spec` only if nothing in it is required, and Backstage wants it even then.
    let mut entity = object(
        &["apiVersion", "kind", "metadata", "spec"],
        [
            ("apiVersion", json!({ "enum": rules.api_versions })),
            ("kind", json!({ "const": rules.name })),
            ("metadata", metadata()),
            ("spec", spec),
        ],
    );
    if let Some(entity) = entity.as_object_mut() {
        entity.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
        entity.insert("title".to_owned(), rules.name.into());
        entity.insert("description".to_owned(), rules.description.into());
        entity.insert("additionalProperties".to_owned(), false.into());
    }
    entity
}

fn metadata() -> Value {
    let name = json!({
        "type": "string", "minLength": 1, "maxLength": 63,
        "pattern": "^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$",
    });
    let namespace = json!({
        "type": "string", "minLength": 1, "maxLength": 63, "default": "default",
        "pattern": "^[a-z0-9]+(-+[a-z0-9]+)*$",
    });
    let tag = json!({
        "type": "string", "minLength": 1, "maxLength": 63,
        "pattern": "^[a-z0-9:+#]+(-[a-z0-9:+#]+)*$",
    });
    let link = object(
        &["url"],
        [("url", json!({ "type": "string", "format": "uri" })), ("title", text()), ("icon", text()), ("type", text())],
    );
    object(
        &["name"],
        [
            ("name", name),
            ("namespace", namespace),
            ("uid", text()),
            ("etag", text()),
            ("title", text()),
            ("description", any_text()),
            ("labels", json!({ "type": "object", "additionalProperties": any_text() })),
            ("annotations", json!({ "type": "object", "additionalProperties": any_text() })),
            ("tags", json!({ "type": "array", "items": tag })),
            ("links", json!({ "type": "array", "items": link })),
        ],
    )
}

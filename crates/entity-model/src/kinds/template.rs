//! The rules of a Template: steps that create something from parameters.
//!
//! Owns its schema and its relations; running the steps is nothing that the catalog does.

use serde_json::{Value, json};

use super::{
    KindRules,
    schema_parts::{any_text, condition, object, text},
};
use crate::relations::{RelationRule, RelationType};

pub(super) static RULES: KindRules = KindRules {
    name: "Template",
    plural: "templates",
    description: "Steps that create something, for example a new component, from parameters that a person fills in.",
    api_versions: &["scaffolder.backstage.io/v1beta3"],
    spec_schema,
    relations: &[RelationRule { field: "owner", relation: RelationType::OwnedBy, default_kind: Some("group") }],
};

fn spec_schema() -> Value {
    object(
        &["type", "steps"],
        [
            ("type", text()),
            ("owner", text()),
            ("lifecycle", text()),
            ("parameters", parameters()),
            ("secrets", object(&[], [("schema", any_object())])),
            ("presentation", presentation()),
            ("EXPERIMENTAL_recovery", object(&[], [("EXPERIMENTAL_strategy", any_text())])),
            ("formDecorators", form_decorators()),
            ("EXPERIMENTAL_formDecorators", form_decorators()),
            ("steps", list_of(step())),
            ("output", output()),
        ],
    )
}

/// One page, or a list of pages; a page is itself a JSON Schema, which is the business of whoever shows the form.
fn parameters() -> Value {
    let page = || object(&[], [("backstage:permissions", permissions())]);
    json!({ "oneOf": [page(), list_of(page())] })
}

fn step() -> Value {
    object(
        &["action"],
        [
            ("id", any_text()),
            ("name", any_text()),
            ("action", any_text()),
            ("input", any_object()),
            ("if", condition()),
            ("backstage:permissions", permissions()),
        ],
    )
}

fn output() -> Value {
    let link =
        object(&[], [("if", condition()), ("url", text()), ("entityRef", text()), ("title", text()), ("icon", text())]);
    let note = object(&[], [("if", condition()), ("title", text()), ("icon", text()), ("content", any_text())]);
    let mut output = object(&[], [("links", list_of(link)), ("text", list_of(note))]);
    output["additionalProperties"] = any_text();
    output
}

fn presentation() -> Value {
    let labels = object(
        &[],
        [("backButtonText", any_text()), ("createButtonText", any_text()), ("reviewButtonText", any_text())],
    );
    object(&[], [("buttonLabels", labels)])
}

fn form_decorators() -> Value {
    list_of(object(&[], [("id", any_text()), ("input", any_object())]))
}

fn permissions() -> Value {
    object(&[], [("tags", list_of(any_text()))])
}

fn list_of(items: Value) -> Value {
    json!({ "type": "array", "items": items })
}

fn any_object() -> Value {
    json!({ "type": "object" })
}

//! What a template adds.

use async_graphql::{Object, SimpleObject};

use crate::schema::{
    entity::{EntityNode, plain_field::PlainField, relation_field::RelationField, typed::EntityKind},
    scalars::JsonScalar,
};

/// The kind `Template`.
pub(crate) struct TemplateKind;

/// The fields that only templates have.
pub(crate) struct TemplateFields<'a>(&'a EntityNode);

/// A step of a template.
#[derive(Debug, SimpleObject)]
pub(crate) struct TemplateStep {
    /// Its id in the template; null when none is written.
    id: Option<String>,
    /// Its name for people; null when none is written.
    name: Option<String>,
    /// The action that it runs, for example `fetch:template`.
    action: String,
    /// The input of the action, expressions included; an empty object when there is none.
    input: JsonScalar,
    /// The condition for running it, an expression or a boolean; null when it always runs.
    #[graphql(name = "if")]
    condition: Option<JsonScalar>,
}

impl EntityKind for TemplateKind {
    const NAME: &'static str = "Template";
    const DESCRIPTION: &'static str = "A recipe for new software: questions and steps.";
    const PLAIN: &'static [PlainField] =
        &[PlainField::required_text("type", "`spec.type`, an open vocabulary: `service`, `website`, …")];
    const RELATIONS: &'static [RelationField] = &[];
    type Fields<'a> = TemplateFields<'a>;

    fn fields(node: &EntityNode) -> TemplateFields<'_> {
        TemplateFields(node)
    }
}

#[Object]
impl<'a> TemplateFields<'a> {
    /// The questions: one JSON Schema per page, with its `ui:` keys.
    async fn parameters(&self) -> Vec<JsonScalar> {
        match self.0.spec_field::<serde_json::Value>("parameters") {
            Some(serde_json::Value::Array(pages)) => pages.iter().map(JsonScalar::from_json).collect(),
            Some(serde_json::Value::Null) | None => Vec::new(),
            Some(page) => vec![JsonScalar::from_json(&page)],
        }
    }

    /// The steps, in the order in which they run.
    async fn steps(&self) -> Vec<TemplateStep> {
        let steps: Vec<serde_json::Value> = self.0.spec_field("steps").unwrap_or_default();
        let text =
            |step: &serde_json::Value, key: &str| step.get(key).and_then(|value| value.as_str()).map(str::to_owned);
        let to_step = |step: serde_json::Value| TemplateStep {
            id: text(&step, "id"),
            name: text(&step, "name"),
            action: text(&step, "action").unwrap_or_default(),
            input: JsonScalar::from_json(step.get("input").unwrap_or(&serde_json::json!({}))),
            condition: step.get("if").map(JsonScalar::from_json),
        };
        steps.into_iter().map(to_step).collect()
    }
}

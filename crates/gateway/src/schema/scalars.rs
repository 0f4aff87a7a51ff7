//! The scalars: texts and numbers with a meaning.
//!
//! Owns how they look in GraphQL. Their meaning belongs to `entity-model`.

use std::borrow::Cow;

use async_graphql::{
    ContextSelectionSet, InputValueError, InputValueResult, OutputType, Positioned, Scalar, ScalarType, ServerResult,
    Value,
    parser::types::Field,
    registry::{MetaType, MetaTypeId, Registry},
};
use callboard_document::JsonValue;
use callboard_entity_model::{DEFAULT_NAMESPACE, EntityRef, EntityRefError, Revision};
use chrono::DateTime;
use serde_json::value::RawValue;

use super::json_text::JsonText;

/// Checks a value that a variable gives for a custom scalar. The error ends the sentence "the value …".
pub(crate) fn check_scalar(name: &str, value: &JsonValue) -> Result<(), String> {
    let text = || value.as_str().ok_or_else(|| format!("`{value}` is no text"));
    match name {
        "EntityRef" => {
            let parsed = EntityRef::parse_with(text()?, Some("component"), DEFAULT_NAMESPACE);
            parsed.map(drop).map_err(|error| format!("is no reference: {error}"))
        }
        "URL" => url::Url::parse(text()?).map(drop).map_err(|error| format!("is no absolute address: {error}")),
        "DateTime" => {
            let parsed = DateTime::parse_from_rfc3339(text()?);
            parsed.map(drop).map_err(|error| format!("is no instant as `2026-01-31T12:00:00Z`: {error}"))
        }
        "Revision" if value.as_u64().is_none() => Err(format!("`{value}` is no whole number from 0 on")),
        _ => Ok(()),
    }
}

/// An entity reference as asked for or answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntityRefScalar(String);

impl EntityRefScalar {
    /// Parses the reference; `default_kind` is meant when it names none.
    pub(crate) fn parse_with(&self, default_kind: &str) -> Result<EntityRef, EntityRefError> {
        EntityRef::parse_with(&self.0, Some(default_kind), DEFAULT_NAMESPACE)
    }

    /// Parses the reference; a component is meant when it names no kind.
    pub(crate) fn parse(&self) -> Result<EntityRef, EntityRefError> {
        self.parse_with("component")
    }
}

impl From<&EntityRef> for EntityRefScalar {
    fn from(entity_ref: &EntityRef) -> Self {
        Self(entity_ref.as_str().to_owned())
    }
}

/// Reference to an entity, `kind:namespace/name`. Answers have the full form in lower case. In questions the namespace may
/// be left out (`default` is meant), and the kind too (a component is meant, or what the argument says).
#[Scalar(
    name = "EntityRef",
    specified_by_url = "https://backstage.io/docs/features/software-catalog/references/#string-references"
)]
impl ScalarType for EntityRefScalar {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => {
                EntityRef::parse_with(&text, Some("component"), DEFAULT_NAMESPACE).map_err(InputValueError::custom)?;
                Ok(Self(text))
            }
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A revision as asked for or answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RevisionScalar(pub(crate) Revision);

impl From<Revision> for RevisionScalar {
    fn from(revision: Revision) -> Self {
        Self(revision)
    }
}

/// Position of a change in the catalog's log, a whole number that grows by one with each change. 0 is before the first.
#[Scalar(name = "Revision", specified_by_url = "https://www.rfc-editor.org/rfc/rfc8259#section-6")]
impl ScalarType for RevisionScalar {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => match number.as_u64() {
                Some(number) => Ok(Self(Revision(number))),
                None => Err(InputValueError::custom("a revision is a whole number that is not negative")),
            },
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::Number(_))
    }

    fn to_value(&self) -> Value {
        Value::from(self.0.0)
    }
}

/// An absolute address as asked for or answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UrlScalar(pub(crate) String);

/// Absolute address, for example `https://example.com/docs`.
#[Scalar(name = "URL", specified_by_url = "https://url.spec.whatwg.org/")]
impl ScalarType for UrlScalar {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => match url::Url::parse(&text) {
                Ok(_) => Ok(Self(text)),
                Err(error) => Err(InputValueError::custom(format!("`{text}` is not an absolute address: {error}"))),
            },
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// Any JSON, given out as it is kept: its text is copied into the answer, never parsed.
#[derive(Debug, Clone)]
pub(crate) struct JsonScalar(Value);

impl JsonScalar {
    /// Takes a piece of JSON text.
    pub(crate) fn from_raw(raw: &RawValue) -> Self {
        let mut text = JsonText::default();
        text.raw(raw.get());
        Self(text.into_value())
    }

    /// Takes a JSON value.
    pub(crate) fn from_json(value: &serde_json::Value) -> Self {
        // Through the text: a value of the user's with a key that marks raw text must stay a value.
        match serde_json::value::to_raw_value(value) {
            Ok(raw) => Self::from_raw(&raw),
            Err(_) => Self(Value::Null),
        }
    }
}

impl OutputType for JsonScalar {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("JSON")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Scalar, |_| MetaType::Scalar {
            name: "JSON".to_owned(),
            description: Some("Any JSON value.".to_owned()),
            is_valid: None,
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            specified_by_url: Some("https://www.rfc-editor.org/rfc/rfc8259".to_owned()),
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        })
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(self.0.clone())
    }
}

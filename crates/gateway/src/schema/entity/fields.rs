//! The fields that every entity has and that are single values.
//!
//! Owns them once, for the interface `Entity` and for its ten types alike. Compound fields stand in `details`, what a kind
//! adds in `kinds`.

use async_graphql::{ID, Object};
use callboard_entity_model::RelationType;
use chrono::{DateTime, Utc};

use super::EntityNode;
use crate::{
    error::GatewayError,
    schema::{
        global_id::GlobalId,
        scalars::{EntityRefScalar, JsonScalar, RevisionScalar},
    },
};

/// The shared fields; this type itself is never shown.
#[Object(name = "EntityFields")]
impl EntityNode {
    /// Opaque key that stays the same for as long as the entity is in the catalog.
    async fn id(&self) -> ID {
        GlobalId::Entity(self.entity_ref().clone()).encode()
    }

    /// The reference, in its full form.
    #[graphql(name = "ref")]
    async fn reference(&self) -> EntityRefScalar {
        self.entity_ref().into()
    }

    /// The version of the kind's form, for example `backstage.io/v1alpha1`.
    async fn api_version(&self) -> &str {
        &self.text().api_version
    }

    /// The kind as written, for example `Component`.
    async fn kind(&self) -> &str {
        &self.text().kind
    }

    /// The namespace, `default` when none is written.
    async fn namespace(&self) -> &str {
        &self.text().namespace
    }

    /// The name as written.
    async fn name(&self) -> &str {
        &self.text().name
    }

    /// The title for people; null when none is written.
    async fn title(&self) -> Option<&str> {
        self.text().title.as_deref()
    }

    /// What to show to people: the title, else the profile's name of a user or group, else the name.
    async fn display_name(&self) -> String {
        let text = self.text();
        if let Some(title) = &text.title {
            return title.clone();
        }
        let profile = match self.entity_ref().kind() {
            "user" | "group" => self.spec_field::<super::parts::Profile>("profile"),
            _ => None,
        };
        profile.and_then(|profile| profile.display_name).unwrap_or_else(|| text.name.clone())
    }

    /// A sentence about it; null when none is written.
    async fn description(&self) -> Option<&str> {
        self.text().description.as_deref()
    }

    /// Tags, in the order written.
    async fn tags(&self) -> &[String] {
        &self.text().tags
    }

    /// The value of one annotation; null when there is none of that key.
    async fn annotation(&self, #[graphql(desc = "The whole key, with its prefix.")] key: String) -> Option<String> {
        self.annotation_value(&key)
    }

    /// `metadata` as a whole.
    async fn metadata(&self) -> Result<JsonScalar, GatewayError> {
        self.json_of(self.metadata_json(), "metadata")
    }

    /// `spec` as a whole; an empty object when there is none.
    async fn spec(&self) -> Result<JsonScalar, GatewayError> {
        self.json_of(self.spec_json(), "spec")
    }

    /// Fingerprint of the stored document: another one after each change.
    async fn etag(&self) -> String {
        self.record().hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The revision that gave it its present form.
    async fn revision(&self) -> RevisionScalar {
        self.record().revision.into()
    }

    /// When it first came into the catalog.
    async fn created_at(&self) -> DateTime<Utc> {
        self.record().created_at
    }

    /// When it got its present form.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.record().updated_at
    }

    /// The reference of its owner; null when it has none. Of several owners, the first.
    async fn owner_ref(&self) -> Option<EntityRefScalar> {
        let relations = self.handle().relations();
        let owner = relations.iter().find(|relation| relation.kind == RelationType::OwnedBy);
        owner.map(|relation| (&relation.target).into())
    }
}

impl EntityNode {
    fn json_of(&self, text: &str, field: &str) -> Result<JsonScalar, GatewayError> {
        let raw = serde_json::from_str(text).map_err(|_| GatewayError::MissingField {
            entity_ref: self.entity_ref().to_string(),
            field: field.to_owned(),
        })?;
        Ok(JsonScalar::from_raw(raw))
    }

    pub(super) fn annotation_value(&self, wanted: &str) -> Option<String> {
        let annotations = super::pick::pick(self.metadata_json(), "annotations")?;
        let value = super::pick::pick(annotations.get(), wanted)?;
        serde_json::from_str(value.get()).ok()
    }
}

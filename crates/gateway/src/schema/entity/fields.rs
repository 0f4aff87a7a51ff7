//! The fields that every entity has.
//!
//! Owns them once, for the interface `Entity` and for its ten types alike. What a kind adds stands in `kinds`.

use async_graphql::{Context, ID, Object};
use callboard_entity_model::RelationType;
use chrono::{DateTime, Utc};

use super::{
    EntityNode, Owner,
    parts::{EntityClaim, EntityLink, EntityOrigin, KeyValue, Status},
};
use crate::{
    error::GatewayError,
    schema::{
        context::ContextExt,
        global_id::GlobalId,
        location::RegisteredLocation,
        page::PageArguments,
        problem,
        relation::{RelationConnection, RelationFilter},
        scalars::{EntityRefScalar, JsonScalar, RevisionScalar, UrlScalar},
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

    /// Labels, in the order written.
    async fn labels(&self) -> Vec<KeyValue> {
        let labels = self.handle().envelope().labels.into_iter();
        labels.map(|(key, value)| KeyValue { key: key.into_owned(), value: value.into_owned() }).collect()
    }

    /// Annotations, in the order written, those about the origin included.
    async fn annotations(&self) -> Vec<KeyValue> {
        let annotations = self.handle().envelope().annotations.into_iter();
        annotations.map(|(key, value)| KeyValue { key: key.into_owned(), value: value.into_owned() }).collect()
    }

    /// The value of one annotation; null when there is none of that key.
    async fn annotation(&self, #[graphql(desc = "The whole key, with its prefix.")] key: String) -> Option<String> {
        self.annotation_value(&key)
    }

    /// Links for people, in the order written.
    async fn links(&self) -> Vec<EntityLink> {
        let links = self.handle().envelope().links.into_iter();
        let link = |link: callboard_view::Link<'_>| EntityLink {
            url: UrlScalar(link.url.into_owned()),
            title: link.title.map(|title| title.into_owned()),
            icon: link.icon.map(|icon| icon.into_owned()),
            kind: link.kind.map(|kind| kind.into_owned()),
        };
        links.map(link).collect()
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

    /// Where it comes from.
    async fn origin(&self) -> EntityOrigin {
        let record = self.record();
        let location = RegisteredLocation::find(self.snapshot(), record.source);
        let view_url = self.annotation_value("backstage.io/view-url");
        let source_url = view_url.or_else(|| record.location.strip_prefix("url:").map(str::to_owned));
        EntityOrigin {
            is_read_only: location.as_ref().is_some_and(RegisteredLocation::is_from_config),
            location,
            target: record.location.to_string(),
            source_url: source_url.map(UrlScalar),
        }
    }

    /// Whether everything is well with what declares it.
    async fn status(&self) -> Status {
        problem::status_of_entity(self)
    }

    /// What other files declare of the same entity: the first keeps it, and the next takes over when the first lets go.
    async fn claims(&self) -> Vec<EntityClaim> {
        let claims = self.snapshot().sources.claims_of(self.entity_ref()).iter();
        let claim = |claim: &callboard_catalog::Claim| EntityClaim {
            location: RegisteredLocation::find(self.snapshot(), claim.source),
            target: claim.location.to_string(),
            since: claim.since,
        };
        claims.map(claim).collect()
    }

    /// The reference of its owner; null when it has none. Of several owners, the first.
    async fn owner_ref(&self) -> Option<EntityRefScalar> {
        let relations = self.handle().relations();
        let owner = relations.iter().find(|relation| relation.kind == RelationType::OwnedBy);
        owner.map(|relation| (&relation.target).into())
    }

    /// Its owner; null when it has none or the reference leads nowhere.
    async fn owner(&self) -> Option<Owner> {
        self.related(RelationType::OwnedBy, None).find_map(Owner::from_node)
    }

    /// Its relations, both those that it declares and those that others declare about it, seen from here: a group has
    /// `ownerOf`, a component `ownedBy`. In the order of type and target.
    async fn relations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which relations; all when left out.")] filter: Option<RelationFilter>,
        #[graphql(desc = "How many from the start; 50 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<RelationConnection, GatewayError> {
        let page = PageArguments { first, after, last, before }.resolve(ctx.settings())?;
        RelationConnection::new(self, filter.unwrap_or_default(), page)
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

    fn annotation_value(&self, wanted: &str) -> Option<String> {
        let annotations = super::pick::pick(self.metadata_json(), "annotations")?;
        let value = super::pick::pick(annotations.get(), wanted)?;
        serde_json::from_str(value.get()).ok()
    }
}

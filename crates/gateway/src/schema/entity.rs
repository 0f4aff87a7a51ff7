//! Entities in GraphQL: the interface `Entity`, its ten types, and what they share.
//!
//! Owns [`EntityNode`], an entity of one snapshot with its text parsed at most once. The shared fields stand once, in
//! `fields`; what each kind adds stands in `kinds`, one file per kind; `typed` puts both together into an object type and
//! `any` into the interface. Finding entities is `view`'s work. Start reading at [`EntityNode`].

mod any;
mod details;
mod fields;
mod kinds;
mod parts;
mod pick;
mod relation_field;
mod typed;

use std::{
    collections::HashSet,
    ops::Range,
    sync::{Arc, OnceLock},
};

use callboard_catalog::CatalogSnapshot;
use callboard_entity_model::{EntityRef, Kind, RelationType};
use callboard_view::{EntityHandle, EntityRecord};
use serde::de::DeserializeOwned;

pub(crate) use any::{AnyEntity, Owner, entity_type_names};
pub(crate) use parts::{Status, StatusLevel};

use crate::error::GatewayError;

/// An entity of one snapshot, and the snapshot, so that everything reached from it is of the same revision.
#[derive(Debug)]
pub(crate) struct EntityNode {
    handle: EntityHandle,
    snapshot: Arc<CatalogSnapshot>,
    text: OnceLock<EntityText>,
}

/// What most questions want of an entity's document, taken out of it once.
#[derive(Debug, Default)]
struct EntityText {
    api_version: String,
    kind: String,
    namespace: String,
    name: String,
    title: Option<String>,
    description: Option<String>,
    tags: Vec<String>,
    /// Where `metadata` stands in the document.
    metadata: Option<Range<usize>>,
    /// Where `spec` stands in the document.
    spec: Option<Range<usize>>,
}

impl EntityNode {
    /// Takes an entity of a snapshot.
    pub(crate) fn new(handle: EntityHandle, snapshot: Arc<CatalogSnapshot>) -> Self {
        Self { handle, snapshot, text: OnceLock::new() }
    }

    /// Finds an entity in a snapshot.
    pub(crate) fn find(snapshot: &Arc<CatalogSnapshot>, entity_ref: &EntityRef) -> Option<Self> {
        let handle = snapshot.index.entity(entity_ref)?;
        Some(Self::new(handle, Arc::clone(snapshot)))
    }

    /// Returns the reference.
    pub(crate) fn entity_ref(&self) -> &EntityRef {
        self.handle.entity_ref()
    }

    /// Returns the snapshot that the entity was read from.
    pub(crate) fn snapshot(&self) -> &Arc<CatalogSnapshot> {
        &self.snapshot
    }

    /// Returns the record as stored.
    pub(crate) fn record(&self) -> &Arc<EntityRecord> {
        self.handle.record()
    }

    /// Returns the handle into the index.
    pub(crate) fn handle(&self) -> &EntityHandle {
        &self.handle
    }

    /// Returns the built-in kind; nothing for a custom one.
    pub(crate) fn built_in_kind(&self) -> Option<Kind> {
        Kind::from_lowercase(self.entity_ref().kind())
    }

    /// Returns the entities that a relation leads to, of one kind when one is given, in the order of their references.
    /// References that lead nowhere are left out.
    fn related(&self, kind: RelationType, target: Option<Kind>) -> impl Iterator<Item = EntityNode> {
        let related = self.handle.related(kind).into_iter();
        let nodes = related.map(|handle| EntityNode::new(handle, Arc::clone(&self.snapshot)));
        nodes.filter(move |node| target.is_none() || node.built_in_kind() == target)
    }

    /// Returns this group and every group below it, at any depth, each once.
    fn with_groups_below(&self) -> Vec<EntityRef> {
        let mut groups = vec![self.entity_ref().clone()];
        let mut seen: HashSet<EntityRef> = groups.iter().cloned().collect();
        let mut waiting = vec![self.handle.clone()];
        while let Some(group) = waiting.pop() {
            for child in group.related(RelationType::ParentOf) {
                if child.entity_ref().kind() == "group" && seen.insert(child.entity_ref().clone()) {
                    groups.push(child.entity_ref().clone());
                    waiting.push(child);
                }
            }
        }
        groups
    }

    fn text(&self) -> &EntityText {
        self.text.get_or_init(|| {
            let document: &str = &self.record().document;
            let envelope = self.handle.envelope();
            // The pieces of the envelope lie in the document itself; their places stay true without the borrow.
            let range_of = |part: &str| {
                let start = part.as_ptr() as usize - document.as_ptr() as usize;
                start..start + part.len()
            };
            EntityText {
                api_version: envelope.api_version.into_owned(),
                kind: envelope.kind.into_owned(),
                namespace: envelope.namespace.into_owned(),
                name: envelope.name.into_owned(),
                title: envelope.title.map(|title| title.into_owned()),
                description: envelope.description.map(|description| description.into_owned()),
                tags: envelope.tags.into_iter().map(|tag| tag.into_owned()).collect(),
                metadata: envelope.metadata.map(|metadata| range_of(metadata.get())),
                spec: envelope.spec.map(|spec| range_of(spec.get())),
            }
        })
    }

    fn metadata_json(&self) -> &str {
        self.json_at(self.text().metadata.as_ref())
    }

    fn spec_json(&self) -> &str {
        self.json_at(self.text().spec.as_ref())
    }

    fn json_at(&self, range: Option<&Range<usize>>) -> &str {
        range.and_then(|range| self.record().document.get(range.clone())).unwrap_or("{}")
    }

    /// Returns a field of `spec`, when it is there and of that type.
    fn spec_field<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        pick::pick(self.spec_json(), key).and_then(|raw| serde_json::from_str(raw.get()).ok())
    }

    /// Returns a field of `spec` that the kind requires.
    fn required_spec_text(&self, key: &'static str) -> Result<String, GatewayError> {
        self.spec_field(key).ok_or_else(|| GatewayError::MissingField {
            entity_ref: self.entity_ref().to_string(),
            field: format!("spec.{key}"),
        })
    }
}

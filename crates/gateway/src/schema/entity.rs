//! Entities in GraphQL: the interface `Entity`, its ten types, and what they share.
//!
//! Owns [`EntityNode`], an entity of one snapshot whose document is walked along at most once. The shared fields stand once,
//! in `fields`; what each kind adds stands in `kinds`, one file per kind; `typed` puts both together into an object type and
//! `any` into the interface; `plan` writes whole entities as text, from the same fields. Finding entities is `view`'s work.
//! Start reading at [`EntityNode`].

mod any;
mod details;
mod fields;
mod kinds;
mod outline;
mod parts;
mod plain_field;
mod plan;
mod relation_field;
mod scan;
mod typed;

use std::{
    collections::HashSet,
    sync::{Arc, OnceLock},
};

use callboard_catalog::CatalogSnapshot;
use callboard_entity_model::{EntityRef, Kind, RelationType};
use callboard_view::{EntityHandle, EntityRecord};
use serde::de::DeserializeOwned;

pub(crate) use any::{AnyEntity, Owner, entity_type_names};
use outline::Outline;
pub(crate) use parts::{Status, StatusLevel};
pub(crate) use plan::Entities;

/// An entity of one snapshot, and the snapshot, so that everything reached from it is of the same revision.
#[derive(Debug)]
pub(crate) struct EntityNode {
    handle: EntityHandle,
    snapshot: Arc<CatalogSnapshot>,
    outline: OnceLock<Outline>,
}

impl EntityNode {
    /// Takes an entity of a snapshot.
    pub(crate) fn new(handle: EntityHandle, snapshot: Arc<CatalogSnapshot>) -> Self {
        Self { handle, snapshot, outline: OnceLock::new() }
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

    /// Returns its owner; nothing when it has none or the reference leads nowhere.
    fn owner(&self) -> Option<Owner> {
        self.related(RelationType::OwnedBy, None).find_map(Owner::from_node)
    }

    fn document(&self) -> &str {
        &self.handle.record().document
    }

    /// Looks for nothing but kind and name: whoever says so wants no other value of the document.
    fn wants_brief_outline(&self) {
        self.outline.get_or_init(|| Outline::brief(self.document()));
    }

    fn outline(&self) -> &Outline {
        self.outline.get_or_init(|| Outline::of(self.document()))
    }

    /// Returns the value of an annotation as written, when it is a text.
    fn annotation_json(&self, key: &str) -> Option<&str> {
        let annotations = self.outline().annotations.of(self.document())?;
        scan::pick(annotations, key).and_then(scan::text)
    }

    /// Returns a field of `spec` as written.
    fn spec_json_field(&self, key: &str) -> Option<&str> {
        self.outline().spec_field(self.document(), key)
    }

    /// Returns a field of `spec`, when it is there and of that type.
    fn spec_field<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        self.spec_json_field(key).and_then(|json| serde_json::from_str(json).ok())
    }
}

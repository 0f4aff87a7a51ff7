//! Handles: one entity, seen in one snapshot.
//!
//! Owns how an entity's relations look from it: Backstage's pairs, whoever declared them.

use std::{fmt, sync::Arc};

use callboard_entity_model::{EntityRef, RelationType};
use roaring::RoaringBitmap;

use crate::{CatalogIndex, EntityRecord, Envelope, RelationDirection};

/// An entity in a snapshot. Cheap to clone; keeps the snapshot in memory.
#[derive(Clone)]
pub struct EntityHandle {
    pub(crate) index: Arc<CatalogIndex>,
    pub(crate) id: u32,
    pub(crate) record: Arc<EntityRecord>,
}

/// A relation as one entity sees it, read "entity KIND target".
#[derive(Debug, Clone)]
pub struct EntityRelation {
    /// The type.
    pub kind: RelationType,
    /// Who declared it; when both did, the entity itself.
    pub direction: RelationDirection,
    /// The other end.
    pub target: EntityRef,
    /// The other end's entity; `None` when there is none of that reference.
    pub entity: Option<EntityHandle>,
}

impl EntityRelation {
    /// Returns whether the other end does not exist.
    #[must_use]
    pub fn is_dangling(&self) -> bool {
        self.entity.is_none()
    }
}

impl EntityHandle {
    /// Returns the record.
    #[must_use]
    pub fn record(&self) -> &Arc<EntityRecord> {
        &self.record
    }

    /// Returns the reference.
    #[must_use]
    pub fn entity_ref(&self) -> &EntityRef {
        &self.record.entity_ref
    }

    /// Returns the snapshot.
    #[must_use]
    pub fn index(&self) -> &Arc<CatalogIndex> {
        &self.index
    }

    /// Reads the document's envelope; the document is parsed at each call.
    #[must_use]
    pub fn envelope(&self) -> Envelope<'_> {
        self.record.envelope()
    }

    /// Returns the relations as seen from this entity, each type and target once, sorted by type and target.
    #[must_use]
    pub fn relations(&self) -> Vec<EntityRelation> {
        let Some(node) = self.index.node(self.id) else {
            return Vec::new();
        };
        let mut relations = Vec::with_capacity(node.outgoing.len());
        for edge in &node.outgoing {
            relations.extend(self.relation(edge.kind, RelationDirection::Outgoing, edge.target));
        }
        for (declared, sources) in &node.incoming {
            let kind = declared.inverse();
            for source in sources.iter().filter(|source| !node.declares(kind, *source)) {
                relations.extend(self.relation(kind, RelationDirection::Incoming, source));
            }
        }
        relations.sort_unstable_by(|left, right| {
            (left.kind.as_str(), &left.target).cmp(&(right.kind.as_str(), &right.target))
        });
        relations
    }

    /// Returns the existing entities that this one has a relation of this type to, sorted by reference.
    #[must_use]
    pub fn related(&self, kind: RelationType) -> Vec<Self> {
        let mut ids = RoaringBitmap::new();
        self.index.add_related(self.id, kind, &mut ids);
        let mut related: Vec<Self> = ids.iter().filter_map(|id| self.index.handle(id)).collect();
        related.sort_unstable_by(|left, right| left.entity_ref().cmp(right.entity_ref()));
        related
    }

    /// Returns the reference that the first relation of this type leads to, in the order of [`Self::relations`], whether
    /// or not there is such an entity.
    #[must_use]
    pub fn first_target(&self, kind: RelationType) -> Option<&EntityRef> {
        let node = self.index.node(self.id)?;
        let sources = node.sources(kind.inverse()).into_iter().flat_map(|sources| sources.iter());
        let targets = node.targets(kind).chain(sources);
        targets.filter_map(|id| self.index.node(id)).map(|target| &target.entity_ref).min()
    }

    fn relation(&self, kind: RelationType, direction: RelationDirection, target: u32) -> Option<EntityRelation> {
        let node = self.index.node(target)?;
        let target_ref = node.entity_ref.clone();
        Some(EntityRelation { kind, direction, target: target_ref, entity: self.index.handle(target) })
    }
}

impl fmt::Debug for EntityHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntityHandle({} at {})", self.record.entity_ref, self.index.revision())
    }
}

impl PartialEq for EntityHandle {
    /// Handles are equal when they show the same entity in the same state.
    fn eq(&self, other: &Self) -> bool {
        self.entity_ref() == other.entity_ref() && self.record == other.record
    }
}

impl Eq for EntityHandle {}

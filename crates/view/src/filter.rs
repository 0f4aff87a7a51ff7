//! Filters: which entities a query wants.
//!
//! Owns the algebra. Evaluating it over the indexes is `crate::select`'s work.

use callboard_entity_model::{EntityRef, RelationType};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::FieldPath;

/// Which entities a query wants. Texts are compared without regard to case, as Backstage does.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// Every entity.
    All,
    /// Entities that all of these want; every entity when there are none.
    And(Vec<Filter>),
    /// Entities that any of these wants; no entity when there are none.
    Or(Vec<Filter>),
    /// Entities that this does not want.
    Not(Box<Filter>),
    /// These entities, as far as they exist.
    Ref(Vec<EntityRef>),
    /// Entities with a value at this path that passes the test; of a list, one element has to.
    Field {
        /// Where the value stands.
        path: FieldPath,
        /// What it has to be.
        test: TextTest,
    },
    /// Entities whose label of this key passes the test.
    Label {
        /// The whole key, with its prefix.
        key: String,
        /// What the value has to be.
        test: TextTest,
    },
    /// Entities whose annotation of this key passes the test.
    Annotation {
        /// The whole key, with its prefix.
        key: String,
        /// What the value has to be.
        test: TextTest,
    },
    /// Entities with a tag that passes the test.
    Tag(TextTest),
    /// Entities that one of these owns.
    Owner {
        /// Groups or users; they need not exist.
        refs: Vec<EntityRef>,
        /// Whether groups below these, at any depth, count as owners too.
        transitive: bool,
    },
    /// Entities that are part of one of these systems.
    System(Vec<EntityRef>),
    /// Entities that have, or have not, a relation.
    HasRelation {
        /// The type, as seen from the entity.
        kind: RelationType,
        /// Who has to have declared it; `None` when that does not matter.
        direction: Option<RelationDirection>,
        /// The other entity has to be one of these; they need not exist.
        targets: Option<Vec<EntityRef>>,
        /// The other entity has to exist and pass this.
        target_filter: Option<Box<Filter>>,
        /// `false` turns it round: entities without such a relation.
        exists: bool,
    },
    /// Entities that `source` has a relation of this type to.
    RelatedTo {
        /// The entity that the relation is seen from; it need not exist.
        source: EntityRef,
        /// The type, as seen from `source`.
        kind: RelationType,
    },
    /// Entities that got their document after this instant.
    UpdatedAfter(DateTime<Utc>),
    /// Entities that have a word beginning with each word of this text, in name, title, description or tags. A text
    /// without any letter or digit wants every entity.
    Text(String),
    /// Entities that one of these sources declares.
    Source(Vec<Uuid>),
}

impl Filter {
    /// Returns the filter that wants entities of this kind.
    #[must_use]
    pub fn kind(kind: impl Into<String>) -> Self {
        Self::Field { path: FieldPath::kind(), test: TextTest::Equals(kind.into()) }
    }
}

/// What a text has to be. Comparison ignores case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextTest {
    /// This.
    Equals(String),
    /// One of these.
    In(Vec<String>),
    /// Anything that starts with this.
    StartsWith(String),
    /// Anything that contains this.
    Contains(String),
    /// Anything at all (`true`), or nothing (`false`).
    Exists(bool),
}

/// Who declared a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RelationDirection {
    /// The entity that it is seen from.
    Outgoing,
    /// The other entity.
    Incoming,
}

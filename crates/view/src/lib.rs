//! The catalog in memory: one immutable snapshot per revision.
//!
//! Pure and synchronous: no I/O, no database, no GraphQL. A [`CatalogIndex`] is made from records
//! ([`CatalogIndex::build`]) or from an older one and what changed ([`CatalogIndex::apply`]), which shares with it
//! everything that did not change. Reading it never waits. Start reading at [`CatalogIndex`]; what can be asked
//! stands in [`Filter`], [`Order`] and [`PageRequest`], and for walks along the relations in [`GraphQuery`],
//! [`ImpactQuery`], [`PathQuery`] and [`CycleQuery`].

mod cursor;
mod envelope;
mod error;
mod extract;
mod facet;
mod field;
mod field_index;
mod filter;
mod graph;
mod handle;
mod index;
mod lazy;
mod node;
mod order;
mod page;
mod postings;
mod record;
mod select;
mod selection;
mod walk;
mod words;

pub use envelope::{Envelope, Link};
pub use error::QueryError;
pub use facet::{Facet, FacetValue};
pub use field::FieldPath;
pub use filter::{Filter, RelationDirection, TextTest};
pub use graph::{
    Affected, AffectedPage, Cycle, CyclePage, CycleQuery, EntityGraph, EntityPath, FoundPaths, GraphDirection,
    GraphEdge, GraphNode, GraphQuery, Impact, ImpactDirection, ImpactQuery, MAX_STEPS, PathMode, PathQuery, PathStep,
    Truncation, TruncationReason,
};
pub use handle::{EntityHandle, EntityRelation};
pub use index::CatalogIndex;
pub use order::{Direction, Order, OrderBy};
pub use page::{EntityEdge, EntityPage, PageRequest};
pub use record::{EntityRecord, ViewChange};
pub use selection::Selection;

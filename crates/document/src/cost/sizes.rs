//! How long the lists of the schema can be.
//!
//! Owns the one table of it. Most lists need no row: `edges` and `nodes` of a connection are as long as its page, a field
//! with an argument `first` is as long as that says, one with a list argument answers one object per item, and the schema
//! knows its own lists. A list that no argument bounds
//! and that leads to other objects is cut by the resolver at a constant from here, and its description says so.

/// The most claims that an entity tells.
pub const MAX_CLAIMS: usize = 100;
/// The most problems that stand beside what they are about; `problems` of the query has them all, page by page.
pub const MAX_PROBLEMS: usize = 100;
/// The most entities that a payload tells; their references are told in full.
pub const MAX_PAYLOAD_ENTITIES: usize = 500;
/// The most errors that a payload tells.
pub const MAX_USER_ERRORS: usize = 20;

/// Answers that take an errand, however few nodes they turn out to have: a walk along relations, or the database.
pub(super) const ERRANDS: &[&str] = &[
    "EntityGraph",
    "Impact",
    "PathResult",
    "CycleConnection",
    "Snapshot",
    "EntityChangeConnection",
    "EntityRevisionConnection",
    "WebhookDeliveryConnection",
    "WebhookSubscriptionConnection",
];
/// What an errand is priced at, beside the nodes of its answer.
pub const ERRAND_PRICE: u64 = 10_000;

/// A number that one field is given and that says how long lists somewhere below it are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// `first` or `last` of a connection.
    Page,
    /// The values of each facet.
    FacetValues,
    /// The nodes of a graph.
    GraphNodes,
    /// The edges of a graph.
    GraphEdges,
    /// Paths between two entities.
    Paths,
    /// The relations of each path: no entity is further away.
    Distance,
}

/// How many slots there are.
pub(super) const SLOT_COUNT: usize = 6;

/// How long a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListSize {
    /// As a slot says.
    Slot(Slot),
    /// At most so many: the resolver sees to it.
    AtMost(usize),
}

/// Lists by their field and the type of their items, and where needed by the type that has the field.
pub(super) const LISTS: &[(&str, &str, &str, ListSize)] = &[
    ("*", "values", "FacetValue", ListSize::Slot(Slot::FacetValues)),
    ("EntityGraph", "nodes", "GraphNode", ListSize::Slot(Slot::GraphNodes)),
    ("EntityGraph", "edges", "GraphEdge", ListSize::Slot(Slot::GraphEdges)),
    ("PathResult", "paths", "EntityPath", ListSize::Slot(Slot::Paths)),
    ("EntityPath", "steps", "PathStep", ListSize::Slot(Slot::Distance)),
    ("Impact", "byDistance", "DistanceCount", ListSize::Slot(Slot::Distance)),
    ("*", "claims", "EntityClaim", ListSize::AtMost(MAX_CLAIMS)),
    ("*", "problems", "Problem", ListSize::AtMost(MAX_PROBLEMS)),
    ("*", "userErrors", "UserError", ListSize::AtMost(MAX_USER_ERRORS)),
    ("RegisterLocationPayload", "entities", "Entity", ListSize::AtMost(MAX_PAYLOAD_ENTITIES)),
];

/// Which arguments fill slots, by the type that a field answers with. A dot leads into an input object.
pub(super) const SLOTS: &[(&str, Slot, &str)] = &[
    ("Facet", Slot::FacetValues, "limit"),
    ("EntityGraph", Slot::GraphNodes, "input.maxNodes"),
    ("EntityGraph", Slot::GraphEdges, "input.maxEdges"),
    ("PathResult", Slot::Paths, "input.first"),
    ("PathResult", Slot::Distance, "input.maxLength"),
    ("Impact", Slot::Distance, "maxDepth"),
];

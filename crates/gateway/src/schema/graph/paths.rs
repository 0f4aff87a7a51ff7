//! Paths from one entity to another.
//!
//! Owns `PathsInput` and `PathResult`.

use std::sync::Arc;

use async_graphql::{Enum, InputObject, SimpleObject};
use callboard_catalog::CatalogSnapshot;
use callboard_view::{MAX_STEPS, PathQuery};

use super::{GraphDirection, MAX_DEPTH, Truncation, any_entity, checked_number, relation_types};
use crate::{
    GatewaySettings,
    error::GatewayError,
    schema::{entity::AnyEntity, scalars::EntityRefScalar},
};

/// Which paths.
#[derive(Debug, Clone, PartialEq, Eq, InputObject)]
pub(crate) struct PathsInput {
    /// Where they start; a component is meant where no kind is named.
    from: EntityRefScalar,
    /// Where they end; a component is meant where no kind is named.
    to: EntityRefScalar,
    /// Which way relations are followed.
    #[graphql(default_with = "GraphDirection::Outgoing")]
    direction: GraphDirection,
    /// Only along relations of these types; the seven of `GraphDirection` when left out.
    relation_types: Option<Vec<String>>,
    /// Which of the paths.
    #[graphql(default)]
    mode: PathMode,
    /// How many relations a path has at most, up to 100.
    #[graphql(default = 10)]
    max_length: i32,
    /// How many paths at most, up to 500.
    #[graphql(default = 5)]
    first: i32,
}

/// Which paths are looked for. Paths that pass the same entities by other relations count as one, which names the first
/// relation type by name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "callboard_view::PathMode")]
pub(crate) enum PathMode {
    /// One of the shortest.
    #[default]
    Shortest,
    /// All that are as short as the shortest.
    AllShortest,
    /// All that pass nothing twice, shortest first.
    AllSimple,
}

/// The paths that were found.
#[derive(Debug, SimpleObject)]
pub(crate) struct PathResult {
    /// The paths, shortest first, then by the references that they pass.
    paths: Vec<EntityPath>,
    /// How many relations the shortest has; null when none was found.
    length: Option<usize>,
    /// Whether these are all: all of the shortest or, for ALL_SIMPLE, all however long. False when there are more than `first`
    /// (or, for SHORTEST, than one), or a limit was met.
    is_exhaustive: bool,
    /// Which limit was met; null when none was, or only `first`.
    truncation: Option<Truncation>,
}

/// A way from one entity to another.
#[derive(Debug, SimpleObject)]
pub(crate) struct EntityPath {
    /// How many relations it has.
    length: usize,
    /// The references that it passes, both ends included.
    refs: Vec<EntityRefScalar>,
    /// Its relations in order.
    steps: Vec<PathStep>,
}

/// A relation of a path: source `type` target.
#[derive(Debug, SimpleObject)]
pub(crate) struct PathStep {
    /// The reference of where it starts.
    source: EntityRefScalar,
    /// The type as seen from the source.
    #[graphql(name = "type")]
    kind: &'static str,
    /// The reference of where it leads.
    target: EntityRefScalar,
    /// The entity where it leads; null when there is none of that reference.
    entity: Option<AnyEntity>,
}

impl EntityPath {
    pub(super) fn new(snapshot: &Arc<CatalogSnapshot>, path: callboard_view::EntityPath) -> Self {
        let step = |step: callboard_view::PathStep| PathStep {
            source: (&step.source).into(),
            kind: step.kind.as_str(),
            target: (&step.target).into(),
            entity: step.entity.map(|entity| any_entity(snapshot, entity)),
        };
        Self {
            length: path.len(),
            refs: path.refs.iter().map(Into::into).collect(),
            steps: path.steps.into_iter().map(step).collect(),
        }
    }
}

/// Answers how one entity leads to another.
pub(crate) fn paths(
    snapshot: &Arc<CatalogSnapshot>,
    settings: &GatewaySettings,
    input: PathsInput,
) -> Result<PathResult, GatewayError> {
    let query = PathQuery {
        from: input.from.parse()?,
        to: input.to.parse()?,
        direction: input.direction.into(),
        types: relation_types("input.relationTypes", input.relation_types)?,
        mode: input.mode.into(),
        max_length: checked_number("input.maxLength", input.max_length, MAX_DEPTH)?,
        first: checked_number("input.first", input.first, settings.max_page_size)?,
        max_steps: MAX_STEPS,
    };
    let found = snapshot.index.paths(&query);
    Ok(PathResult {
        length: found.length,
        is_exhaustive: found.is_exhaustive,
        truncation: found.truncation.map(Into::into),
        paths: found.paths.into_iter().map(|path| EntityPath::new(snapshot, path)).collect(),
    })
}

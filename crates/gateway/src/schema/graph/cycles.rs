//! Cycles: entities that lead to each other.
//!
//! Owns `Cycle` and its pages.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use callboard_catalog::CatalogSnapshot;
use callboard_view::{CyclePage, CycleQuery};

use super::{GraphEdge, MAX_EDGES, any_entity, checked_number, impact::forward, relation_types};
use crate::{
    GatewaySettings,
    error::GatewayError,
    schema::{context::ContextExt, entity::AnyEntity, filter::EntityFilter, page::PageInfo},
};

/// Answers which entities lead to each other.
pub(crate) fn cycles(
    snapshot: &Arc<CatalogSnapshot>,
    settings: &GatewaySettings,
    types: Vec<String>,
    filter: Option<EntityFilter>,
    first: Option<i32>,
    after: Option<String>,
) -> Result<CycleConnection, GatewayError> {
    let (first, after) = forward(first, after, settings)?;
    let query = CycleQuery {
        types: relation_types("relationTypes", Some(types))?.unwrap_or_default(),
        filter: filter.map(EntityFilter::into_filter).transpose()?,
        first,
        after,
    };
    let page = snapshot.index.cycles(&query)?;
    Ok(CycleConnection { snapshot: Arc::clone(snapshot), page })
}

/// A page of cycles.
#[derive(Debug)]
pub(crate) struct CycleConnection {
    snapshot: Arc<CatalogSnapshot>,
    page: CyclePage,
}

impl CycleConnection {
    fn cycle(&self, cycle: &callboard_view::Cycle) -> Cycle {
        Cycle { snapshot: Arc::clone(&self.snapshot), cycle: cycle.clone() }
    }
}

/// A page of cycles.
#[Object]
impl CycleConnection {
    /// The cycles of the page with their cursors.
    async fn edges(&self) -> Vec<CycleEdge> {
        let edge = |cycle| CycleEdge { cursor: callboard_view::Cycle::cursor(cycle), node: self.cycle(cycle) };
        self.page.cycles.iter().map(edge).collect()
    }

    /// The cycles of the page.
    async fn nodes(&self) -> Vec<Cycle> {
        self.page.cycles.iter().map(|cycle| self.cycle(cycle)).collect()
    }

    /// Where the page stands in the whole.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.page.has_next,
            has_previous_page: self.page.has_previous,
            start_cursor: self.page.cycles.first().map(callboard_view::Cycle::cursor),
            end_cursor: self.page.cycles.last().map(callboard_view::Cycle::cursor),
        }
    }

    /// How many cycles there are, this page and all others.
    async fn total_count(&self) -> usize {
        self.page.total
    }
}

/// A cycle of a page with its cursor.
#[derive(Debug, SimpleObject)]
pub(crate) struct CycleEdge {
    /// Marks the place; it stays valid when the catalog changes.
    cursor: String,
    /// The cycle.
    node: Cycle,
}

/// Entities each of which leads to each of the others, as many of them as there are: a strongly connected component.
#[derive(Debug)]
pub(crate) struct Cycle {
    snapshot: Arc<CatalogSnapshot>,
    cycle: callboard_view::Cycle,
}

/// Entities each of which leads to each of the others, as many of them as there are: a strongly connected component.
#[Object]
impl Cycle {
    /// The members, by reference.
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The most members, at most 500; see `memberCount`.", default = 100)] first: i32,
    ) -> Result<Vec<AnyEntity>, GatewayError> {
        let first = checked_number("first", first, ctx.settings().max_page_size)?;
        Ok(self.cycle.members().take(first).map(|entity| any_entity(&self.snapshot, entity)).collect())
    }

    /// How many members there are.
    async fn member_count(&self) -> usize {
        self.cycle.member_count()
    }

    /// The relations between the members, by source, type and target.
    async fn edges(
        &self,
        #[graphql(desc = "The most edges, at most 25000; see `edgeCount`.", default = 500)] first: i32,
    ) -> Result<Vec<GraphEdge>, GatewayError> {
        let first = checked_number("first", first, MAX_EDGES)?;
        Ok(self.cycle.edges().into_iter().take(first).map(Into::into).collect())
    }

    /// How many relations there are between the members.
    async fn edge_count(&self) -> usize {
        self.cycle.edges().len()
    }
}

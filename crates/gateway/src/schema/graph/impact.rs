//! What is affected when an entity changes or fails.
//!
//! Owns `Impact` and the pages of affected entities. The walk is made once per question; pages, counts and facets read its
//! result.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, SimpleObject};
use callboard_catalog::CatalogSnapshot;
use callboard_view::{Affected, AffectedPage, ImpactQuery, MAX_STEPS};

use super::{MAX_DEPTH, Truncation, any_entity, checked_number, paths::EntityPath, relation_types};
use crate::{
    GatewaySettings,
    error::GatewayError,
    schema::{
        connection::{Facet, facets},
        context::ContextExt,
        entity::AnyEntity,
        filter::EntityFilter,
        page::{Page, PageArguments, PageInfo},
        scalars::EntityRefScalar,
    },
};

/// Which side of an entity is looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "callboard_view::ImpactDirection")]
pub(crate) enum ImpactDirection {
    /// What needs it, and so suffers with it.
    #[default]
    Dependents,
    /// What it needs.
    Dependencies,
}

/// The entities that are affected when one changes or fails.
#[derive(Debug)]
pub(crate) struct Impact {
    snapshot: Arc<CatalogSnapshot>,
    impact: Arc<callboard_view::Impact>,
}

/// Answers what an entity affects; nothing when there is no such entity.
pub(crate) fn impact(
    snapshot: &Arc<CatalogSnapshot>,
    root: &EntityRefScalar,
    direction: ImpactDirection,
    types: Option<Vec<String>>,
    max_depth: i32,
) -> Result<Option<Impact>, GatewayError> {
    let query = ImpactQuery {
        root: root.parse()?,
        direction: direction.into(),
        types: relation_types("relationTypes", types)?,
        max_depth: checked_number("maxDepth", max_depth, MAX_DEPTH)?,
        max_steps: MAX_STEPS,
    };
    let impact = snapshot.index.impact(&query);
    Ok(impact.map(|impact| Impact { snapshot: Arc::clone(snapshot), impact: Arc::new(impact) }))
}

/// The entities that are affected when one changes or fails. References that lead nowhere are walked through, but not
/// counted.
#[Object]
impl Impact {
    /// The entity that changes or fails. It is not among the affected.
    async fn root(&self) -> AnyEntity {
        any_entity(&self.snapshot, self.impact.root().clone())
    }

    /// How many entities are affected.
    async fn total_count(&self) -> u64 {
        self.impact.affected().len()
    }

    /// Whether these are all, however far away.
    async fn is_complete(&self) -> bool {
        self.impact.truncation().is_none()
    }

    /// Which limit cut the answer, `maxDepth` for example; null when it is complete.
    async fn truncation(&self) -> Option<Truncation> {
        self.impact.truncation().map(Into::into)
    }

    /// How many are affected at each distance, nearest first.
    async fn by_distance(&self) -> Vec<DistanceCount> {
        let counts = self.impact.by_distance().into_iter();
        counts.map(|(distance, count)| DistanceCount { distance, count }).collect()
    }

    /// How often each value occurs, counted over all affected entities.
    async fn facets(
        &self,
        #[graphql(
            desc = "What to count: `kind`, `namespace`, `type`, `lifecycle`, `owner`, `system`, `tags`, or any path \
                          into the document such as `spec.region` or `metadata.labels.tier`. At most 20."
        )]
        fields: Vec<String>,
        #[graphql(desc = "The most values per field, the most frequent first; at most 1000.", default = 20)] limit: i32,
    ) -> Result<Vec<Facet>, GatewayError> {
        facets(&self.snapshot, self.impact.affected(), &fields, limit)
    }

    /// The affected entities, nearest first, then by reference.
    async fn affected(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which of them; all when left out.")] filter: Option<EntityFilter>,
        #[graphql(desc = "How many from the start; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor.")] after: Option<String>,
    ) -> Result<ImpactConnection, GatewayError> {
        let filter = filter.map(EntityFilter::into_filter).transpose()?;
        let (first, after) = forward(first, after, ctx.settings())?;
        let page = self.impact.page(filter.as_ref(), first, after.as_deref())?;
        let (snapshot, impact) = (Arc::clone(&self.snapshot), Arc::clone(&self.impact));
        Ok(ImpactConnection { snapshot, impact, page })
    }
}

/// Checks the arguments of a list that is only read forward.
pub(super) fn forward(
    first: Option<i32>,
    after: Option<String>,
    settings: &GatewaySettings,
) -> Result<(usize, Option<String>), GatewayError> {
    match (PageArguments { first, after, ..PageArguments::default() }).resolve(settings)? {
        Page::Forward(first, after) => Ok((first, after)),
        Page::Backward(..) => Err(GatewayError::bad_argument("first", "can't be left out here")),
    }
}

/// How many entities are at one distance.
#[derive(Debug, SimpleObject)]
pub(crate) struct DistanceCount {
    /// How many relations away.
    distance: usize,
    /// How many entities.
    count: u64,
}

/// A page of affected entities.
#[derive(Debug)]
pub(crate) struct ImpactConnection {
    snapshot: Arc<CatalogSnapshot>,
    impact: Arc<callboard_view::Impact>,
    page: AffectedPage,
}

/// A page of affected entities.
#[Object]
impl ImpactConnection {
    /// The entities of the page with their cursors and distances.
    async fn edges(&self) -> Vec<ImpactEdge> {
        let edge = |affected: &Affected| ImpactEdge {
            snapshot: Arc::clone(&self.snapshot),
            impact: Arc::clone(&self.impact),
            affected: affected.clone(),
        };
        self.page.affected.iter().map(edge).collect()
    }

    /// The entities of the page.
    async fn nodes(&self) -> Vec<AnyEntity> {
        self.page.affected.iter().map(|affected| any_entity(&self.snapshot, affected.entity.clone())).collect()
    }

    /// Where the page stands in the whole.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.page.has_next,
            has_previous_page: self.page.has_previous,
            start_cursor: self.page.affected.first().map(Affected::cursor),
            end_cursor: self.page.affected.last().map(Affected::cursor),
        }
    }

    /// How many affected entities pass the filter, this page and all others.
    async fn total_count(&self) -> u64 {
        self.page.total
    }
}

/// An affected entity of a page with its cursor.
#[derive(Debug)]
pub(crate) struct ImpactEdge {
    snapshot: Arc<CatalogSnapshot>,
    impact: Arc<callboard_view::Impact>,
    affected: Affected,
}

/// An affected entity of a page with its cursor.
#[Object]
impl ImpactEdge {
    /// Marks the place; it stays valid when the catalog changes.
    async fn cursor(&self) -> String {
        self.affected.cursor()
    }

    /// The entity.
    async fn node(&self) -> AnyEntity {
        any_entity(&self.snapshot, self.affected.entity.clone())
    }

    /// How many relations it is away from the root.
    async fn distance(&self) -> usize {
        self.affected.distance
    }

    /// One of the shortest ways from the root to it.
    async fn path(&self) -> EntityPath {
        EntityPath::new(&self.snapshot, self.impact.path_to(&self.affected))
    }
}

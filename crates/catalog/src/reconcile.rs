//! Reconciliation: from what a source says now to what has to be written.
//!
//! Owns every decision: what appears, changes and goes, who holds an entity that two sources declare, which removals
//! wait for confirmation, which problems are new. [`diff`] and [`resolve`] are pure; [`plan_reading`] feeds them from
//! the database inside the caller's transaction; [`write`] carries a plan out. Start reading at [`plan_reading`].

mod diff;
mod files;
mod problems;
mod resolve;
mod sort;
mod write;

use std::{collections::HashSet, sync::Arc};

use callboard_entity_model::{EntityRef, Problem, Reading};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

pub(crate) use resolve::{EntityWrite, Guard};
pub(crate) use write::{Origin, Written, write};

use crate::{
    CatalogError, HeldRemoval,
    known_files::KnownSource,
    settings::RemovalGuard,
    store::{
        claims::{self, ClaimRow},
        entities::{self, HeldEntity},
        held_removals,
        problems::ScopedProblem,
        source_files::SourceFile,
        sources,
    },
};

/// Past this many files, loading all that a source holds is cheaper than asking file by file.
const MANY_FILES: usize = 1_000;

/// Everything that has to be written for one source.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// Entities that appear or change, in the order in which they get their revisions.
    pub(crate) writes: Vec<EntityWrite>,
    /// Entities that go.
    pub(crate) deletes: Vec<HeldEntity>,
    /// Claims that are new or say something else.
    pub(crate) claim_upserts: Vec<ClaimRow>,
    /// Claims that were let go or have taken over.
    pub(crate) claim_deletes: Vec<(EntityRef, Uuid, Arc<str>)>,
    /// Removals that wait from now on.
    pub(crate) hold_inserts: Vec<HeldRemoval>,
    /// Removals that no longer wait.
    pub(crate) hold_deletes: Vec<EntityRef>,
    /// Every removal that waits afterwards.
    pub(crate) holding: Vec<EntityRef>,
    /// Files that are new or are remembered by something else.
    pub(crate) file_upserts: Vec<(Arc<str>, SourceFile)>,
    /// Files that no longer belong to the source.
    pub(crate) file_deletes: Vec<Arc<str>>,
    /// Problems that are new or moved.
    pub(crate) problem_upserts: Vec<ScopedProblem>,
    /// Problems that are solved.
    pub(crate) problem_deletes: Vec<Uuid>,
    /// Sources of entities that were brought back and that this source declares again: they hold nothing any more.
    pub(crate) superseded: Vec<Uuid>,
    /// What the conflicts with other sources look like to a person; stored as claims.
    pub(crate) conflicts: Vec<Problem>,
    /// The problems of the source as a whole, when the plan comes from a reading.
    pub(crate) source_problems: Option<Vec<Problem>>,
    /// Whether a file could not be read.
    pub(crate) has_failures: bool,
}

impl Plan {
    /// Returns whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        !self.changes_entities() && !self.changes_sources()
    }

    /// Returns whether the log grows.
    pub(crate) fn changes_entities(&self) -> bool {
        !(self.writes.is_empty() && self.deletes.is_empty())
    }

    /// Returns whether something changes that [`crate::SourcesView`] shows.
    pub(crate) fn changes_view_of_sources(&self) -> bool {
        !(self.claim_upserts.is_empty()
            && self.claim_deletes.is_empty()
            && self.hold_inserts.is_empty()
            && self.hold_deletes.is_empty()
            && self.problem_upserts.is_empty()
            && self.problem_deletes.is_empty()
            && self.superseded.is_empty())
    }

    fn changes_sources(&self) -> bool {
        self.changes_view_of_sources() || !(self.file_upserts.is_empty() && self.file_deletes.is_empty())
    }
}

/// Works out what a reading of a source changes.
pub(crate) async fn plan_reading(
    connection: &impl ConnectionTrait,
    source: Uuid,
    known: &KnownSource,
    reading: Reading,
    guard: RemovalGuard,
    now: DateTime<Utc>,
) -> Result<Plan, CatalogError> {
    let source_problems = reading.problems.clone();
    let sorted = sort::sort(reading, known);
    let touched = sorted.touched_locations();
    let is_new = known.version == 0;
    let (held, own_claims, waiting) = if is_new {
        (Vec::new(), Vec::new(), Vec::new())
    } else {
        let asked = (touched.len() <= MANY_FILES).then_some(&touched[..]);
        let mut held = entities::load_held(connection, source, asked).await?;
        let mut own_claims = claims::of_source(connection, source).await?;
        let is_touched = |location: &Arc<str>| sorted.is_touched(location);
        held.retain(|entity| is_touched(&entity.location));
        own_claims.retain(|claim| is_touched(&claim.location));
        (held, own_claims, held_removals::load(connection, Some(source)).await?)
    };
    let stored_problems = if is_new {
        Vec::new()
    } else {
        crate::store::problems::in_scopes(connection, source, &sorted.problem_scopes()).await?
    };
    let problem_plan = problems::compare(source, &sorted, stored_problems, now);
    let diff = diff::diff(source, sorted.read, held, own_claims);
    let declared: Vec<EntityRef> =
        diff.declarations.iter().map(|declared| declared.entity.entity_ref.clone()).collect();
    let released: Vec<EntityRef> = diff.released.iter().map(|entity| entity.entity_ref.clone()).collect();
    let holders = entities::load_holders(connection, &declared).await?;
    let yielding = sources::find_restored(connection, holders.values().map(|holder| holder.source)).await?;
    let successors = claims::on_entities(connection, &released).await?;
    // The count matters to the guard only when something may go.
    let total = if released.is_empty() { 0 } else { entities::count_held(connection, source).await? };
    let waiting_before = waiting.clone();
    let mut plan = resolve::resolve(
        source,
        diff,
        &resolve::Others { holders, yielding, successors },
        &resolve::Waiting { removals: waiting, touched: &sorted.touched },
        Guard::Hold { guard, total },
        now,
    );
    let holding: HashSet<&EntityRef> = plan.holding.iter().collect();
    let waiting_in: HashSet<Arc<str>> = waiting_before
        .iter()
        .chain(&plan.hold_inserts)
        .filter(|removal| holding.contains(&removal.entity_ref))
        .map(|removal| Arc::clone(&removal.location))
        .collect();
    files::compare(&mut plan, known, sorted.files, sorted.gone, &waiting_in);
    (plan.problem_upserts, plan.problem_deletes) = problem_plan;
    plan.source_problems = Some(source_problems);
    plan.has_failures = sorted.has_failures;
    Ok(plan)
}

/// Works out what happens when a source lets go of everything, or (with `only`) of some entities.
pub(crate) async fn plan_release(
    connection: &impl ConnectionTrait,
    source: Uuid,
    only: Option<&[EntityRef]>,
    guard: Option<RemovalGuard>,
    now: DateTime<Utc>,
) -> Result<Plan, CatalogError> {
    let mut held = entities::load_held(connection, source, None).await?;
    let total = held.len();
    let released_claims = match only {
        None => claims::of_source(connection, source).await?,
        Some(refs) => {
            let refs: HashSet<&EntityRef> = refs.iter().collect();
            held.retain(|entity| refs.contains(&entity.entity_ref));
            Vec::new()
        }
    };
    held.sort_by_key(|entity| entity.revision);
    let released: Vec<EntityRef> = held.iter().map(|entity| entity.entity_ref.clone()).collect();
    let successors = claims::on_entities(connection, &released).await?;
    let waiting = held_removals::load(connection, Some(source)).await?;
    let touched = waiting.iter().map(|removal| Arc::clone(&removal.location)).collect();
    let diff = diff::Diff { released: held, released_claims, ..diff::Diff::default() };
    let guard = guard.map_or(Guard::Remove, |guard| Guard::Hold { guard, total });
    let others = resolve::Others { successors, ..resolve::Others::default() };
    Ok(resolve::resolve(source, diff, &others, &resolve::Waiting { removals: waiting, touched: &touched }, guard, now))
}

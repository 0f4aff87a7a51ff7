//! From a difference to a plan: who holds each entity afterwards, and what has to wait.
//!
//! Owns four rules. The first source keeps an entity, a later one has a claim. When the holder lets go, the same
//! source's other files come first, then the oldest claim. A removal that is too large is held. An entity that was
//! brought back is held only until a source declares it. Pure.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use callboard_entity_model::{ContentHash, EntityRef, Revision};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Plan,
    diff::{Declared, Diff},
};
use crate::{
    HeldRemoval, Operation, RemovalGuard,
    sources_view::conflict_problem,
    store::{claims::ClaimRow, entities::HeldEntity},
};

/// An entity as it is to be written.
#[derive(Debug)]
pub(crate) struct EntityWrite {
    pub(crate) operation: Operation,
    pub(crate) entity_ref: EntityRef,
    pub(crate) source: Uuid,
    pub(crate) location: Arc<str>,
    pub(crate) document: Box<str>,
    pub(crate) hash: ContentHash,
    /// When it first appeared; now.
    pub(crate) created_at: DateTime<Utc>,
    /// The change that made the state before.
    pub(crate) previous: Option<Revision>,
}

/// What others hold and claim of the entities concerned.
#[derive(Debug, Default)]
pub(super) struct Others {
    /// Who holds the entities that are declared newly.
    pub(super) holders: HashMap<EntityRef, HeldEntity>,
    /// Which of these holders yield to whoever declares what they hold: those of entities that were brought back.
    pub(super) yielding: HashSet<Uuid>,
    /// The claims on the entities that are let go, oldest first.
    pub(super) successors: HashMap<EntityRef, Vec<ClaimRow>>,
}

/// The removals of the source that wait already.
#[derive(Debug)]
pub(super) struct Waiting<'a> {
    pub(super) removals: Vec<HeldRemoval>,
    /// The files about which the reading says something definite.
    pub(super) touched: &'a HashSet<Arc<str>>,
}

/// What to do with removals.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Guard {
    /// Remove at once: somebody asked for it.
    Remove,
    /// Hold them when they are too many of `total`.
    Hold { guard: RemovalGuard, total: usize },
}

/// Decides.
pub(super) fn resolve(
    source: Uuid,
    diff: Diff,
    others: &Others,
    waiting: &Waiting<'_>,
    guard: Guard,
    now: DateTime<Utc>,
) -> Plan {
    let mut plan = Plan { claim_upserts: diff.claim_updates, ..Plan::default() };
    let abandoned: HashSet<(EntityRef, Arc<str>)> =
        diff.released_claims.iter().map(|claim| (claim.entity_ref.clone(), Arc::clone(&claim.location))).collect();
    plan.claim_deletes =
        diff.released_claims.into_iter().map(|claim| (claim.entity_ref, source, claim.location)).collect();
    for (current, declared) in diff.updates {
        plan.writes.push(written(source, declared, Some(&current), now));
    }
    let mut released: HashMap<EntityRef, HeldEntity> =
        diff.released.iter().map(|entity| (entity.entity_ref.clone(), entity.clone())).collect();
    let mut taken: HashMap<EntityRef, Arc<str>> = HashMap::new();
    for declared in diff.declarations {
        let reference = declared.entity.entity_ref.clone();
        let moved = released.remove(&reference);
        let holder = others.holders.get(&reference).filter(|_| moved.is_none());
        let yields = |holder: &&HeldEntity| others.yielding.contains(&holder.source) && !taken.contains_key(&reference);
        if let Some(holder) = holder.filter(yields) {
            plan.superseded.push(holder.source);
            taken.insert(reference, Arc::clone(&declared.location));
            plan.writes.push(written(source, declared, Some(holder), now));
            continue;
        }
        let holder = match (taken.get(&reference), holder) {
            (Some(location), _) => Some((source, location)),
            (None, Some(holder)) => Some((holder.source, &holder.location)),
            (None, None) => None,
        };
        if let Some((holder, location)) = holder {
            plan.conflicts.push(conflict_problem(&reference, &declared.location, location, holder == source));
            plan.claim_upserts.push(claim(source, declared, now));
        } else {
            taken.insert(reference, Arc::clone(&declared.location));
            plan.writes.push(written(source, declared, moved.as_ref(), now));
        }
    }
    let mut removals = Vec::new();
    for entity in diff.released.into_iter().filter(|entity| released.contains_key(&entity.entity_ref)) {
        let claims = others.successors.get(&entity.entity_ref).map_or(&[][..], Vec::as_slice);
        let is_open = |claim: &&ClaimRow| {
            claim.source != source || !abandoned.contains(&(claim.entity_ref.clone(), Arc::clone(&claim.location)))
        };
        let own = claims.iter().filter(is_open).find(|claim| claim.source == source);
        match own.or_else(|| claims.iter().find(is_open)) {
            Some(claim) => {
                plan.claim_deletes.push((claim.entity_ref.clone(), claim.source, Arc::clone(&claim.location)));
                // What the same reading has just changed about the claim counts, not what was stored.
                let is_same = |other: &ClaimRow| {
                    (&other.entity_ref, other.source, &other.location)
                        == (&claim.entity_ref, claim.source, &claim.location)
                };
                let newer = plan.claim_upserts.iter().position(is_same).map(|at| plan.claim_upserts.swap_remove(at));
                let claim = newer.unwrap_or_else(|| claim.clone());
                plan.writes.push(EntityWrite {
                    operation: Operation::Updated,
                    entity_ref: entity.entity_ref,
                    source: claim.source,
                    location: claim.location,
                    document: claim.document,
                    hash: claim.hash,
                    created_at: entity.created_at,
                    previous: Some(entity.revision),
                });
            }
            None => removals.push(entity),
        }
    }
    hold_or_remove(&mut plan, source, removals, waiting, guard, now);
    plan
}

/// Splits removals into those that happen and those that wait, and ends the waiting of what is declared again.
fn hold_or_remove(
    plan: &mut Plan,
    source: Uuid,
    removals: Vec<HeldEntity>,
    waiting: &Waiting<'_>,
    guard: Guard,
    now: DateTime<Utc>,
) {
    let already: HashSet<&EntityRef> = waiting.removals.iter().map(|removal| &removal.entity_ref).collect();
    let mut still_waiting: HashSet<EntityRef> = HashSet::new();
    match guard {
        Guard::Remove => plan.deletes = removals,
        Guard::Hold { guard, total } => {
            let (old, new): (Vec<_>, Vec<_>) =
                removals.into_iter().partition(|entity| already.contains(&entity.entity_ref));
            still_waiting.extend(old.into_iter().map(|entity| entity.entity_ref));
            if guard.holds(new.len(), total) {
                plan.hold_inserts = new
                    .into_iter()
                    .map(|entity| HeldRemoval {
                        source,
                        entity_ref: entity.entity_ref,
                        location: entity.location,
                        since: now,
                    })
                    .collect();
            } else {
                plan.deletes = new;
            }
        }
    }
    for removal in &waiting.removals {
        let is_settled = waiting.touched.contains(&removal.location) && !still_waiting.contains(&removal.entity_ref);
        if is_settled {
            plan.hold_deletes.push(removal.entity_ref.clone());
        } else {
            plan.holding.push(removal.entity_ref.clone());
        }
    }
    plan.holding.extend(plan.hold_inserts.iter().map(|removal| removal.entity_ref.clone()));
}

fn written(source: Uuid, declared: Declared, current: Option<&HeldEntity>, now: DateTime<Utc>) -> EntityWrite {
    EntityWrite {
        operation: if current.is_some() { Operation::Updated } else { Operation::Created },
        entity_ref: declared.entity.entity_ref,
        source,
        location: declared.location,
        document: declared.entity.document,
        hash: declared.entity.hash,
        created_at: current.map_or(now, |current| current.created_at),
        previous: current.map(|current| current.revision),
    }
}

fn claim(source: Uuid, declared: Declared, now: DateTime<Utc>) -> ClaimRow {
    ClaimRow {
        entity_ref: declared.entity.entity_ref,
        source,
        location: declared.location,
        document: declared.entity.document,
        hash: declared.entity.hash,
        since: now,
    }
}

//! The difference between what a source says in the files that were read, and what is stored of it.
//!
//! Owns the comparison within one source; other sources are looked at in `super::resolve`. Pure.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use callboard_entity_model::{EntityRef, ReadEntity};
use uuid::Uuid;

use super::sort::ReadFile;
use crate::store::{claims::ClaimRow, entities::HeldEntity};

/// An entity in a file.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) location: Arc<str>,
    pub(super) entity: ReadEntity,
}

/// What is different.
#[derive(Debug, Default)]
pub(super) struct Diff {
    /// Entities that the source holds and that say something else now.
    pub(super) updates: Vec<(HeldEntity, Declared)>,
    /// Entities that the file did not declare before.
    pub(super) declarations: Vec<Declared>,
    /// Claims that say something else now.
    pub(super) claim_updates: Vec<ClaimRow>,
    /// Entities that the source holds but that the file no longer declares, in the order of their revisions.
    pub(super) released: Vec<HeldEntity>,
    /// Claims that the file no longer makes.
    pub(super) released_claims: Vec<ClaimRow>,
}

/// Compares the files that were read with what is held and claimed in them (and in files that are gone).
pub(super) fn diff(source: Uuid, files: Vec<ReadFile>, held: Vec<HeldEntity>, claims: Vec<ClaimRow>) -> Diff {
    let mut held: HashMap<EntityRef, HeldEntity> =
        held.into_iter().map(|entity| (entity.entity_ref.clone(), entity)).collect();
    let mut claims: HashMap<(EntityRef, Arc<str>), ClaimRow> =
        claims.into_iter().map(|claim| ((claim.entity_ref.clone(), Arc::clone(&claim.location)), claim)).collect();
    let mut diff = Diff::default();
    let mut keeping_files: HashSet<Arc<str>> = HashSet::new();
    let mut kept: HashSet<(EntityRef, Arc<str>)> = HashSet::new();
    for file in files {
        let mut seen: HashSet<EntityRef> = HashSet::with_capacity(file.entities.len());
        for entity in file.entities {
            if !seen.insert(entity.entity_ref.clone()) {
                continue;
            }
            let is_held_here = held.get(&entity.entity_ref).is_some_and(|current| current.location == file.location);
            let current = if is_held_here { held.remove(&entity.entity_ref) } else { None };
            let declared = Declared { location: Arc::clone(&file.location), entity };
            match current {
                Some(current) if current.hash == declared.entity.hash => {}
                Some(current) => diff.updates.push((current, declared)),
                None => match claims.remove(&(declared.entity.entity_ref.clone(), Arc::clone(&file.location))) {
                    Some(claim) if claim.hash == declared.entity.hash => {}
                    Some(claim) => diff.claim_updates.push(ClaimRow {
                        source,
                        document: declared.entity.document,
                        hash: declared.entity.hash,
                        ..claim
                    }),
                    None => diff.declarations.push(declared),
                },
            }
        }
        if file.keeps_all {
            keeping_files.insert(Arc::clone(&file.location));
        }
        kept.extend(file.keep.into_iter().map(|reference| (reference, Arc::clone(&file.location))));
    }
    let stays = |reference: &EntityRef, location: &Arc<str>| {
        keeping_files.contains(location) || kept.contains(&(reference.clone(), Arc::clone(location)))
    };
    diff.released = held.into_values().filter(|entity| !stays(&entity.entity_ref, &entity.location)).collect();
    diff.released.sort_by_key(|entity| entity.revision);
    diff.released_claims = claims.into_values().filter(|claim| !stays(&claim.entity_ref, &claim.location)).collect();
    diff.released_claims.sort_by(|a, b| (&a.entity_ref, &a.location).cmp(&(&b.entity_ref, &b.location)));
    diff
}

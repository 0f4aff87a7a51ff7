//! The sources as readers see them: with their problems, the claims that lost, and the removals that wait.
//!
//! Owns the in-memory shape and its look-ups. It is loaded from the database as a whole whenever its version changes;
//! conflicts and held removals become problems here instead of being stored twice.

use std::{
    collections::{BTreeMap, HashMap},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use callboard_entity_model::{EntityRef, Problem, ProblemCode, Severity};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::Source;

/// A problem, the source that it belongs to, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredProblem {
    /// The id; the same as long as the problem stays.
    pub id: Uuid,
    /// The source.
    pub source: Uuid,
    /// What is wrong.
    pub problem: Problem,
    /// When it was first seen.
    pub since: DateTime<Utc>,
}

/// What a source declares of an entity that another source, or another file, declared first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The entity.
    pub entity_ref: EntityRef,
    /// The source that came second.
    pub source: Uuid,
    /// Its file that declares the entity.
    pub location: Arc<str>,
    /// The source that holds the entity.
    pub holder: Option<Uuid>,
    /// The file of the holder that declares it.
    pub holder_location: Option<Arc<str>>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// An entity that its source no longer declares, but whose removal waits for confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRemoval {
    /// The source.
    pub source: Uuid,
    /// The entity.
    pub entity_ref: EntityRef,
    /// The file that declared it.
    pub location: Arc<str>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Every source with what is known about it, at one version. Immutable.
#[derive(Debug, Clone, Default)]
pub struct SourcesView {
    version: u64,
    sources: BTreeMap<Uuid, Arc<Source>>,
    problems: Arc<Problems>,
    claims: Arc<[Claim]>,
    held: Arc<BTreeMap<Uuid, Vec<HeldRemoval>>>,
}

#[derive(Debug, Default)]
struct Problems {
    all: Vec<Arc<StoredProblem>>,
    by_source: HashMap<Uuid, Vec<usize>>,
    by_entity: HashMap<EntityRef, Vec<usize>>,
}

impl SourcesView {
    /// Puts a view together from what the database holds.
    pub(crate) fn new(
        version: u64,
        sources: Vec<Source>,
        stored: Vec<StoredProblem>,
        mut claims: Vec<Claim>,
        held_removals: Vec<HeldRemoval>,
    ) -> Self {
        claims.sort_by(|a, b| (&a.entity_ref, a.since, a.source).cmp(&(&b.entity_ref, b.since, b.source)));
        let mut held: BTreeMap<Uuid, Vec<HeldRemoval>> = BTreeMap::new();
        for removal in held_removals {
            held.entry(removal.source).or_default().push(removal);
        }
        let sources: BTreeMap<Uuid, Arc<Source>> =
            sources.into_iter().map(|source| (source.id, Arc::new(source))).collect();
        let mut all = stored;
        all.extend(claims.iter().map(conflict));
        all.extend(held.iter().filter_map(|(id, removals)| held_problem(sources.get(id)?, removals)));
        Self { version, sources, problems: Arc::new(Problems::new(all)), claims: claims.into(), held: Arc::new(held) }
    }

    /// Returns the version: it goes up whenever anything here changes in the database.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Iterates over the sources, oldest first.
    pub fn sources(&self) -> impl DoubleEndedIterator<Item = &Arc<Source>> {
        self.sources.values()
    }

    /// Returns how many sources there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sources.len()
    }

    /// Returns whether there is no source.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Finds a source.
    #[must_use]
    pub fn source(&self, id: Uuid) -> Option<&Arc<Source>> {
        self.sources.get(&id)
    }

    /// Finds the source of that location.
    #[must_use]
    pub fn source_at(&self, kind: &str, target: &str) -> Option<&Arc<Source>> {
        self.sources.values().find(|source| source.location.kind == kind && source.location.target == target)
    }

    /// Returns every problem, oldest first; those of the same age by location and line.
    #[must_use]
    pub fn problems(&self) -> &[Arc<StoredProblem>] {
        &self.problems.all
    }

    /// Iterates over the problems of a source, oldest first.
    pub fn problems_of_source(&self, id: Uuid) -> impl Iterator<Item = &Arc<StoredProblem>> {
        self.problems.at(self.problems.by_source.get(&id))
    }

    /// Iterates over the problems that name an entity, oldest first.
    pub fn problems_of_entity(&self, entity_ref: &EntityRef) -> impl Iterator<Item = &Arc<StoredProblem>> {
        self.problems.at(self.problems.by_entity.get(entity_ref))
    }

    /// Returns every claim that lost, by entity.
    #[must_use]
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// Returns the claims that lost on an entity.
    #[must_use]
    pub fn claims_of(&self, entity_ref: &EntityRef) -> &[Claim] {
        let start = self.claims.partition_point(|claim| claim.entity_ref < *entity_ref);
        let end = self.claims.partition_point(|claim| claim.entity_ref <= *entity_ref);
        &self.claims[start..end]
    }

    /// Returns the removals of a source that wait for confirmation.
    #[must_use]
    pub fn held_removals(&self, id: Uuid) -> &[HeldRemoval] {
        self.held.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Changes what is known of sources in memory only, such as when they were read.
    pub(crate) fn update_sources(&mut self, mut update: impl FnMut(&mut Source)) {
        for source in self.sources.values_mut() {
            update(Arc::make_mut(source));
        }
    }

    /// Changes what is known of one source in memory only.
    pub(crate) fn update_source(&mut self, id: Uuid, update: impl FnOnce(&mut Source)) {
        if let Some(source) = self.sources.get_mut(&id) {
            update(Arc::make_mut(source));
        }
    }
}

impl Problems {
    fn new(mut all: Vec<StoredProblem>) -> Self {
        all.sort_by(|a, b| {
            (a.since, &a.problem.location, a.problem.document, a.problem.line, &a.problem.field, a.id).cmp(&(
                b.since,
                &b.problem.location,
                b.problem.document,
                b.problem.line,
                &b.problem.field,
                b.id,
            ))
        });
        let mut problems = Self::default();
        for (at, problem) in all.iter().enumerate() {
            problems.by_source.entry(problem.source).or_default().push(at);
            if let Some(entity_ref) = &problem.problem.entity_ref {
                problems.by_entity.entry(entity_ref.clone()).or_default().push(at);
            }
        }
        problems.all = all.into_iter().map(Arc::new).collect();
        problems
    }

    fn at<'a>(&'a self, positions: Option<&'a Vec<usize>>) -> impl Iterator<Item = &'a Arc<StoredProblem>> {
        positions.into_iter().flatten().filter_map(|at| self.all.get(*at))
    }
}

/// Says that something declared at `location` does not count, because it was declared elsewhere first.
pub(crate) fn conflict_problem(
    entity_ref: &EntityRef,
    location: &str,
    holder_location: &str,
    is_same_source: bool,
) -> Problem {
    let message = if is_same_source {
        format!("`{entity_ref}` is declared in {holder_location} already")
    } else {
        format!("`{entity_ref}` was declared first in {holder_location}, which keeps it until it lets go")
    };
    Problem::error(ProblemCode::Conflict, location, message).about(entity_ref.clone())
}

fn conflict(claim: &Claim) -> StoredProblem {
    let holder = claim.holder_location.as_deref().unwrap_or("another location");
    let problem = conflict_problem(&claim.entity_ref, &claim.location, holder, claim.holder == Some(claim.source));
    StoredProblem {
        id: derived_id(&("conflict", &claim.entity_ref, claim.source, &claim.location)),
        source: claim.source,
        problem,
        since: claim.since,
    }
}

fn held_problem(source: &Source, removals: &[HeldRemoval]) -> Option<StoredProblem> {
    let since = removals.iter().map(|removal| removal.since).min()?;
    let message = format!(
        "{} entities would go, for example `{}`; they stay until somebody confirms the removal",
        removals.len(),
        removals.first()?.entity_ref,
    );
    let mut problem = Problem::error(ProblemCode::RemovalHeld, source.location.reference(), message);
    problem.severity = Severity::Warning;
    Some(StoredProblem { id: derived_id(&("held", source.id)), source: source.id, problem, since })
}

/// Makes an id from what identifies a derived problem, so that it is the same at each load and on each replica.
fn derived_id(identity: &impl Hash) -> Uuid {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        identity.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    let mut builder = uuid::Builder::from_u128(half(0) << 64 | half(1));
    builder.set_variant(uuid::Variant::RFC4122).set_version(uuid::Version::Custom);
    builder.into_uuid()
}

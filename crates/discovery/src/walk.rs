//! The state of a walk through a source's locations.
//!
//! Owns which locations were visited, through which others, how deep and how many, and whether the list is proven to be
//! whole. Pure; the reading itself is done between its calls.

use std::{collections::HashMap, path::PathBuf, sync::Arc};

use callboard_entity_model::{KnownFiles, LocationSpec, Presence, Problem, ProblemCode, Reading};

use crate::{ReadLimits, cycles::edges_on_cycles, expand::Expansion, path::location_of, visit::Visited};

/// A location that is to be visited.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) spec: LocationSpec,
    /// Whether a pattern found it.
    pub(crate) is_listed: bool,
    /// Steps from the source.
    depth: usize,
    /// The location that names it, by its number.
    parent: Option<usize>,
}

impl Visit {
    /// Returns the visit that a reading begins with.
    pub(crate) fn root(spec: LocationSpec) -> Self {
        Self { spec, is_listed: false, depth: 0, parent: None }
    }
}

/// The state of one walk.
pub(crate) struct Walk<'a> {
    limits: &'a ReadLimits,
    known: &'a KnownFiles,
    /// The number of each location visited.
    numbers: HashMap<Arc<str>, usize>,
    names: Vec<Arc<str>>,
    /// Every step taken, and whether it led to a new location.
    steps: Vec<((usize, usize), bool)>,
    is_full: bool,
    reading: Reading,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(limits: &'a ReadLimits, known: &'a KnownFiles) -> Self {
        let reading = Reading { is_complete: true, ..Reading::default() };
        Self { limits, known, numbers: HashMap::new(), names: Vec::new(), steps: Vec::new(), is_full: false, reading }
    }

    pub(crate) fn known(&self) -> &'a KnownFiles {
        self.known
    }

    /// Returns the files that were not visited before.
    pub(crate) fn admit_files(&mut self, expanded: Vec<(Visit, Expansion)>) -> Vec<(Visit, PathBuf)> {
        let mut admitted = Vec::new();
        for (visit, expansion) in expanded {
            self.reading.is_complete &= expansion.is_complete;
            if expansion.is_listed && expansion.files.is_empty() && expansion.is_complete {
                self.note_empty(&visit);
            }
            self.reading.problems.extend(expansion.problems);
            for path in expansion.files {
                let visit = Visit { is_listed: expansion.is_listed, ..visit.clone() };
                if self.admit(&visit, location_of(&path).into()) {
                    admitted.push((visit, path));
                }
            }
        }
        admitted
    }

    /// Returns the addresses that were not visited before.
    pub(crate) fn admit_addresses(&mut self, visits: Vec<Visit>) -> Vec<Visit> {
        visits.into_iter().filter(|visit| self.admit(visit, visit.spec.reference().into())).collect()
    }

    /// Takes what the visits brought, and returns the next wave.
    pub(crate) fn take(&mut self, visited: impl Iterator<Item = (Visit, Visited)>) -> Vec<Visit> {
        let mut next = Vec::new();
        for (visit, Visited { reading, children }) in visited {
            let number = self.numbers.get(&reading.location).copied();
            let depth = visit.depth + 1;
            if depth > self.limits.max_location_depth && !children.is_empty() {
                self.reading.is_complete = false;
                let message = format!(
                    "the Locations in this file are more than {} steps away from the source and are not followed",
                    self.limits.max_location_depth
                );
                self.reading.problems.push(Problem::error(ProblemCode::Limit, &*reading.location, message));
            } else {
                let visit_of = |spec| Visit { spec, is_listed: false, depth, parent: number };
                next.extend(children.into_iter().map(visit_of));
            }
            self.reading.files.push(reading);
        }
        next
    }

    /// Ends the walk and returns the reading.
    pub(crate) fn finish(mut self) -> Reading {
        let edges: Vec<_> = self.steps.iter().map(|(edge, _)| *edge).collect();
        let on_cycles = edges_on_cycles(self.names.len(), &edges);
        for (((from, to), is_new), is_on_cycle) in self.steps.iter().zip(on_cycles) {
            if is_on_cycle && !is_new {
                let message = format!("`{}` leads back to this file; it is read once", self.names[*to]);
                let problem = Problem::error(ProblemCode::Cycle, &*self.names[*from], message);
                self.reading.problems.push(problem.as_warning());
            }
        }
        self.reading
    }

    fn admit(&mut self, visit: &Visit, location: Arc<str>) -> bool {
        if let Some(number) = self.numbers.get(&location) {
            self.steps.extend(visit.parent.map(|parent| ((parent, *number), false)));
            return false;
        }
        if self.numbers.len() == self.limits.max_files {
            self.reading.is_complete = false;
            if !std::mem::replace(&mut self.is_full, true) {
                let max = self.limits.max_files;
                let message = format!(
                    "the source has more than the {max} files that one may have; this one and further ones are left out"
                );
                self.reading.problems.push(Problem::error(ProblemCode::Limit, &*location, message));
            }
            return false;
        }
        let number = self.names.len();
        self.steps.extend(visit.parent.map(|parent| ((parent, number), true)));
        self.numbers.insert(Arc::clone(&location), number);
        self.names.push(location);
        true
    }

    /// A pattern that finds nothing: fine when that is allowed, otherwise what it found before stays.
    fn note_empty(&mut self, visit: &Visit) {
        if visit.spec.presence == Presence::Optional {
            return;
        }
        self.reading.is_complete = false;
        let message = format!("no file matches `{}`; what it found before stays", visit.spec.target);
        self.reading.problems.push(Problem::error(ProblemCode::NotFound, visit.spec.reference(), message));
    }
}

//! Which problems are new and which are solved.
//!
//! Owns when two problems are the same: then the older one stays, with its id and the time when it was first seen, even
//! if its line moved. Pure.

use std::{collections::HashMap, sync::Arc};

use callboard_entity_model::{EntityRef, Problem, ProblemCode, Severity};
use callboard_foundation::new_id;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::sort::Sorted;
use crate::{StoredProblem, store::problems::ScopedProblem};

/// What makes a problem the same problem.
#[derive(PartialEq, Eq, Hash)]
struct Identity {
    scope: Arc<str>,
    location: String,
    code: ProblemCode,
    severity: Severity,
    message: String,
    document: Option<u32>,
    field: Option<String>,
    entity_ref: Option<EntityRef>,
}

/// Compares the problems of the files that were read, are gone or failed with the stored ones; returns what to write
/// and what to delete.
pub(super) fn compare(
    source: Uuid,
    sorted: &Sorted,
    stored: Vec<ScopedProblem>,
    now: DateTime<Utc>,
) -> (Vec<ScopedProblem>, Vec<Uuid>) {
    let mut before: HashMap<Identity, Vec<ScopedProblem>> = HashMap::new();
    for problem in stored {
        before.entry(identity(&problem.scope, &problem.stored.problem)).or_default().push(problem);
    }
    let mut upserts = Vec::new();
    for (scope, problem) in &sorted.problems {
        let same = before.get_mut(&identity(scope, problem)).and_then(Vec::pop);
        match same {
            Some(same) if same.stored.problem == *problem => {}
            Some(mut moved) => {
                moved.stored.problem = problem.clone();
                upserts.push(moved);
            }
            None => upserts.push(ScopedProblem {
                scope: Arc::clone(scope),
                stored: StoredProblem { id: new_id(), source, problem: problem.clone(), since: now },
            }),
        }
    }
    let solved = before.into_values().flatten().map(|problem| problem.stored.id).collect();
    (upserts, solved)
}

fn identity(scope: &Arc<str>, problem: &Problem) -> Identity {
    Identity {
        scope: Arc::clone(scope),
        location: problem.location.clone(),
        code: problem.code,
        severity: problem.severity,
        message: problem.message.clone(),
        document: problem.document,
        field: problem.field.clone(),
        entity_ref: problem.entity_ref.clone(),
    }
}

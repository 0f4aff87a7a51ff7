//! `problems`: what is wrong with what sources declare.
//!
//! Owns the conversion between rows and problems. A row belongs to the file whose reading found it (its scope), so
//! that a new reading of that file replaces its problems and no others.

use std::{collections::HashSet, sync::Arc};

use callboard_db::{Timestamp, Upsert, Writing, delete_by_key, tables::problems as table, upsert_rows};
use callboard_entity_model::{Problem, ProblemCode, Severity};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Value};
use uuid::Uuid;

use super::{entities::text, entity_ref};
use crate::{CatalogError, StoredProblem};

const TABLE: &str = "problems";
/// Past this many files, loading all problems of the source is cheaper than asking for each file.
const FEW_SCOPES: usize = 100;
/// The scope of problems that concern a source as a whole.
pub(crate) const WHOLE_SOURCE: &str = "";

/// A problem with the file whose reading found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScopedProblem {
    pub(crate) scope: Arc<str>,
    pub(crate) stored: StoredProblem,
}

/// Loads every problem.
pub(crate) async fn load_all(connection: &impl ConnectionTrait) -> Result<Vec<StoredProblem>, CatalogError> {
    let rows = table::Entity::find().all(connection).await?;
    rows.into_iter().map(|row| Ok(from_row(row)?.stored)).collect()
}

/// Loads the problems that readings of these files found.
pub(crate) async fn in_scopes(
    connection: &impl ConnectionTrait,
    source: Uuid,
    scopes: &[Arc<str>],
) -> Result<Vec<ScopedProblem>, CatalogError> {
    let mut query = table::Entity::find().filter(table::Column::SourceId.eq(source));
    if scopes.len() <= FEW_SCOPES {
        query = query.filter(table::Column::Scope.is_in(scopes.iter().map(|scope| &**scope)));
    }
    let asked: HashSet<&Arc<str>> = scopes.iter().collect();
    let mut problems = Vec::new();
    for row in query.all(connection).await? {
        let problem = from_row(row)?;
        if asked.contains(&problem.scope) {
            problems.push(problem);
        }
    }
    Ok(problems)
}

/// Writes problems that are new or moved.
pub(crate) async fn upsert(connection: &impl ConnectionTrait, problems: &[ScopedProblem]) -> Result<(), CatalogError> {
    let upsert = Upsert {
        table: TABLE,
        columns: &[
            "id",
            "source_id",
            "scope",
            "location",
            "code",
            "severity",
            "message",
            "document",
            "line",
            "position",
            "field",
            "entity_ref",
            "since",
        ],
        key: &["id"],
        replaced: &["line", "position"],
    };
    let rows = problems.iter().map(|ScopedProblem { scope, stored }| {
        let problem = &stored.problem;
        vec![
            stored.id.into(),
            stored.source.into(),
            text(scope),
            text(&problem.location),
            text(problem.code.as_str()),
            text(severity_name(problem.severity)),
            printable(&problem.message),
            number(problem.document),
            number(problem.line),
            number(problem.column),
            Value::String(problem.field.as_deref().map(without_nul)),
            Value::String(problem.entity_ref.as_ref().map(|reference| without_nul(reference.as_str()))),
            Timestamp::from(stored.since).0.into(),
        ]
    });
    Ok(upsert_rows(connection, upsert, rows).await?)
}

/// Replaces what PostgreSQL has no place for: a file may say anything, and so may a problem that quotes it.
fn without_nul(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

fn printable(message: &str) -> Value {
    text(&without_nul(message))
}

/// Deletes problems that are solved.
pub(crate) fn delete<'a>(
    connection: &'a impl ConnectionTrait,
    ids: impl Iterator<Item = Uuid> + Send + 'a,
) -> Writing<'a> {
    delete_by_key(connection, TABLE, &["id"], ids.map(|id| vec![id.into()]))
}

/// Deletes every problem of a source.
pub(crate) async fn delete_of_source(connection: &impl ConnectionTrait, source: Uuid) -> Result<(), CatalogError> {
    table::Entity::delete_many().filter(table::Column::SourceId.eq(source)).exec(connection).await?;
    Ok(())
}

fn from_row(row: table::Model) -> Result<ScopedProblem, CatalogError> {
    let unknown = |value: &str| CatalogError::UnknownValue { table: TABLE, value: value.to_owned() };
    let problem = Problem {
        code: ProblemCode::from_name(&row.code).ok_or_else(|| unknown(&row.code))?,
        severity: severity_from_name(&row.severity).ok_or_else(|| unknown(&row.severity))?,
        message: row.message,
        location: row.location,
        document: count(row.document),
        line: count(row.line),
        column: count(row.position),
        field: row.field,
        entity_ref: row.entity_ref.map(|reference| entity_ref(TABLE, &reference)).transpose()?,
    };
    let stored = StoredProblem { id: row.id, source: row.source_id, problem, since: row.since.into() };
    Ok(ScopedProblem { scope: row.scope.into(), stored })
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "WARNING",
        Severity::Error => "ERROR",
    }
}

fn severity_from_name(name: &str) -> Option<Severity> {
    [Severity::Warning, Severity::Error].into_iter().find(|severity| severity_name(*severity) == name)
}

fn number(value: Option<u32>) -> Value {
    Value::Int(value.and_then(|value| i32::try_from(value).ok()))
}

fn count(value: Option<i32>) -> Option<u32> {
    value.and_then(|value| u32::try_from(value).ok())
}

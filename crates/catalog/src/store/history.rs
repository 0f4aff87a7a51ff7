//! `changes`, read other than from one end to the other: by entity, by time, and backwards.
//!
//! Owns the statements behind history, past snapshots and differences. Reading the log in order is
//! [`super::changes`]' work.

use std::{collections::HashMap, sync::Arc};

use callboard_entity_model::{EntityRef, Revision};
use callboard_view::EntityRecord;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Statement};

use super::{
    LocationInterner,
    changes::{SELECT, TABLE, read_changes},
    entities::{LIST, list, listed, placeholder, revision, revision_value, text},
    entity_ref, hash, timestamp,
};
use crate::{CatalogError, Change};

/// Which changes of an entity.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// Those after this revision …
    pub(crate) after: Revision,
    /// … and before this one.
    pub(crate) before: Revision,
    /// At most so many …
    pub(crate) limit: u64,
    /// … of the oldest of them and not of the newest.
    pub(crate) is_oldest_first: bool,
}

/// Reads changes of one entity.
pub(crate) async fn of_entity(
    connection: &impl ConnectionTrait,
    entity_ref: &EntityRef,
    span: Span,
) -> Result<Vec<Arc<Change>>, CatalogError> {
    let backend = connection.get_database_backend();
    let order = if span.is_oldest_first { "ASC" } else { "DESC" };
    let sql = format!(
        "{SELECT} WHERE c.entity_ref = {} AND c.revision > {} AND c.revision < {} ORDER BY c.revision {order} LIMIT {}",
        placeholder(backend, 1),
        placeholder(backend, 2),
        placeholder(backend, 3),
        span.limit,
    );
    let values = [text(entity_ref.as_str()), revision_value(span.after), revision_value(span.before)];
    read_changes(connection, Statement::from_sql_and_values(backend, sql, values)).await
}

/// Counts the changes of an entity up to a revision.
pub(crate) async fn count_of_entity(
    connection: &impl ConnectionTrait,
    entity_ref: &EntityRef,
    until: Revision,
) -> Result<u64, CatalogError> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT COUNT(*) FROM changes WHERE entity_ref = {} AND revision <= {}",
        placeholder(backend, 1),
        placeholder(backend, 2),
    );
    let values = [text(entity_ref.as_str()), revision_value(until)];
    let row = connection.query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Finds when a revision was committed.
pub(crate) async fn time_of(
    connection: &impl ConnectionTrait,
    at: Revision,
) -> Result<Option<DateTime<Utc>>, CatalogError> {
    let backend = connection.get_database_backend();
    let sql = format!("SELECT committed_at FROM changes WHERE revision = {}", placeholder(backend, 1));
    let row = connection.query_one_raw(Statement::from_sql_and_values(backend, sql, [revision_value(at)])).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.map(timestamp))
}

/// Finds the newest change that was committed at a time or before.
pub(crate) async fn newest_at(
    connection: &impl ConnectionTrait,
    at: DateTime<Utc>,
) -> Result<Option<Revision>, CatalogError> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT revision FROM changes WHERE committed_at <= {} ORDER BY committed_at DESC, revision DESC LIMIT 1",
        placeholder(backend, 1),
    );
    let values = [at.timestamp_micros().into()];
    let row = connection.query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.map(revision))
}

/// Reads what each entity that changed after one revision, up to another, was at the first; nothing for those that were
/// not there. Of all the changes of an entity only the first is looked at, for the state before it.
pub(crate) async fn states_before(
    connection: &impl ConnectionTrait,
    after: Revision,
    until: Revision,
) -> Result<HashMap<EntityRef, Option<Arc<EntityRecord>>>, CatalogError> {
    let backend = connection.get_database_backend();
    // An entity may be created more than once; what it was stands before its first change.
    let sql = format!(
        "SELECT c.entity_ref, c.previous_revision, c.entity_created_at, p.document, p.hash, p.source_id, p.location, \
         p.committed_at FROM changes c LEFT JOIN changes p ON p.revision = c.previous_revision \
         WHERE c.revision > {} AND c.revision <= {} AND (c.previous_revision IS NULL OR c.previous_revision <= {}) \
         ORDER BY c.revision",
        placeholder(backend, 1),
        placeholder(backend, 2),
        placeholder(backend, 3),
    );
    let values = [revision_value(after), revision_value(until), revision_value(after)];
    let mut states = HashMap::new();
    let mut locations = LocationInterner::default();
    for row in connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await? {
        let reference = entity_ref(TABLE, &row.try_get_by_index::<String>(0)?)?;
        if states.contains_key(&reference) {
            continue;
        }
        let previous: Option<i64> = row.try_get_by_index(1)?;
        let state = match (previous, row.try_get_by_index::<Option<String>>(3)?) {
            (None, _) => None,
            // Somebody shortens the log at this moment; whoever asked finds out how far.
            (Some(_), None) => return Err(CatalogError::HistoryExpired { oldest: after.next() }),
            (Some(previous), Some(document)) => Some(Arc::new(EntityRecord {
                entity_ref: reference.clone(),
                document: document.into_boxed_str(),
                hash: hash(TABLE, &row.try_get_by_index::<Vec<u8>>(4)?)?,
                revision: revision(previous),
                created_at: timestamp(row.try_get_by_index(2)?),
                updated_at: timestamp(row.try_get_by_index(7)?),
                source: row.try_get_by_index(5)?,
                location: locations.intern(&row.try_get_by_index::<String>(6)?),
            })),
        };
        states.insert(reference, state);
    }
    Ok(states)
}

/// Reads which entities changed after one revision, up to another, in no order that means anything.
pub(crate) async fn changed_refs(
    connection: &impl ConnectionTrait,
    after: Revision,
    until: Revision,
) -> Result<Vec<EntityRef>, CatalogError> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT DISTINCT entity_ref FROM changes WHERE revision > {} AND revision <= {}",
        placeholder(backend, 1),
        placeholder(backend, 2),
    );
    let values = [revision_value(after), revision_value(until)];
    let rows = connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    rows.iter().map(|row| entity_ref(TABLE, &row.try_get_by_index::<String>(0)?)).collect()
}

/// Reads the newest change of each of these entities after one revision, up to another.
pub(crate) async fn newest_of_entities(
    connection: &impl ConnectionTrait,
    refs: &[EntityRef],
    after: Revision,
    until: Revision,
) -> Result<HashMap<EntityRef, Arc<Change>>, CatalogError> {
    let backend = connection.get_database_backend();
    let mut newest = HashMap::new();
    for chunk in refs.chunks(LIST) {
        let sql = format!(
            "{SELECT} WHERE c.revision IN (SELECT MAX(revision) FROM changes WHERE entity_ref IN ({}) \
             AND revision > {} AND revision <= {} GROUP BY entity_ref)",
            listed(backend, 1),
            placeholder(backend, 2),
            placeholder(backend, 3),
        );
        let values = [list(chunk.iter().map(EntityRef::as_str)), revision_value(after), revision_value(until)];
        for change in read_changes(connection, Statement::from_sql_and_values(backend, sql, values)).await? {
            newest.insert(change.entity_ref.clone(), change);
        }
    }
    Ok(newest)
}

/// Deletes changes before `until` that nothing needs any more: those of entities that changed between `from` and there,
/// but for the newest of each, which is the state that later changes start with. The caller holds the log lock.
pub(crate) async fn delete_superseded(
    connection: &impl ConnectionTrait,
    from: Revision,
    until: Revision,
) -> Result<u64, CatalogError> {
    let backend = connection.get_database_backend();
    let p = |position| placeholder(backend, position);
    let sql = format!(
        "DELETE FROM changes WHERE revision < {} \
         AND entity_ref IN (SELECT entity_ref FROM changes WHERE revision >= {} AND revision < {}) \
         AND (operation = 'deleted' OR EXISTS (SELECT 1 FROM changes newer WHERE newer.entity_ref = changes.entity_ref \
         AND newer.revision > changes.revision AND newer.revision < {}))",
        p(1),
        p(2),
        p(3),
        p(4),
    );
    let (from, until) = (revision_value(from), revision_value(until));
    let values = [until.clone(), from, until.clone(), until];
    let result = connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(result.rows_affected())
}

//! `entities`: the current state.
//!
//! Owns loading all of it at start, loading what a reading may touch, and writing what changed.

use std::{collections::HashMap, sync::Arc};

use callboard_db::{Upsert, Writing, delete_by_key, upsert_rows};
use callboard_entity_model::{ContentHash, EntityRef, Revision};
use callboard_view::EntityRecord;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};
use uuid::Uuid;

use super::{LocationInterner, entity_ref, hash, timestamp};
use crate::CatalogError;

const TABLE: &str = "entities";
/// Rows fetched at once when everything is loaded: enough to make the round trip cheap, few enough to stay small.
const PAGE: usize = 4_000;
/// References or locations in one list.
pub(crate) const LIST: usize = 20_000;

/// An entity that a source holds, without its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeldEntity {
    pub(crate) entity_ref: EntityRef,
    pub(crate) source: Uuid,
    pub(crate) location: Arc<str>,
    pub(crate) hash: ContentHash,
    pub(crate) revision: Revision,
    pub(crate) created_at: DateTime<Utc>,
}

/// Returns the revisions that cut the entities into so many parts of about the same size: the last of each part but the
/// last.
pub(crate) async fn cuts(connection: &impl ConnectionTrait, parts: usize) -> Result<Vec<Revision>, CatalogError> {
    let backend = connection.get_database_backend();
    let count = Statement::from_string(backend, "SELECT COUNT(*) FROM entities");
    let count: i64 = connection.query_one_raw(count).await?.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    let part = count / i64::try_from(parts).unwrap_or(1);
    let mut cuts = Vec::new();
    for at in 1..i64::try_from(parts).unwrap_or(1) {
        let sql = format!("SELECT revision FROM entities ORDER BY revision LIMIT 1 OFFSET {}", at * part);
        if let Some(row) = connection.query_one_raw(Statement::from_string(backend, sql)).await? {
            cuts.push(revision(row.try_get_by_index(0)?));
        }
    }
    Ok(cuts)
}

/// Loads every entity whose revision lies after `after` and, when given, not after `until`; in the order of revisions.
pub(crate) async fn load_between(
    connection: &impl ConnectionTrait,
    after: Revision,
    until: Option<Revision>,
) -> Result<Vec<Arc<EntityRecord>>, CatalogError> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT entity_ref, source_id, location, document, hash, revision, created_at, updated_at FROM entities \
         WHERE revision > {} AND revision <= {} ORDER BY revision LIMIT {PAGE}",
        placeholder(backend, 1),
        placeholder(backend, 2),
    );
    let until = revision_value(until.unwrap_or(Revision(u64::MAX)));
    let mut records = Vec::new();
    let mut locations = LocationInterner::default();
    let mut after = revision_value(after);
    loop {
        let statement = Statement::from_sql_and_values(backend, &sql, [after, until.clone()]);
        let rows = connection.query_all_raw(statement).await?;
        let count = rows.len();
        records.reserve(count);
        for row in &rows {
            records.push(Arc::new(record(row, &mut locations)?));
        }
        match records.last() {
            Some(last) if count == PAGE => after = revision_value(last.revision),
            _ => return Ok(records),
        }
    }
}

/// Loads what a source holds: all of it, or only in these files.
pub(crate) async fn load_held(
    connection: &impl ConnectionTrait,
    source: Uuid,
    locations: Option<&[Arc<str>]>,
) -> Result<Vec<HeldEntity>, CatalogError> {
    let backend = connection.get_database_backend();
    let select = format!(
        "SELECT entity_ref, source_id, location, hash, revision, created_at FROM entities WHERE source_id = {}",
        placeholder(backend, 1),
    );
    let mut interner = LocationInterner::default();
    let mut held = Vec::new();
    let Some(locations) = locations else {
        let statement = Statement::from_sql_and_values(backend, &select, [source.into()]);
        for row in connection.query_all_raw(statement).await? {
            held.push(held_entity(&row, &mut interner)?);
        }
        return Ok(held);
    };
    for chunk in locations.chunks(LIST) {
        let sql = format!("{select} AND location IN ({})", listed(backend, 2));
        let values = [source.into(), list(chunk.iter().map(|location| &**location))];
        for row in connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await? {
            held.push(held_entity(&row, &mut interner)?);
        }
    }
    Ok(held)
}

/// Finds who holds these entities.
pub(crate) async fn load_holders(
    connection: &impl ConnectionTrait,
    refs: &[EntityRef],
) -> Result<HashMap<EntityRef, HeldEntity>, CatalogError> {
    let backend = connection.get_database_backend();
    let mut interner = LocationInterner::default();
    let mut holders = HashMap::new();
    for chunk in refs.chunks(LIST) {
        let sql = format!(
            "SELECT entity_ref, source_id, location, hash, revision, created_at FROM entities WHERE entity_ref IN ({})",
            listed(backend, 1),
        );
        let values = [list(chunk.iter().map(EntityRef::as_str))];
        for row in connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await? {
            let holder = held_entity(&row, &mut interner)?;
            holders.insert(holder.entity_ref.clone(), holder);
        }
    }
    Ok(holders)
}

/// Counts what a source holds.
pub(crate) async fn count_held(connection: &impl ConnectionTrait, source: Uuid) -> Result<usize, CatalogError> {
    let backend = connection.get_database_backend();
    let sql = format!("SELECT COUNT(*) FROM entities WHERE source_id = {}", placeholder(backend, 1));
    let row = connection.query_one_raw(Statement::from_sql_and_values(backend, sql, [source.into()])).await?;
    let count: i64 = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Writes entities that appear or change.
pub(crate) fn upsert<'a>(
    connection: &'a impl ConnectionTrait,
    records: impl Iterator<Item = &'a EntityRecord> + Send + 'a,
) -> Writing<'a> {
    let upsert = Upsert {
        table: TABLE,
        columns: &["entity_ref", "source_id", "location", "document", "hash", "revision", "created_at", "updated_at"],
        key: &["entity_ref"],
        replaced: &["source_id", "location", "document", "hash", "revision", "updated_at"],
    };
    let rows = records.map(|record| {
        vec![
            text(record.entity_ref.as_str()),
            record.source.into(),
            text(&record.location),
            text(&record.document),
            record.hash.to_vec().into(),
            revision_value(record.revision),
            record.created_at.timestamp_micros().into(),
            record.updated_at.timestamp_micros().into(),
        ]
    });
    upsert_rows(connection, upsert, rows)
}

/// Deletes entities.
pub(crate) fn delete<'a>(
    connection: &'a impl ConnectionTrait,
    refs: impl Iterator<Item = &'a EntityRef> + Send + 'a,
) -> Writing<'a> {
    delete_by_key(connection, TABLE, &["entity_ref"], refs.map(|reference| vec![text(reference.as_str())]))
}

/// Converts a revision to what a column holds; a log of 2^63 changes is out of reach.
pub(crate) fn revision_value(revision: Revision) -> Value {
    i64::try_from(revision.0).unwrap_or(i64::MAX).into()
}

/// Converts a column to a revision.
pub(crate) fn revision(value: i64) -> Revision {
    Revision(u64::try_from(value).unwrap_or(0))
}

/// Converts a text to a bound value.
pub(crate) fn text(value: &str) -> Value {
    Value::String(Some(value.to_owned()))
}

/// Returns the `position`-th placeholder.
pub(crate) fn placeholder(backend: DbBackend, position: usize) -> String {
    match backend {
        DbBackend::Postgres => format!("${position}"),
        _ => "?".to_owned(),
    }
}

/// Returns the query that gives the texts of a [`list`], which is bound at that position.
pub(crate) fn listed(backend: DbBackend, position: usize) -> String {
    match backend {
        DbBackend::Postgres => format!("SELECT json_array_elements_text(${position}::json)"),
        _ => "SELECT value FROM json_each(?)".to_owned(),
    }
}

/// Binds many texts as one value. One parameter each would cost PostgreSQL's driver a delayed acknowledgement (40 ms) a
/// statement, because it sends large messages in pieces.
pub(crate) fn list<'a>(texts: impl Iterator<Item = &'a str>) -> Value {
    let array: serde_json::Value = texts.collect();
    Value::String(Some(array.to_string()))
}

fn record(row: &QueryResult, locations: &mut LocationInterner) -> Result<EntityRecord, CatalogError> {
    Ok(EntityRecord {
        entity_ref: entity_ref(TABLE, &row.try_get_by_index::<String>(0)?)?,
        source: row.try_get_by_index(1)?,
        location: locations.intern(&row.try_get_by_index::<String>(2)?),
        document: row.try_get_by_index::<String>(3)?.into_boxed_str(),
        hash: hash(TABLE, &row.try_get_by_index::<Vec<u8>>(4)?)?,
        revision: revision(row.try_get_by_index(5)?),
        created_at: timestamp(row.try_get_by_index(6)?),
        updated_at: timestamp(row.try_get_by_index(7)?),
    })
}

fn held_entity(row: &QueryResult, locations: &mut LocationInterner) -> Result<HeldEntity, CatalogError> {
    Ok(HeldEntity {
        entity_ref: entity_ref(TABLE, &row.try_get_by_index::<String>(0)?)?,
        source: row.try_get_by_index(1)?,
        location: locations.intern(&row.try_get_by_index::<String>(2)?),
        hash: hash(TABLE, &row.try_get_by_index::<Vec<u8>>(3)?)?,
        revision: revision(row.try_get_by_index(4)?),
        created_at: timestamp(row.try_get_by_index(5)?),
    })
}

//! `changes`: the log.
//!
//! Owns appending to it and reading it in order. The state before a change is the state after the one that
//! `previous_revision` names, so no document is stored twice.

use std::sync::Arc;

use callboard_db::{Writing, insert_rows};
use callboard_entity_model::Revision;
use callboard_view::EntityRecord;
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};

use super::{
    LocationInterner,
    entities::{placeholder, revision, revision_value, text},
    entity_ref, hash, timestamp,
};
use crate::{Actor, CatalogError, Cause, Change, Operation};

pub(super) const TABLE: &str = "changes";
/// A change with the state before it; what follows says which.
pub(super) const SELECT: &str = "SELECT c.revision, c.entity_ref, c.operation, c.document, c.hash, c.source_id, c.location, c.actor, c.cause, \
     c.committed_at, c.entity_created_at, p.document, p.hash, p.source_id, p.location, p.committed_at, p.revision \
     FROM changes c LEFT JOIN changes p ON p.revision = c.previous_revision";

/// Reads at most `limit` changes after `after`, up to `until`, in order. Where the log was shortened, some are missing.
pub(crate) async fn page(
    connection: &impl ConnectionTrait,
    after: Revision,
    until: Revision,
    limit: u64,
) -> Result<Vec<Arc<Change>>, CatalogError> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "{SELECT} WHERE c.revision > {} AND c.revision <= {} ORDER BY c.revision LIMIT {limit}",
        placeholder(backend, 1),
        placeholder(backend, 2),
    );
    let values = [revision_value(after), revision_value(until)];
    read_changes(connection, Statement::from_sql_and_values(backend, sql, values)).await
}

/// Reads the changes that a statement finds; it begins with [`SELECT`].
pub(super) async fn read_changes(
    connection: &impl ConnectionTrait,
    statement: Statement,
) -> Result<Vec<Arc<Change>>, CatalogError> {
    let rows = connection.query_all_raw(statement).await?;
    let mut locations = LocationInterner::default();
    rows.iter().map(|row| Ok(Arc::new(change(row, &mut locations)?))).collect()
}

/// Appends changes; each has its revision already.
pub(crate) fn append<'a>(
    connection: &'a impl ConnectionTrait,
    changes: impl Iterator<Item = NewChange<'a>> + Send + 'a,
) -> Writing<'a> {
    const COLUMNS: [&str; 12] = [
        "revision",
        "entity_ref",
        "operation",
        "document",
        "hash",
        "previous_revision",
        "source_id",
        "location",
        "actor",
        "cause",
        "committed_at",
        "entity_created_at",
    ];
    let rows = changes.map(|change| {
        let after = change.operation != Operation::Deleted;
        vec![
            revision_value(change.revision),
            text(change.state.entity_ref.as_str()),
            text(change.operation.as_str()),
            Value::String(after.then(|| change.state.document.to_string())),
            Value::Bytes(after.then(|| change.state.hash.to_vec())),
            change.previous.map_or(Value::BigInt(None), revision_value),
            change.state.source.into(),
            text(&change.state.location),
            text(change.actor.as_str()),
            text(change.cause.as_str()),
            change.committed_at.into(),
            change.state.created_at.timestamp_micros().into(),
        ]
    });
    insert_rows(connection, TABLE, &COLUMNS, rows)
}

/// Appends the creation of every entity that `entities` holds at these revisions. The database copies the documents
/// itself, which halves what an import has to send.
pub(crate) async fn append_created(
    connection: &impl ConnectionTrait,
    first: Revision,
    last: Revision,
    actor: &Actor,
    cause: Cause,
    committed_at: i64,
) -> Result<(), CatalogError> {
    let backend = connection.get_database_backend();
    let p = |position| placeholder(backend, position);
    let sql = format!(
        "INSERT INTO changes (revision, entity_ref, operation, document, hash, source_id, location, actor, cause, \
         committed_at, entity_created_at) \
         SELECT revision, entity_ref, {}, document, hash, source_id, location, {}, {}, {}, created_at \
         FROM entities WHERE revision >= {} AND revision <= {} ORDER BY revision",
        p(1),
        p(2),
        p(3),
        p(4),
        p(5),
        p(6),
    );
    let values = [
        text(Operation::Created.as_str()),
        text(actor.as_str()),
        text(cause.as_str()),
        committed_at.into(),
        revision_value(first),
        revision_value(last),
    ];
    connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}

/// What a new row says.
#[derive(Debug)]
pub(crate) struct NewChange<'a> {
    pub(crate) revision: Revision,
    pub(crate) operation: Operation,
    /// The state after; for a deletion the state that goes (its document is not written).
    pub(crate) state: &'a EntityRecord,
    pub(crate) previous: Option<Revision>,
    pub(crate) actor: &'a Actor,
    pub(crate) cause: Cause,
    pub(crate) committed_at: i64,
}

fn change(row: &QueryResult, locations: &mut LocationInterner) -> Result<Change, CatalogError> {
    let reference = entity_ref(TABLE, &row.try_get_by_index::<String>(1)?)?;
    let at = revision(row.try_get_by_index(0)?);
    let operation: String = row.try_get_by_index(2)?;
    let cause: String = row.try_get_by_index(8)?;
    let committed_at = timestamp(row.try_get_by_index(9)?);
    let created_at = timestamp(row.try_get_by_index(10)?);
    let source = row.try_get_by_index(5)?;
    let unknown = |value: String| CatalogError::UnknownValue { table: TABLE, value };
    let after = match row.try_get_by_index::<Option<String>>(3)? {
        None => None,
        Some(document) => Some(Arc::new(EntityRecord {
            entity_ref: reference.clone(),
            document: document.into_boxed_str(),
            hash: hash(TABLE, &row.try_get_by_index::<Vec<u8>>(4)?)?,
            revision: at,
            created_at,
            updated_at: committed_at,
            source,
            location: locations.intern(&row.try_get_by_index::<String>(6)?),
        })),
    };
    let before = match row.try_get_by_index::<Option<String>>(11)? {
        None => None,
        Some(document) => Some(Arc::new(EntityRecord {
            entity_ref: reference.clone(),
            document: document.into_boxed_str(),
            hash: hash(TABLE, &row.try_get_by_index::<Vec<u8>>(12)?)?,
            revision: revision(row.try_get_by_index(16)?),
            created_at,
            updated_at: timestamp(row.try_get_by_index(15)?),
            source: row.try_get_by_index(13)?,
            location: locations.intern(&row.try_get_by_index::<String>(14)?),
        })),
    };
    Ok(Change {
        revision: at,
        operation: Operation::from_name(&operation).ok_or_else(|| unknown(operation))?,
        entity_ref: reference,
        before,
        after,
        source,
        actor: Actor::named(&row.try_get_by_index::<String>(7)?),
        cause: Cause::from_name(&cause).ok_or_else(|| unknown(cause))?,
        committed_at,
    })
}

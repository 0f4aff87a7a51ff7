//! `claims`: what sources declare of entities that another declared first.
//!
//! Owns reading and writing them; who takes over is decided in `crate::reconcile`.

use std::{collections::HashMap, sync::Arc};

use callboard_db::{Upsert, Writing, delete_by_key, upsert_rows};
use callboard_entity_model::{ContentHash, EntityRef};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use uuid::Uuid;

use super::{
    LocationInterner,
    entities::{LIST, list, listed, placeholder, text},
    entity_ref, hash, timestamp,
};
use crate::{CatalogError, Claim};

const TABLE: &str = "claims";

/// A claim with what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClaimRow {
    pub(crate) entity_ref: EntityRef,
    pub(crate) source: Uuid,
    pub(crate) location: Arc<str>,
    pub(crate) document: Box<str>,
    pub(crate) hash: ContentHash,
    pub(crate) since: DateTime<Utc>,
}

/// Loads every claim of a source.
pub(crate) async fn of_source(connection: &impl ConnectionTrait, source: Uuid) -> Result<Vec<ClaimRow>, CatalogError> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "SELECT entity_ref, source_id, location, document, hash, since FROM claims WHERE source_id = {}",
        placeholder(backend, 1),
    );
    let rows = connection.query_all_raw(Statement::from_sql_and_values(backend, sql, [source.into()])).await?;
    let mut locations = LocationInterner::default();
    rows.iter().map(|row| claim_row(row, &mut locations)).collect()
}

/// Loads every claim on these entities, the oldest first.
pub(crate) async fn on_entities(
    connection: &impl ConnectionTrait,
    refs: &[EntityRef],
) -> Result<HashMap<EntityRef, Vec<ClaimRow>>, CatalogError> {
    let backend = connection.get_database_backend();
    let mut locations = LocationInterner::default();
    let mut claims: HashMap<EntityRef, Vec<ClaimRow>> = HashMap::new();
    for chunk in refs.chunks(LIST) {
        let sql = format!(
            "SELECT entity_ref, source_id, location, document, hash, since FROM claims WHERE entity_ref IN ({}) \
             ORDER BY since, source_id, location",
            listed(backend, 1),
        );
        let values = [list(chunk.iter().map(EntityRef::as_str))];
        for row in connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await? {
            let claim = claim_row(&row, &mut locations)?;
            claims.entry(claim.entity_ref.clone()).or_default().push(claim);
        }
    }
    Ok(claims)
}

/// Loads every claim with who holds the entity, for the view.
pub(crate) async fn load_all(connection: &impl ConnectionTrait) -> Result<Vec<Claim>, CatalogError> {
    let statement = Statement::from_string(
        connection.get_database_backend(),
        "SELECT c.entity_ref, c.source_id, c.location, c.since, e.source_id, e.location \
         FROM claims c LEFT JOIN entities e ON e.entity_ref = c.entity_ref",
    );
    let mut locations = LocationInterner::default();
    let mut claims = Vec::new();
    for row in connection.query_all_raw(statement).await? {
        let holder_location: Option<String> = row.try_get_by_index(5)?;
        claims.push(Claim {
            entity_ref: entity_ref(TABLE, &row.try_get_by_index::<String>(0)?)?,
            source: row.try_get_by_index(1)?,
            location: locations.intern(&row.try_get_by_index::<String>(2)?),
            since: timestamp(row.try_get_by_index(3)?),
            holder: row.try_get_by_index(4)?,
            holder_location: holder_location.map(|location| locations.intern(&location)),
        });
    }
    Ok(claims)
}

/// Writes claims that are new or say something else.
pub(crate) async fn upsert(connection: &impl ConnectionTrait, claims: &[ClaimRow]) -> Result<(), CatalogError> {
    let upsert = Upsert {
        table: TABLE,
        columns: &["entity_ref", "source_id", "location", "document", "hash", "since"],
        key: &["entity_ref", "source_id", "location"],
        replaced: &["document", "hash"],
    };
    let rows = claims.iter().map(|claim| {
        vec![
            text(claim.entity_ref.as_str()),
            claim.source.into(),
            text(&claim.location),
            text(&claim.document),
            claim.hash.to_vec().into(),
            claim.since.timestamp_micros().into(),
        ]
    });
    Ok(upsert_rows(connection, upsert, rows).await?)
}

/// Deletes claims.
pub(crate) fn delete<'a>(
    connection: &'a impl ConnectionTrait,
    claims: impl Iterator<Item = (EntityRef, Uuid, Arc<str>)> + Send + 'a,
) -> Writing<'a> {
    let keys = claims.map(|(reference, source, location)| -> Vec<Value> {
        vec![text(reference.as_str()), source.into(), text(&location)]
    });
    delete_by_key(connection, TABLE, &["entity_ref", "source_id", "location"], keys)
}

fn claim_row(row: &QueryResult, locations: &mut LocationInterner) -> Result<ClaimRow, CatalogError> {
    Ok(ClaimRow {
        entity_ref: entity_ref(TABLE, &row.try_get_by_index::<String>(0)?)?,
        source: row.try_get_by_index(1)?,
        location: locations.intern(&row.try_get_by_index::<String>(2)?),
        document: row.try_get_by_index::<String>(3)?.into_boxed_str(),
        hash: hash(TABLE, &row.try_get_by_index::<Vec<u8>>(4)?)?,
        since: timestamp(row.try_get_by_index(5)?),
    })
}

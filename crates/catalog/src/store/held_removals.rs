//! `held_removals`: removals that wait for confirmation.
//!
//! Owns reading and writing them; when a removal waits is decided in `crate::reconcile`.

use callboard_db::{Upsert, Writing, delete_by_key, tables::held_removals as table, upsert_rows};
use callboard_entity_model::EntityRef;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{LocationInterner, entities::text, entity_ref};
use crate::{CatalogError, HeldRemoval};

const TABLE: &str = "held_removals";

/// Loads every held removal, or those of one source.
pub(crate) async fn load(
    connection: &impl ConnectionTrait,
    source: Option<Uuid>,
) -> Result<Vec<HeldRemoval>, CatalogError> {
    let mut query = table::Entity::find();
    if let Some(source) = source {
        query = query.filter(table::Column::SourceId.eq(source));
    }
    let mut locations = LocationInterner::default();
    let mut removals = Vec::new();
    for row in query.all(connection).await? {
        removals.push(HeldRemoval {
            source: row.source_id,
            entity_ref: entity_ref(TABLE, &row.entity_ref)?,
            location: locations.intern(&row.location),
            since: row.since.into(),
        });
    }
    removals.sort_by(|a, b| (a.source, &a.entity_ref).cmp(&(b.source, &b.entity_ref)));
    Ok(removals)
}

/// Writes removals that wait from now on.
pub(crate) async fn insert(connection: &impl ConnectionTrait, removals: &[HeldRemoval]) -> Result<(), CatalogError> {
    let upsert = Upsert {
        table: TABLE,
        columns: &["source_id", "entity_ref", "location", "since"],
        key: &["source_id", "entity_ref"],
        replaced: &["location"],
    };
    let rows = removals.iter().map(|removal| {
        vec![
            removal.source.into(),
            text(removal.entity_ref.as_str()),
            text(&removal.location),
            removal.since.timestamp_micros().into(),
        ]
    });
    Ok(upsert_rows(connection, upsert, rows).await?)
}

/// Deletes removals that no longer wait.
pub(crate) fn delete<'a>(
    connection: &'a impl ConnectionTrait,
    source: Uuid,
    refs: impl Iterator<Item = &'a EntityRef> + Send + 'a,
) -> Writing<'a> {
    let keys = refs.map(move |reference| vec![source.into(), text(reference.as_str())]);
    delete_by_key(connection, TABLE, &["source_id", "entity_ref"], keys)
}

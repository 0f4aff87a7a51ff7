//! `sources`: the locations that the catalog reads.
//!
//! Owns the conversion between rows and sources, and loading the whole view of them.

use std::collections::HashSet;

use callboard_db::{Timestamp, tables::sources as table};
use callboard_entity_model::{LocationSpec, Presence};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::{claims, held_removals, log_head, problems};
use crate::{CatalogError, Source, SourceOrigin, SourcesView};

const TABLE: &str = "sources";

/// Loads every source with its problems, claims and held removals; the transaction makes them fit each other.
pub(crate) async fn load_view(connection: &DatabaseTransaction) -> Result<SourcesView, CatalogError> {
    let version = log_head::read(connection).await?.sources_version;
    Ok(SourcesView::new(
        version,
        load_all(connection).await?,
        problems::load_all(connection).await?,
        claims::load_all(connection).await?,
        held_removals::load(connection, None).await?,
    ))
}

/// Loads every source.
pub(crate) async fn load_all(connection: &impl ConnectionTrait) -> Result<Vec<Source>, CatalogError> {
    table::Entity::find().all(connection).await?.into_iter().map(from_row).collect()
}

/// Finds a source.
pub(crate) async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Source>, CatalogError> {
    table::Entity::find_by_id(id).one(connection).await?.map(from_row).transpose()
}

/// Finds the source of that location.
pub(crate) async fn find_at(
    connection: &impl ConnectionTrait,
    location: &LocationSpec,
) -> Result<Option<Source>, CatalogError> {
    use sea_orm::{ColumnTrait, QueryFilter};
    table::Entity::find()
        .filter(table::Column::Kind.eq(&location.kind))
        .filter(table::Column::Target.eq(&location.target))
        .one(connection)
        .await?
        .map(from_row)
        .transpose()
}

/// Finds, among these sources, those of entities that were brought back.
pub(crate) async fn find_restored(
    connection: &impl ConnectionTrait,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashSet<Uuid>, CatalogError> {
    use sea_orm::{ColumnTrait, QueryFilter};
    let ids: HashSet<Uuid> = ids.collect();
    if ids.is_empty() {
        return Ok(ids);
    }
    let restored =
        table::Entity::find().filter(table::Column::Origin.eq(SourceOrigin::Restored.as_str())).all(connection).await?;
    Ok(restored.into_iter().map(|row| row.id).filter(|id| ids.contains(id)).collect())
}

/// Writes a new source.
pub(crate) async fn insert(connection: &impl ConnectionTrait, source: &Source) -> Result<(), CatalogError> {
    table::Entity::insert(to_row(source).into_active_model()).exec_without_returning(connection).await?;
    Ok(())
}

/// Writes everything about a source that can change.
pub(crate) async fn update(connection: &impl ConnectionTrait, source: &Source) -> Result<(), CatalogError> {
    let row = to_row(source);
    let changed = table::ActiveModel {
        id: sea_orm::ActiveValue::Unchanged(row.id),
        origin: Set(row.origin),
        presence: Set(row.presence),
        rules: Set(row.rules),
        version: Set(row.version),
        last_read_at: Set(row.last_read_at),
        last_success_at: Set(row.last_success_at),
        removed_at: Set(row.removed_at),
        ..Default::default()
    };
    changed.update(connection).await?;
    Ok(())
}

/// Deletes a source; its entities, files, claims and problems must be gone already.
pub(crate) async fn delete(connection: &impl ConnectionTrait, id: Uuid) -> Result<(), CatalogError> {
    table::Entity::delete_by_id(id).exec(connection).await?;
    Ok(())
}

fn from_row(row: table::Model) -> Result<Source, CatalogError> {
    let unknown = |value: &str| CatalogError::UnknownValue { table: TABLE, value: value.to_owned() };
    let presence = match row.presence.as_str() {
        "required" => Presence::Required,
        "optional" => Presence::Optional,
        other => return Err(unknown(other)),
    };
    let rules = row.rules.as_deref().map(|json| serde_json::from_str(json).map_err(|_| unknown(json))).transpose()?;
    Ok(Source {
        id: row.id,
        location: LocationSpec { kind: row.kind, target: row.target, presence },
        origin: SourceOrigin::from_name(&row.origin).ok_or_else(|| unknown(&row.origin))?,
        rules,
        created_at: row.created_at.into(),
        created_by: row.created_by,
        last_read_at: row.last_read_at.map(Into::into),
        last_success_at: row.last_success_at.map(Into::into),
        next_read_at: None,
        removed_at: row.removed_at.map(Into::into),
        version: u64::try_from(row.version).unwrap_or(0),
    })
}

fn to_row(source: &Source) -> table::Model {
    table::Model {
        id: source.id,
        origin: source.origin.as_str().to_owned(),
        kind: source.location.kind.clone(),
        target: source.location.target.clone(),
        presence: match source.location.presence {
            Presence::Required => "required".to_owned(),
            Presence::Optional => "optional".to_owned(),
        },
        rules: source.rules.as_ref().map(ToString::to_string),
        version: i64::try_from(source.version).unwrap_or(i64::MAX),
        created_at: source.created_at.into(),
        created_by: source.created_by.clone(),
        last_read_at: source.last_read_at.map(Timestamp::from),
        last_success_at: source.last_success_at.map(Timestamp::from),
        removed_at: source.removed_at.map(Timestamp::from),
    }
}

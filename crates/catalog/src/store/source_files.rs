//! `source_files`: the files of each source and what they are remembered by.
//!
//! Owns reading and writing them.

use std::{collections::HashMap, sync::Arc};

use callboard_db::{Upsert, Writing, delete_by_key, tables::source_files as table, upsert_rows};
use callboard_entity_model::KnownFile;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Value};
use uuid::Uuid;

use super::entities::text;
use crate::CatalogError;

const TABLE: &str = "source_files";

/// What the last reading of a file came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileState {
    /// It was read.
    Read,
    /// The last attempt failed.
    Failed,
    /// It is gone, but the removal of its entities waits for confirmation.
    Held,
}

/// A file of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceFile {
    pub(crate) state: FileState,
    /// Absent until a reading succeeded.
    pub(crate) known: Option<KnownFile>,
}

/// Loads the files of a source.
pub(crate) async fn load(
    connection: &impl ConnectionTrait,
    source: Uuid,
) -> Result<HashMap<Arc<str>, SourceFile>, CatalogError> {
    let rows = table::Entity::find().filter(table::Column::SourceId.eq(source)).all(connection).await?;
    let mut files = HashMap::with_capacity(rows.len());
    for row in rows {
        let unknown = || CatalogError::UnknownValue { table: TABLE, value: row.state.clone() };
        let state = FileState::from_name(&row.state).ok_or_else(unknown)?;
        // What cannot be read any more was written by another version: the file is simply read again.
        let known = row.known.and_then(|json| serde_json::from_str(&json).ok());
        files.insert(row.location.into(), SourceFile { state, known });
    }
    Ok(files)
}

/// Writes files that are new or changed.
pub(crate) fn upsert<'a>(
    connection: &'a impl ConnectionTrait,
    source: Uuid,
    now: i64,
    files: impl Iterator<Item = (&'a Arc<str>, &'a SourceFile)> + Send + 'a,
) -> Writing<'a> {
    let upsert = Upsert {
        table: TABLE,
        columns: &["source_id", "location", "state", "known", "last_read_at"],
        key: &["source_id", "location"],
        replaced: &["state", "known", "last_read_at"],
    };
    let rows = files.map(move |(location, file)| {
        // A map with text keys and no numbers always serialises; should it not, the file is read again.
        let known = file.known.as_ref().and_then(|known| serde_json::to_string(known).ok());
        vec![source.into(), text(location), text(file.state.as_str()), Value::String(known), now.into()]
    });
    upsert_rows(connection, upsert, rows)
}

/// Deletes files that are gone.
pub(crate) fn delete<'a>(
    connection: &'a impl ConnectionTrait,
    source: Uuid,
    locations: impl Iterator<Item = &'a Arc<str>> + Send + 'a,
) -> Writing<'a> {
    let keys = locations.map(move |location| vec![source.into(), text(location)]);
    delete_by_key(connection, TABLE, &["source_id", "location"], keys)
}

/// Deletes every file of a source.
pub(crate) async fn delete_of_source(connection: &impl ConnectionTrait, source: Uuid) -> Result<(), CatalogError> {
    table::Entity::delete_many().filter(table::Column::SourceId.eq(source)).exec(connection).await?;
    Ok(())
}

/// Forgets what the files of a source are remembered by, so that each is parsed at the next reading.
pub(crate) async fn forget(connection: &impl ConnectionTrait, source: Uuid) -> Result<(), CatalogError> {
    table::Entity::update_many()
        .col_expr(table::Column::Known, sea_orm::sea_query::Expr::value(Value::String(None)))
        .filter(table::Column::SourceId.eq(source))
        .exec(connection)
        .await?;
    Ok(())
}

impl FileState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Failed => "failed",
            Self::Held => "held",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Read, Self::Failed, Self::Held].into_iter().find(|state| state.as_str() == name)
    }
}

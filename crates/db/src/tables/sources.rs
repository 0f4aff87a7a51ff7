//! `sources`: where entities are declared, and when that was last read.
//!
//! Owns the columns; who writes and reads them, and when, is decided in `callboard-catalog`.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sources")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who declared the source: `config`, `registered`, `imported` or `restored`.
    #[sea_orm(column_type = "Text")]
    pub origin: String,
    /// `file` or `url`; `restored` for an entity that was brought back.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// The path, glob, folder or address; the entity that was brought back.
    #[sea_orm(column_type = "Text")]
    pub target: String,
    /// `required` or `optional`.
    #[sea_orm(column_type = "Text")]
    pub presence: String,
    /// The rules of this location as JSON, when it has its own.
    #[sea_orm(column_type = "Text", nullable)]
    pub rules: Option<String>,
    /// One more for each committed reading: a reading made against an older version is stale.
    pub version: i64,
    /// When it was declared.
    pub created_at: Timestamp,
    /// Who declared it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
    /// When a reading last changed something here; readings that change nothing write nothing.
    pub last_read_at: Option<Timestamp>,
    /// The same for readings in which no file failed.
    pub last_success_at: Option<Timestamp>,
    /// Since when the configuration no longer names it, while its removal is held.
    pub removed_at: Option<Timestamp>,
}

/// None: the log lock keeps the tables in step, and bulk writes stay fast.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

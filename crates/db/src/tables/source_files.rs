//! `source_files`: the files of each source and what they are remembered by.
//!
//! Owns the columns; who writes and reads them, and when, is decided in `callboard-catalog`.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "source_files")]
pub struct Model {
    /// The source.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source_id: Uuid,
    /// `file:/path` or `url:https://…`.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub location: String,
    /// `read`, `failed` (the last attempt failed) or `held` (gone, but its removal is held).
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// What the next reading compares with, as JSON; absent until a reading succeeded.
    #[sea_orm(column_type = "Text", nullable)]
    pub known: Option<String>,
    /// When its content or state last changed.
    pub last_read_at: Timestamp,
}

/// None: the log lock keeps the tables in step, and bulk writes stay fast.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! `held_removals`: removals that wait for somebody to confirm them.
//!
//! Owns the columns; who writes and reads them, and when, is decided in `callboard-catalog`.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "held_removals")]
pub struct Model {
    /// The source.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source_id: Uuid,
    /// The entity that it no longer declares.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub entity_ref: String,
    /// The file that declared it.
    #[sea_orm(column_type = "Text")]
    pub location: String,
    /// Since when.
    pub since: Timestamp,
}

/// None: the log lock keeps the tables in step, and bulk writes stay fast.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

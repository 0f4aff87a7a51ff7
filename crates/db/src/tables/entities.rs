//! `entities`: the current state of every entity.
//!
//! Owns the columns; who writes and reads them, and when, is decided in `callboard-catalog`.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "entities")]
pub struct Model {
    /// The canonical reference.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub entity_ref: String,
    /// The source that holds it.
    pub source_id: Uuid,
    /// The file of that source that declares it.
    #[sea_orm(column_type = "Text")]
    pub location: String,
    /// The whole entity as compact JSON.
    #[sea_orm(column_type = "Text")]
    pub document: String,
    /// SHA-256 of `document`, 32 bytes.
    #[sea_orm(column_type = "Blob")]
    pub hash: Vec<u8>,
    /// The revision of its newest change.
    pub revision: i64,
    /// When it first appeared.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// None: the log lock keeps the tables in step, and bulk writes stay fast.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

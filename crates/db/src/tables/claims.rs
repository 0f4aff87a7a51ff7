//! `claims`: what sources declare of entities that another declared first.
//!
//! Owns the columns; who writes and reads them, and when, is decided in `callboard-catalog`.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "claims")]
pub struct Model {
    /// The canonical reference.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub entity_ref: String,
    /// The source that came second.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source_id: Uuid,
    /// The file that declares it.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub location: String,
    /// What it says, as compact JSON: what counts as soon as the first lets go.
    #[sea_orm(column_type = "Text")]
    pub document: String,
    /// SHA-256 of `document`, 32 bytes.
    #[sea_orm(column_type = "Blob")]
    pub hash: Vec<u8>,
    /// Since when; the oldest claim takes over.
    pub since: Timestamp,
}

/// None: the log lock keeps the tables in step, and bulk writes stay fast.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

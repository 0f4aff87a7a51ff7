//! `changes`: the log: one row a committed change, in commit order and without gaps from `oldest_revision` on. Of what is
//! older, there is at most one row an entity: the state that the changes from there on start with.
//!
//! Owns the columns; who writes and reads them, and when, is decided in `callboard-catalog`.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "changes")]
pub struct Model {
    /// The position, 1 for the first.
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    /// The entity.
    #[sea_orm(column_type = "Text")]
    pub entity_ref: String,
    /// `created`, `updated` or `deleted`. With `revision` there is an index by `entity_ref`, and one by `committed_at`.
    #[sea_orm(column_type = "Text")]
    pub operation: String,
    /// The entity after it; absent when deleted.
    #[sea_orm(column_type = "Text", nullable)]
    pub document: Option<String>,
    /// SHA-256 of `document`, 32 bytes.
    #[sea_orm(column_type = "Blob", nullable)]
    pub hash: Option<Vec<u8>>,
    /// The change that made the state before this one; absent when created.
    pub previous_revision: Option<i64>,
    /// The source through which it came.
    pub source_id: Uuid,
    /// The file that declares, or declared, the entity.
    #[sea_orm(column_type = "Text")]
    pub location: String,
    /// Who did it.
    #[sea_orm(column_type = "Text")]
    pub actor: String,
    /// What led to it: `watch`, `schedule`, `register`, …
    #[sea_orm(column_type = "Text")]
    pub cause: String,
    /// When.
    pub committed_at: Timestamp,
    /// When the entity first appeared.
    pub entity_created_at: Timestamp,
}

/// None: the log lock keeps the tables in step, and bulk writes stay fast.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

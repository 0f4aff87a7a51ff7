//! `problems`: what is wrong with what sources declare.
//!
//! Owns the columns; who writes and reads them, and when, is decided in `callboard-catalog`.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "problems")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The source.
    pub source_id: Uuid,
    /// The file whose reading found it; empty when it concerns the source as a whole.
    #[sea_orm(column_type = "Text")]
    pub scope: String,
    /// Where it is.
    #[sea_orm(column_type = "Text")]
    pub location: String,
    /// The stable name of its kind, for example `SYNTAX`.
    #[sea_orm(column_type = "Text")]
    pub code: String,
    /// `WARNING` or `ERROR`.
    #[sea_orm(column_type = "Text")]
    pub severity: String,
    /// A sentence that a person can act on.
    #[sea_orm(column_type = "Text")]
    pub message: String,
    /// Which document of a multi-document file, counted from 1.
    pub document: Option<i32>,
    /// Line, counted from 1.
    pub line: Option<i32>,
    /// Column in the line, counted from 1.
    pub position: Option<i32>,
    /// The field as a path.
    #[sea_orm(column_type = "Text", nullable)]
    pub field: Option<String>,
    /// The entity, where known.
    #[sea_orm(column_type = "Text", nullable)]
    pub entity_ref: Option<String>,
    /// When it was first seen; kept while it stays.
    pub since: Timestamp,
}

/// None: the log lock keeps the tables in step, and bulk writes stay fast.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

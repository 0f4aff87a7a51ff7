//! `log_head`: the one row that gives out revisions.
//!
//! Owns the columns; who writes and reads them, and when, is decided in `callboard-catalog`.

use sea_orm::entity::prelude::*;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_head")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// The newest committed revision; 0 before the first.
    pub revision: i64,
    /// Goes up whenever sources, files, problems, claims or held removals change, so that other replicas reload them.
    pub sources_version: i64,
}

/// None: the log lock keeps the tables in step, and bulk writes stay fast.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! `log_head`: the one row that gives out revisions and says which log they belong to.
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
    /// Which log it is: another one when the database is another, or has been taken back to an earlier state.
    pub log_id: i64,
    /// The first revision from which on every change is still there; 1 as long as none was deleted.
    pub oldest_revision: i64,
}

/// None: the log lock keeps the tables in step, and bulk writes stay fast.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

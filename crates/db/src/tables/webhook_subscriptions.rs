//! `webhook_subscriptions`: who is told of which changes, and how far they have been told.
//!
//! Owns the columns; who writes and reads them, and when, is decided in `callboard-webhooks`.

use sea_orm::entity::prelude::*;

use crate::{SecretText, Timestamp};

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_subscriptions")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What people call it.
    #[sea_orm(column_type = "Text", nullable)]
    pub name: Option<String>,
    /// The address that events are sent to.
    #[sea_orm(column_type = "Text")]
    pub target: String,
    /// Which entities, as the client wrote it in JSON; absent for all.
    #[sea_orm(column_type = "Text", nullable)]
    pub filter: Option<String>,
    /// Which operations, `created,deleted`; absent for all.
    #[sea_orm(column_type = "Text", nullable)]
    pub operations: Option<String>,
    /// The key that deliveries are signed with, as text. SECRET.
    #[sea_orm(column_type = "Text")]
    pub secret: SecretText,
    /// The key before the last rotation. SECRET.
    #[sea_orm(column_type = "Text", nullable)]
    pub previous_secret: Option<SecretText>,
    /// Until when deliveries are signed with the previous key too.
    pub previous_secret_until: Option<Timestamp>,
    /// `active`, `failing`, `paused` or `gone` (paused because the receiver said so).
    #[sea_orm(column_type = "Text")]
    pub state: String,
    /// The log that the position is in; the database may be taken back to an earlier state.
    pub log_id: i64,
    /// The revision of the log up to which everything wanted was accepted.
    pub position: i64,
    /// How many attempts in a row have failed.
    pub failures: i32,
    /// Not before this the next attempt is made.
    pub next_attempt_at: Option<Timestamp>,
    /// When a delivery was last accepted.
    pub last_success_at: Option<Timestamp>,
    /// When a delivery last failed.
    pub last_failure_at: Option<Timestamp>,
    /// Why.
    #[sea_orm(column_type = "Text", nullable)]
    pub last_failure: Option<String>,
    /// Grows with each change of holder and each change by a person; whoever delivers writes only under the number that
    /// it started with.
    pub fence: i64,
    /// The replica that delivers.
    pub lease_holder: Option<Uuid>,
    /// Until when nobody else may.
    pub lease_until: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    #[sea_orm(column_type = "Text")]
    pub created_by: String,
}

/// None: deliveries are deleted together with their subscription by the code that does it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

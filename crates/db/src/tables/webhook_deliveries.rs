//! `webhook_deliveries`: the newest attempts to deliver, for whoever wants to know what went wrong.
//!
//! Owns the columns; who writes and reads them, and when, is decided in `callboard-webhooks`.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

/// A row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_deliveries")]
pub struct Model {
    /// The subscription.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subscription_id: Uuid,
    /// The id; later attempts have greater ones.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The id of the event, the same at each attempt.
    #[sea_orm(column_type = "Text")]
    pub event_id: String,
    /// The type of the event.
    #[sea_orm(column_type = "Text")]
    pub event_type: String,
    /// The place in the log that the event is about.
    pub revision: i64,
    /// Which attempt at this event, counted from 1.
    pub attempt: i32,
    /// When it was made.
    pub attempted_at: Timestamp,
    /// How long it took, in microseconds.
    pub duration_us: i64,
    /// The status that the receiver answered with; absent when it did not.
    pub status: Option<i32>,
    /// Why it counts as failed; absent when it was accepted.
    #[sea_orm(column_type = "Text", nullable)]
    pub error: Option<String>,
    /// The beginning of what the receiver answered to a delivery that it did not accept.
    #[sea_orm(column_type = "Text", nullable)]
    pub excerpt: Option<String>,
}

/// None: deliveries are deleted together with their subscription by the code that does it.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! Progress: how far each subscription has been told, and how it went.
//!
//! Owns the writes of whoever delivers. Each is made under a fence and changes nothing when that is not the current one.

use callboard_catalog::ChangeCursor;
use callboard_db::{Timestamp, tables::webhook_subscriptions as table};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, UpdateMany, Value, sea_query::Expr};
use uuid::Uuid;

use super::{begin, deliveries, subscriptions::number};
use crate::{Delivery, SubscriptionState, WebhookError};

/// Who writes: a subscription under a fence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Under {
    pub(crate) subscription: Uuid,
    pub(crate) fence: i64,
}

/// What follows from an attempt.
#[derive(Debug, Clone)]
pub(crate) enum Consequence {
    /// Everything up to this place has been told.
    Accepted(ChangeCursor),
    /// It is tried again.
    Again {
        /// How many attempts in a row have failed now.
        failures: u32,
        /// When.
        at: DateTime<Utc>,
    },
    /// The receiver wants nothing any more.
    Gone,
}

/// Remembers an attempt and what follows from it, both or neither. Returns whether the fence still held.
pub(crate) async fn record(
    db: &DatabaseConnection,
    under: Under,
    delivery: &Delivery,
    consequence: &Consequence,
    kept: u64,
) -> Result<bool, WebhookError> {
    use table::Column;
    let at = Timestamp::from(delivery.attempted_at).0;
    let failed = |state: SubscriptionState, failures: u32| {
        of(under)
            .col_expr(Column::State, Expr::value(state.as_str()))
            .col_expr(Column::Failures, Expr::value(i32::try_from(failures).unwrap_or(i32::MAX)))
            .col_expr(Column::LastFailureAt, Expr::value(at))
            .col_expr(Column::LastFailure, Expr::value(Value::String(delivery.error.clone())))
    };
    let statement = match consequence {
        Consequence::Accepted(place) => of(under)
            .col_expr(Column::State, Expr::value(SubscriptionState::Active.as_str()))
            .col_expr(Column::LogId, Expr::value(place.log.to_column()))
            .col_expr(Column::Position, Expr::value(number(place.revision)))
            .col_expr(Column::Failures, Expr::value(0))
            .col_expr(Column::NextAttemptAt, Expr::value(Value::BigInt(None)))
            .col_expr(Column::LastSuccessAt, Expr::value(at)),
        Consequence::Again { failures, at } => failed(SubscriptionState::Failing, *failures)
            .col_expr(Column::NextAttemptAt, Expr::value(Timestamp::from(*at).0)),
        Consequence::Gone => failed(SubscriptionState::Gone, delivery.attempt)
            .col_expr(Column::NextAttemptAt, Expr::value(Value::BigInt(None))),
    };
    let transaction = begin(db).await?;
    if statement.exec(&transaction).await?.rows_affected == 0 {
        transaction.rollback().await?;
        return Ok(false);
    }
    deliveries::insert(&transaction, delivery).await?;
    deliveries::trim(&transaction, under.subscription, kept).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Remembers how far subscriptions have got through changes that they do not want.
pub(crate) async fn settle(db: &DatabaseConnection, passed: &[(Under, ChangeCursor)]) -> Result<(), WebhookError> {
    if passed.is_empty() {
        return Ok(());
    }
    let transaction = begin(db).await?;
    for (under, place) in passed {
        of(*under)
            .col_expr(table::Column::Position, Expr::value(number(place.revision)))
            // Whoever delivers may have got further in the meantime, or started again in another log.
            .filter(table::Column::LogId.eq(place.log.to_column()))
            .filter(table::Column::Position.lt(number(place.revision)))
            .exec(&transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

fn of(under: Under) -> UpdateMany<table::Entity> {
    table::Entity::update_many()
        .filter(table::Column::Id.eq(under.subscription))
        .filter(table::Column::Fence.eq(under.fence))
}

//! Leases: which replica delivers for a subscription, and until when.
//!
//! Owns claiming and renewing. A claim raises the fence; whoever claimed writes only under its number, so that a
//! replica that lost its lease without noticing changes nothing any more.

use callboard_db::{Timestamp, tables::webhook_subscriptions as table};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Value, sea_query::Expr};
use uuid::Uuid;

use super::subscriptions::Row;
use crate::WebhookError;

/// Returns whether a replica may claim a subscription.
pub(crate) fn is_free(row: &Row, holder: Uuid, now: DateTime<Utc>) -> bool {
    row.lease_holder.is_none_or(|it| it == holder) || row.lease_until.is_none_or(|until| until <= now)
}

/// Claims a subscription that was free when it was read, and returns the new fence; nothing when others were faster.
pub(crate) async fn claim(
    connection: &impl ConnectionTrait,
    row: &Row,
    holder: Uuid,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<i64>, WebhookError> {
    let fence = row.fence + 1;
    let free = Condition::any()
        .add(table::Column::LeaseHolder.is_null())
        .add(table::Column::LeaseHolder.eq(holder))
        .add(table::Column::LeaseUntil.lte(Timestamp::from(now).0));
    let claimed = table::Entity::update_many()
        .col_expr(table::Column::Fence, Expr::value(fence))
        .col_expr(table::Column::LeaseHolder, Expr::value(holder))
        .col_expr(table::Column::LeaseUntil, Expr::value(Timestamp::from(until).0))
        .filter(table::Column::Id.eq(row.subscription.id))
        .filter(table::Column::Fence.eq(row.fence))
        .filter(free)
        .exec(connection)
        .await?;
    Ok((claimed.rows_affected == 1).then_some(fence))
}

/// Extends every lease of a replica.
pub(crate) async fn renew(
    connection: &impl ConnectionTrait,
    holder: Uuid,
    until: DateTime<Utc>,
) -> Result<(), WebhookError> {
    table::Entity::update_many()
        .col_expr(table::Column::LeaseUntil, Expr::value(Timestamp::from(until).0))
        .filter(table::Column::LeaseHolder.eq(holder))
        .exec(connection)
        .await?;
    Ok(())
}

/// Gives up every lease of a replica, so that another need not wait.
pub(crate) async fn release(connection: &impl ConnectionTrait, holder: Uuid) -> Result<(), WebhookError> {
    table::Entity::update_many()
        .col_expr(table::Column::LeaseHolder, Expr::value(Value::Uuid(None)))
        .col_expr(table::Column::LeaseUntil, Expr::value(Value::BigInt(None)))
        .filter(table::Column::LeaseHolder.eq(holder))
        .exec(connection)
        .await?;
    Ok(())
}

/// Returns until when a replica may deliver under a fence; nothing when it may not.
pub(crate) async fn valid_until(
    connection: &impl ConnectionTrait,
    id: Uuid,
    holder: Uuid,
    fence: i64,
) -> Result<Option<DateTime<Utc>>, WebhookError> {
    let until: Option<Option<Timestamp>> = table::Entity::find_by_id(id)
        .select_only()
        .column(table::Column::LeaseUntil)
        .filter(table::Column::Fence.eq(fence))
        .filter(table::Column::LeaseHolder.eq(holder))
        .into_tuple()
        .one(connection)
        .await?;
    Ok(until.flatten().map(Into::into))
}

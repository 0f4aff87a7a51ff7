//! `webhook_deliveries`: the newest attempts of each subscription.
//!
//! Owns writing, reading and trimming them.

use std::time::Duration;

use callboard_db::tables::webhook_deliveries as table;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::subscriptions::{number, revision};
use crate::{Delivery, WebhookError};

/// Inserts an attempt.
pub(crate) async fn insert(connection: &impl ConnectionTrait, delivery: &Delivery) -> Result<(), WebhookError> {
    let model = table::ActiveModel {
        subscription_id: Set(delivery.subscription),
        id: Set(delivery.id),
        event_id: Set(delivery.event_id.clone()),
        event_type: Set(delivery.event_type.clone()),
        revision: Set(number(delivery.revision)),
        attempt: Set(i32::try_from(delivery.attempt).unwrap_or(i32::MAX)),
        attempted_at: Set(delivery.attempted_at.into()),
        duration_us: Set(i64::try_from(delivery.duration.as_micros()).unwrap_or(i64::MAX)),
        status: Set(delivery.status.map(i32::from)),
        error: Set(delivery.error.clone()),
        excerpt: Set(delivery.excerpt.clone()),
    };
    table::Entity::insert(model).exec_without_returning(connection).await?;
    Ok(())
}

/// Deletes all but the newest attempts of a subscription.
pub(crate) async fn trim(connection: &impl ConnectionTrait, subscription: Uuid, kept: u64) -> Result<(), WebhookError> {
    let oldest_kept: Option<Uuid> = table::Entity::find()
        .select_only()
        .column(table::Column::Id)
        .filter(table::Column::SubscriptionId.eq(subscription))
        .order_by_desc(table::Column::Id)
        .offset(kept.max(1) - 1)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    if let Some(oldest_kept) = oldest_kept {
        table::Entity::delete_many()
            .filter(table::Column::SubscriptionId.eq(subscription))
            .filter(table::Column::Id.lt(oldest_kept))
            .exec(connection)
            .await?;
    }
    Ok(())
}

/// Deletes every attempt of a subscription.
pub(crate) async fn delete_of(connection: &impl ConnectionTrait, subscription: Uuid) -> Result<(), WebhookError> {
    table::Entity::delete_many().filter(table::Column::SubscriptionId.eq(subscription)).exec(connection).await?;
    Ok(())
}

/// Loads the attempts of subscriptions, newest first.
pub(crate) async fn load(
    connection: &impl ConnectionTrait,
    subscriptions: &[Uuid],
) -> Result<Vec<Delivery>, WebhookError> {
    let models = table::Entity::find()
        .filter(table::Column::SubscriptionId.is_in(subscriptions.iter().copied()))
        .order_by_desc(table::Column::Id)
        .all(connection)
        .await?;
    Ok(models.into_iter().map(delivery).collect())
}

fn delivery(model: table::Model) -> Delivery {
    Delivery {
        id: model.id,
        subscription: model.subscription_id,
        event_id: model.event_id,
        event_type: model.event_type,
        revision: revision(model.revision),
        attempt: u32::try_from(model.attempt).unwrap_or(0),
        attempted_at: model.attempted_at.into(),
        duration: Duration::from_micros(u64::try_from(model.duration_us).unwrap_or(0)),
        status: model.status.and_then(|status| u16::try_from(status).ok()),
        error: model.error,
        excerpt: model.excerpt,
    }
}

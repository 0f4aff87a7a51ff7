//! `webhook_subscriptions`, as people see and change it.
//!
//! Owns reading rows and writing what people change. Each of these writes raises the fence, so that whoever delivers
//! notices; claims and progress are `super::leases`' and `super::progress`'.

use callboard_catalog::{ChangeCursor, LogId, Operation};
use callboard_db::{Timestamp, tables::webhook_subscriptions as table};
use callboard_entity_model::Revision;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder,
    UpdateMany, Value, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    NewSubscription, Subscription, SubscriptionEdit, SubscriptionState, WebhookError, WebhookSecret, sender::Recipient,
};

const TABLE: &str = "webhook_subscriptions";

/// A subscription with what nobody outside may see.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) subscription: Subscription,
    pub(crate) recipient: Recipient,
    /// Where it stands, and in which log.
    pub(crate) place: ChangeCursor,
    pub(crate) fence: i64,
    pub(crate) lease_holder: Option<Uuid>,
    pub(crate) lease_until: Option<DateTime<Utc>>,
}

/// Counts the subscriptions.
pub(crate) async fn count(connection: &impl ConnectionTrait) -> Result<u64, WebhookError> {
    Ok(table::Entity::find().count(connection).await?)
}

/// Loads every subscription, oldest first.
pub(crate) async fn load_all(connection: &impl ConnectionTrait) -> Result<Vec<Row>, WebhookError> {
    let models = table::Entity::find().order_by_asc(table::Column::Id).all(connection).await?;
    models.into_iter().map(row).collect()
}

/// Finds a subscription.
pub(crate) async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Row>, WebhookError> {
    table::Entity::find_by_id(id).one(connection).await?.map(row).transpose()
}

/// Inserts a subscription.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    id: Uuid,
    new: &NewSubscription,
    secret: &WebhookSecret,
    place: ChangeCursor,
    created: (DateTime<Utc>, &str),
) -> Result<(), WebhookError> {
    let model = table::ActiveModel {
        id: Set(id),
        name: Set(new.name.clone()),
        target: Set(new.target.clone()),
        filter: Set(new.filter.clone()),
        operations: Set(new.operations.as_deref().map(operations_text)),
        secret: Set(secret.to_stored()),
        previous_secret: Set(None),
        previous_secret_until: Set(None),
        state: Set(SubscriptionState::Active.as_str().to_owned()),
        log_id: Set(place.log.to_column()),
        position: Set(number(place.revision)),
        failures: Set(0),
        next_attempt_at: Set(None),
        last_success_at: Set(None),
        last_failure_at: Set(None),
        last_failure: Set(None),
        fence: Set(1),
        lease_holder: Set(None),
        lease_until: Set(None),
        created_at: Set(created.0.into()),
        created_by: Set(created.1.to_owned()),
    };
    table::Entity::insert(model).exec_without_returning(connection).await?;
    Ok(())
}

/// Changes what people may change; whatever failed is tried again at once.
pub(crate) async fn update(
    connection: &impl ConnectionTrait,
    id: Uuid,
    edit: SubscriptionEdit,
    previous_until: DateTime<Utc>,
) -> Result<bool, WebhookError> {
    use table::Column;
    let mut statement = changed_by_a_person(id);
    if let Some(name) = edit.name {
        statement = statement.col_expr(Column::Name, Expr::value(Value::String(name)));
    }
    if let Some(target) = edit.target {
        statement = statement.col_expr(Column::Target, Expr::value(target));
    }
    if let Some(filter) = edit.filter {
        statement = statement.col_expr(Column::Filter, Expr::value(Value::String(filter)));
    }
    if let Some(operations) = edit.operations {
        let text = operations.as_deref().map(operations_text);
        statement = statement.col_expr(Column::Operations, Expr::value(Value::String(text)));
    }
    if let Some(secret) = edit.secret {
        statement = statement
            .col_expr(Column::PreviousSecret, Expr::col(Column::Secret))
            .col_expr(Column::PreviousSecretUntil, Expr::value(Timestamp::from(previous_until).0))
            .col_expr(Column::Secret, Expr::value(secret.expose()));
    }
    Ok(statement.exec(connection).await?.rows_affected == 1)
}

/// Pauses or resumes; one that is resumed is tried at once.
pub(crate) async fn set_state(
    connection: &impl ConnectionTrait,
    id: Uuid,
    state: SubscriptionState,
) -> Result<bool, WebhookError> {
    let statement = changed_by_a_person(id)
        .col_expr(table::Column::State, Expr::value(state.as_str()))
        .col_expr(table::Column::Failures, Expr::value(0));
    Ok(statement.exec(connection).await?.rows_affected == 1)
}

/// Sets the place in the log from which everything is delivered again.
pub(crate) async fn set_place(
    connection: &impl ConnectionTrait,
    id: Uuid,
    place: ChangeCursor,
) -> Result<bool, WebhookError> {
    let statement = changed_by_a_person(id)
        .col_expr(table::Column::LogId, Expr::value(place.log.to_column()))
        .col_expr(table::Column::Position, Expr::value(number(place.revision)))
        .col_expr(table::Column::Failures, Expr::value(0));
    Ok(statement.exec(connection).await?.rows_affected == 1)
}

/// Deletes a subscription.
pub(crate) async fn delete(connection: &impl ConnectionTrait, id: Uuid) -> Result<bool, WebhookError> {
    Ok(table::Entity::delete_by_id(id).exec(connection).await?.rows_affected == 1)
}

fn changed_by_a_person(id: Uuid) -> UpdateMany<table::Entity> {
    table::Entity::update_many()
        .col_expr(table::Column::Fence, Expr::col(table::Column::Fence).add(1))
        .col_expr(table::Column::NextAttemptAt, Expr::value(Value::BigInt(None)))
        .filter(table::Column::Id.eq(id))
}

/// Returns a revision as both databases keep it.
pub(super) fn number(revision: Revision) -> i64 {
    // Revisions come out of such a column, so they fit in again.
    i64::try_from(revision.0).unwrap_or(i64::MAX)
}

pub(super) fn revision(number: i64) -> Revision {
    Revision(u64::try_from(number).unwrap_or(0))
}

fn operations_text(operations: &[Operation]) -> String {
    operations.iter().map(|operation| operation.as_str()).collect::<Vec<_>>().join(",")
}

fn row(model: table::Model) -> Result<Row, WebhookError> {
    let unknown = |value: &str| WebhookError::UnknownValue { table: TABLE, value: value.to_owned() };
    let operations = match &model.operations {
        None => None,
        Some(names) => {
            let read = |name: &str| Operation::from_name(name).ok_or_else(|| unknown(name));
            Some(names.split(',').map(read).collect::<Result<Vec<_>, _>>()?)
        }
    };
    let previous = match (&model.previous_secret, model.previous_secret_until) {
        (Some(secret), Some(until)) => Some((WebhookSecret::parse(&secret.0)?, until.into())),
        _ => None,
    };
    Ok(Row {
        recipient: Recipient {
            subscription: model.id,
            target: model.target.clone(),
            secret: WebhookSecret::parse(&model.secret.0)?,
            previous,
        },
        place: ChangeCursor { log: LogId::from_column(model.log_id), revision: revision(model.position) },
        fence: model.fence,
        lease_holder: model.lease_holder,
        lease_until: model.lease_until.map(Into::into),
        subscription: Subscription {
            id: model.id,
            name: model.name,
            target: model.target,
            filter: model.filter,
            operations,
            state: SubscriptionState::from_name(&model.state).ok_or_else(|| unknown(&model.state))?,
            position: revision(model.position),
            failures: u32::try_from(model.failures).unwrap_or(0),
            next_attempt_at: model.next_attempt_at.map(Into::into),
            last_success_at: model.last_success_at.map(Into::into),
            last_failure_at: model.last_failure_at.map(Into::into),
            last_failure: model.last_failure,
            created_at: model.created_at.into(),
            created_by: model.created_by,
        },
    })
}

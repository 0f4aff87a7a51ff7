//! Webhooks as clients see them.
//!
//! Owns the GraphQL shapes of subscriptions; attempts to deliver stand in [`delivery`], how filters are
//! written in [`dialect`]. Delivering is the work of `callboard-webhooks`. The secret is in none of these: only the
//! mutation that makes one shows it.

mod delivery;
mod dialect;

use std::{collections::HashMap, sync::Arc};

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use callboard_webhooks::{Delivery, Subscription, SubscriptionState};
use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use tokio::sync::OnceCell;
use uuid::Uuid;

pub(crate) use self::{
    delivery::{WebhookDelivery, WebhookDeliveryConnection},
    dialect::write_filter,
};
pub use dialect::webhook_dialect;

use super::{
    change::ChangeType,
    context::ContextExt,
    global_id::GlobalId,
    page::{Page, PageArguments, PageInfo, cut},
    scalars::{JsonScalar, RevisionScalar, UrlScalar},
};
use crate::error::GatewayError;

/// How a webhook is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "WebhookState", remote = "SubscriptionState")]
pub(crate) enum WebhookState {
    /// Events are delivered as they come.
    Active,
    /// The receiver did not accept the last attempt; it is made again and again, in growing distances.
    Failing,
    /// Somebody paused it: nothing is delivered until it is resumed.
    Paused,
    /// The receiver answered 410, which paused it until it is resumed.
    Gone,
}

/// A webhook, and those that it was read together with.
#[derive(Debug, Clone)]
pub(crate) struct WebhookSubscription {
    subscription: Arc<Subscription>,
    together: Arc<Together>,
}

/// Webhooks that were read together: their deliveries are read together too, when the first of them is asked.
#[derive(Debug, Default)]
struct Together {
    ids: Vec<Uuid>,
    deliveries: OnceCell<HashMap<Uuid, Vec<Delivery>>>,
}

impl WebhookSubscription {
    /// Takes a webhook.
    pub(crate) fn new(subscription: Subscription) -> Self {
        let together = Together { ids: vec![subscription.id], ..Together::default() };
        Self { subscription: Arc::new(subscription), together: Arc::new(together) }
    }

    /// Returns what it is kept under.
    pub(crate) fn key(&self) -> Uuid {
        self.subscription.id
    }

    /// Takes webhooks that are shown together.
    pub(crate) fn all(subscriptions: Vec<Subscription>) -> Vec<Self> {
        let ids = subscriptions.iter().map(|subscription| subscription.id).collect();
        let together = Arc::new(Together { ids, ..Together::default() });
        let object = |it| Self { subscription: Arc::new(it), together: Arc::clone(&together) };
        subscriptions.into_iter().map(object).collect()
    }
}

/// Somebody who is told of changes: each wanted change is sent to `target` as a signed CloudEvent, in the order of the
/// log, the next one only after the former was accepted.
#[Object]
impl WebhookSubscription {
    /// Opaque key that stays the same for as long as the webhook exists.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Webhook(self.subscription.id).encode()
    }

    /// What people call it; null when it has no name.
    async fn name(&self) -> Option<&str> {
        self.subscription.name.as_deref()
    }

    /// The address that events are sent to.
    async fn target(&self) -> UrlScalar {
        UrlScalar(self.subscription.target.clone())
    }

    /// Which entities, as an `EntityFilter` in JSON; null for all.
    async fn filter(&self) -> Option<JsonScalar> {
        let raw: Box<RawValue> = serde_json::from_str(self.subscription.filter.as_deref()?).ok()?;
        Some(JsonScalar::from_raw(&raw))
    }

    /// Which changes.
    async fn change_types(&self) -> Vec<ChangeType> {
        match &self.subscription.operations {
            Some(operations) => operations.iter().copied().map(Into::into).collect(),
            None => vec![ChangeType::Created, ChangeType::Updated, ChangeType::Deleted],
        }
    }

    /// How it is.
    async fn state(&self) -> WebhookState {
        self.subscription.state.into()
    }

    /// Every wanted change up to here was accepted. It is written down after each delivery, and from time to time while
    /// nothing wanted happens.
    async fn position(&self) -> RevisionScalar {
        self.subscription.position.into()
    }

    /// How many attempts in a row were not accepted.
    async fn consecutive_failure_count(&self) -> u32 {
        self.subscription.failures
    }

    /// Not before this the next attempt is made; null when nothing is waited for.
    async fn next_attempt_at(&self) -> Option<DateTime<Utc>> {
        self.subscription.next_attempt_at
    }

    /// When an event was last accepted; null when never.
    async fn last_success_at(&self) -> Option<DateTime<Utc>> {
        self.subscription.last_success_at
    }

    /// When an attempt last failed; null when never.
    async fn last_failure_at(&self) -> Option<DateTime<Utc>> {
        self.subscription.last_failure_at
    }

    /// Why the last failed attempt failed; null when none did.
    async fn last_failure(&self) -> Option<&str> {
        self.subscription.last_failure.as_deref()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.subscription.created_at
    }

    /// Who made it.
    async fn created_by(&self) -> &str {
        &self.subscription.created_by
    }

    /// The newest attempts to deliver, newest first. Older ones are not kept.
    async fn deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many from the start; 50 when neither `first` nor `last` is given.")] first: Option<i32>,
        #[graphql(desc = "Start after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end.")] last: Option<i32>,
        #[graphql(desc = "End before this cursor.")] before: Option<String>,
    ) -> Result<WebhookDeliveryConnection, GatewayError> {
        let page = PageArguments { first, after, last, before }.resolve(ctx.settings())?;
        let load = async || {
            let mut by_webhook: HashMap<Uuid, Vec<Delivery>> = HashMap::new();
            for delivery in ctx.webhooks().deliveries(&self.together.ids).await? {
                by_webhook.entry(delivery.subscription).or_default().push(delivery);
            }
            Ok::<_, GatewayError>(by_webhook)
        };
        let deliveries = self.together.deliveries.get_or_try_init(load).await?;
        WebhookDeliveryConnection::new(deliveries.get(&self.subscription.id).cloned().unwrap_or_default(), page)
    }
}

/// A webhook of a page with its cursor.
#[derive(Debug, SimpleObject)]
pub(crate) struct WebhookSubscriptionEdge {
    /// Marks the place; it stays valid when webhooks come and go.
    cursor: String,
    /// The webhook.
    node: WebhookSubscription,
}

/// A page of webhooks, oldest first.
#[derive(Debug)]
pub(crate) struct WebhookSubscriptionConnection {
    items: Vec<(String, WebhookSubscription)>,
    info: PageInfo,
    total_count: usize,
}

impl WebhookSubscriptionConnection {
    /// Cuts a page from all webhooks, oldest first.
    pub(crate) fn new(subscriptions: Vec<Subscription>, page: Page) -> Result<Self, GatewayError> {
        let total_count = subscriptions.len();
        let cut = cut(page, subscriptions, |subscription| subscription.id.to_string())?;
        let (cursors, subscriptions): (Vec<_>, Vec<_>) = cut.items.into_iter().unzip();
        let items = cursors.into_iter().zip(WebhookSubscription::all(subscriptions)).collect();
        Ok(Self { items, info: cut.info, total_count })
    }
}

/// A page of webhooks, oldest first.
#[Object]
impl WebhookSubscriptionConnection {
    /// The webhooks of the page with their cursors.
    async fn edges(&self) -> Vec<WebhookSubscriptionEdge> {
        let items = self.items.iter();
        items.map(|(cursor, node)| WebhookSubscriptionEdge { cursor: cursor.clone(), node: node.clone() }).collect()
    }

    /// The webhooks of the page.
    async fn nodes(&self) -> Vec<WebhookSubscription> {
        self.items.iter().map(|(_, webhook)| webhook.clone()).collect()
    }

    /// Where the page stands in the whole.
    async fn page_info(&self) -> PageInfo {
        self.info.clone()
    }

    /// How many webhooks there are, this page and all others.
    async fn total_count(&self) -> usize {
        self.total_count
    }
}

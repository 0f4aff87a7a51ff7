//! Attempts to deliver, as clients see them.
//!
//! Owns their GraphQL shapes.

use async_graphql::{Object, SimpleObject};
use callboard_webhooks::Delivery;
use chrono::{DateTime, Utc};

use crate::{
    error::GatewayError,
    schema::{
        page::{Page, PageInfo, cut},
        scalars::RevisionScalar,
    },
};

/// One attempt to deliver one event.
#[derive(Debug, Clone)]
pub(crate) struct WebhookDelivery(pub(crate) Delivery);

/// One attempt to deliver one event.
#[Object]
impl WebhookDelivery {
    /// The `id` of the event, the same at each attempt.
    async fn event_id(&self) -> &str {
        &self.0.event_id
    }

    /// The `type` of the event, for example `dev.callboard.entity.updated`.
    async fn event_type(&self) -> &str {
        &self.0.event_type
    }

    /// The place in the log that the event is about.
    async fn revision(&self) -> RevisionScalar {
        self.0.revision.into()
    }

    /// Which attempt at this event, counted from 1.
    async fn attempt(&self) -> u32 {
        self.0.attempt
    }

    /// When it was made.
    async fn attempted_at(&self) -> DateTime<Utc> {
        self.0.attempted_at
    }

    /// How long it took, in milliseconds.
    async fn duration_milliseconds(&self) -> f64 {
        self.0.duration.as_secs_f64() * 1_000.0
    }

    /// Whether the receiver accepted it.
    async fn is_accepted(&self) -> bool {
        self.0.is_accepted()
    }

    /// The HTTP status that the receiver answered with; null when it did not answer.
    async fn status_code(&self) -> Option<u16> {
        self.0.status
    }

    /// Why it counts as failed; null when it was accepted.
    async fn error(&self) -> Option<&str> {
        self.0.error.as_deref()
    }

    /// The beginning of what the receiver answered to an event that it did not accept; null when that was nothing.
    async fn response_excerpt(&self) -> Option<&str> {
        self.0.excerpt.as_deref()
    }
}

/// An attempt of a page with its cursor.
#[derive(Debug, SimpleObject)]
pub(crate) struct WebhookDeliveryEdge {
    /// Marks the place.
    cursor: String,
    /// The attempt.
    node: WebhookDelivery,
}

/// A page of attempts, newest first.
#[derive(Debug)]
pub(crate) struct WebhookDeliveryConnection {
    items: Vec<(String, WebhookDelivery)>,
    info: PageInfo,
    total_count: usize,
}

impl WebhookDeliveryConnection {
    /// Cuts a page from all attempts, newest first.
    pub(crate) fn new(deliveries: Vec<Delivery>, page: Page) -> Result<Self, GatewayError> {
        let total_count = deliveries.len();
        // Later ids are greater, and the latest comes first.
        let cut = cut(page, deliveries, |delivery| format!("{:032x}", u128::MAX - delivery.id.as_u128()))?;
        let items = cut.items.into_iter().map(|(cursor, delivery)| (cursor, WebhookDelivery(delivery))).collect();
        Ok(Self { items, info: cut.info, total_count })
    }
}

/// A page of attempts, newest first.
#[Object]
impl WebhookDeliveryConnection {
    /// The attempts of the page with their cursors.
    async fn edges(&self) -> Vec<WebhookDeliveryEdge> {
        let items = self.items.iter();
        items.map(|(cursor, node)| WebhookDeliveryEdge { cursor: cursor.clone(), node: node.clone() }).collect()
    }

    /// The attempts of the page.
    async fn nodes(&self) -> Vec<WebhookDelivery> {
        self.items.iter().map(|(_, delivery)| delivery.clone()).collect()
    }

    /// Where the page stands in the whole.
    async fn page_info(&self) -> PageInfo {
        self.info.clone()
    }

    /// How many attempts are remembered.
    async fn total_count(&self) -> usize {
        self.total_count
    }
}

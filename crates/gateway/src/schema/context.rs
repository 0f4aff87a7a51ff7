//! What every resolver may reach: the settings, the catalog and the snapshot of its request.
//!
//! Owns the short names for them. They are put there by `crate::schema::build_schema` and `crate::executor`.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_graphql::Context;
use callboard_catalog::{Catalog, CatalogSnapshot};
use callboard_webhooks::Webhooks;

use super::change::EntityChangeEvent;
use crate::GatewaySettings;

/// Short names for what stands in the context.
pub(crate) trait ContextExt {
    /// Returns the settings.
    fn settings(&self) -> &GatewaySettings;
    /// Returns the catalog, for what writes or reads more than the snapshot has. An answer that needed it is not kept.
    fn catalog(&self) -> &Catalog;
    /// Returns the webhooks, which are kept beside the catalog: an answer that needed them is not kept.
    fn webhooks(&self) -> &Webhooks;
    /// Returns the snapshot that the whole answer is read from.
    fn snapshot(&self) -> &Arc<CatalogSnapshot>;
    /// Returns what belongs to the request.
    fn scope(&self) -> &Scope;
}

impl ContextExt for Context<'_> {
    fn settings(&self) -> &GatewaySettings {
        self.data_unchecked::<Arc<GatewaySettings>>()
    }

    fn catalog(&self) -> &Catalog {
        self.scope().has_read_beyond.store(true, Ordering::Relaxed);
        self.data_unchecked::<Catalog>()
    }

    fn webhooks(&self) -> &Webhooks {
        self.scope().has_read_beyond.store(true, Ordering::Relaxed);
        self.data_unchecked::<Webhooks>()
    }

    fn snapshot(&self) -> &Arc<CatalogSnapshot> {
        &self.scope().snapshot
    }

    fn scope(&self) -> &Scope {
        self.data_unchecked::<Arc<Scope>>()
    }
}

/// What belongs to one request: the snapshot that it is answered from, and for a subscription the event.
#[derive(Debug)]
pub(crate) struct Scope {
    snapshot: Arc<CatalogSnapshot>,
    event: Option<Arc<EntityChangeEvent>>,
    has_read_beyond: AtomicBool,
}

impl Scope {
    /// Makes the scope of a query or mutation.
    pub(crate) fn new(snapshot: Arc<CatalogSnapshot>) -> Self {
        Self { snapshot, event: None, has_read_beyond: AtomicBool::new(false) }
    }

    /// Makes the scope of one event of a subscription.
    pub(crate) fn of_event(snapshot: Arc<CatalogSnapshot>, event: Arc<EntityChangeEvent>) -> Self {
        Self { event: Some(event), ..Self::new(snapshot) }
    }

    /// Returns the snapshot.
    pub(crate) fn snapshot(&self) -> &Arc<CatalogSnapshot> {
        &self.snapshot
    }

    /// Returns the event.
    pub(crate) fn event(&self) -> Option<&Arc<EntityChangeEvent>> {
        self.event.as_ref()
    }

    /// Returns whether a resolver read anything but the snapshot, so that the answer may not be kept.
    pub(crate) fn has_read_beyond(&self) -> bool {
        self.has_read_beyond.load(Ordering::Relaxed)
    }
}

//! Webhooks: one value that everything else is reached through.
//!
//! Owns what its parts share. What it can do is spread over modules by topic: `crate::operations` (create, change,
//! pause, replay, test, list), `crate::worker` (delivering).

use std::sync::Arc;

use callboard_catalog::Catalog;
use callboard_foundation::{Clock, new_id};
use sea_orm::DatabaseConnection;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Dialect, WebhookError, WebhookSettings, event::EventWriter, sender::Sender, worker};

/// The webhooks of one replica. Cheap to clone; every clone is the same.
#[derive(Clone)]
pub struct Webhooks(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) db: DatabaseConnection,
    pub(crate) catalog: Catalog,
    pub(crate) clock: Clock,
    pub(crate) settings: Arc<WebhookSettings>,
    pub(crate) dialect: Dialect,
    pub(crate) sender: Sender,
    /// By what this replica is known in leases.
    pub(crate) holder: Uuid,
    /// Told whenever somebody changes a subscription through this replica.
    pub(crate) changed: Notify,
    /// Bounds the attempts made at the same time.
    pub(crate) attempts: Semaphore,
}

impl Webhooks {
    /// Opens the webhooks of a catalog, on the database that it is kept in. Nothing is delivered until [`Self::run`].
    ///
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub fn open(
        db: DatabaseConnection,
        catalog: Catalog,
        clock: Clock,
        mut settings: WebhookSettings,
        dialect: Dialect,
    ) -> Result<Self, WebhookError> {
        // A claim has to outlast an attempt and the time until it is renewed.
        settings.lease = settings.lease.max(settings.timeout + settings.tick * 3);
        let settings = Arc::new(settings);
        Ok(Self(Arc::new(Inner {
            db,
            catalog,
            clock,
            sender: Sender::new(Arc::clone(&settings))?,
            attempts: Semaphore::new(settings.concurrency.max(1)),
            settings,
            dialect,
            holder: new_id(),
            changed: Notify::new(),
        })))
    }

    /// Delivers until told to stop; attempts that have begun are finished.
    pub async fn run(&self, shutdown: CancellationToken) {
        worker::run(Arc::clone(&self.0), shutdown).await;
    }
}

impl Inner {
    /// Returns what writes events.
    pub(crate) fn writer(&self) -> EventWriter<'_> {
        EventWriter { source: &self.settings.source }
    }
}

impl std::fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhooks").field("holder", &self.0.holder).finish_non_exhaustive()
    }
}

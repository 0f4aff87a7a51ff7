//! The worker: sees to it that every subscription has exactly one courier, on exactly one replica.
//!
//! Owns claiming subscriptions, renewing the claims and starting and stopping couriers. It wakes when somebody changes
//! a subscription, when a courier ends, and from time to time for what other replicas changed; new revisions wake the
//! couriers themselves. What a courier does is `crate::courier`'s matter.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
};

use callboard_catalog::{ChangeCursor, LogId};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    WebhookError,
    courier::{Courier, Passed},
    store::{
        leases,
        progress::{self, Under},
        subscriptions::{self, Row},
    },
    webhooks::Inner,
};

/// A courier that runs.
struct Running {
    under: Under,
    stop: CancellationToken,
    /// How far it has got, wanted or not.
    passed: Arc<Passed>,
    /// How much of that the database knows.
    settled: ChangeCursor,
    /// The log that it began in.
    log: LogId,
}

struct Worker {
    inner: Arc<Inner>,
    running: HashMap<Uuid, Running>,
    couriers: JoinSet<Uuid>,
    has_failed: bool,
}

/// Delivers until told to stop.
pub(crate) async fn run(inner: Arc<Inner>, shutdown: CancellationToken) {
    let mut worker = Worker { inner, running: HashMap::new(), couriers: JoinSet::new(), has_failed: false };
    while !shutdown.is_cancelled() {
        worker.look().await;
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = worker.inner.changed.notified() => {}
            () = tokio::time::sleep(worker.inner.settings.tick) => {}
            Some(ended) = worker.couriers.join_next(), if !worker.couriers.is_empty() => worker.forget(ended.ok()),
        }
    }
    worker.finish().await;
}

impl Worker {
    /// Brings couriers in line with the table; a database that is away is waited for.
    async fn look(&mut self) {
        match self.reconcile().await {
            Ok(()) if self.has_failed => {
                tracing::info!("webhooks are delivered again");
                self.has_failed = false;
            }
            Ok(()) => {}
            Err(error) => {
                if !self.has_failed {
                    tracing::error!(error = error.with_causes(), "webhooks wait for the database");
                }
                self.has_failed = true;
            }
        }
    }

    async fn reconcile(&mut self) -> Result<(), WebhookError> {
        let inner = Arc::clone(&self.inner);
        if !self.running.is_empty() {
            self.settle().await?;
            leases::renew(&inner.db, inner.holder, inner.clock.now() + inner.settings.lease).await?;
        }
        let rows = subscriptions::load_all(&inner.db).await?;
        let current: HashMap<Uuid, i64> = rows
            .iter()
            .filter(|row| row.lease_holder == Some(inner.holder) && row.subscription.state.delivers())
            .map(|row| (row.subscription.id, row.fence))
            .collect();
        let log = inner.catalog.reset().cursor.log;
        for (id, running) in &self.running {
            // One that waits for a revision of a log that was taken back would wait for long.
            if current.get(id) != Some(&running.under.fence) || running.log != log {
                running.stop.cancel();
            }
        }
        for row in rows {
            // One that was told to stop may still be making an attempt; its end wakes us.
            if row.subscription.state.delivers() && !self.running.contains_key(&row.subscription.id) {
                self.try_start(row).await?;
            }
        }
        Ok(())
    }

    async fn try_start(&mut self, mut row: Row) -> Result<(), WebhookError> {
        let inner = &self.inner;
        let now = inner.clock.now();
        if !leases::is_free(&row, inner.holder, now) {
            return Ok(());
        }
        let until = now + inner.settings.lease;
        let Some(fence) = leases::claim(&inner.db, &row, inner.holder, now, until).await? else { return Ok(()) };
        row.fence = fence;
        let id = row.subscription.id;
        let stop = CancellationToken::new();
        let settled = row.place;
        let passed = Arc::new(Passed::new(settled));
        let log = inner.catalog.reset().cursor.log;
        let courier = Courier::new(Arc::clone(inner), row, stop.clone(), Arc::clone(&passed));
        let under = courier.under();
        self.couriers.spawn(async move {
            courier.run().await;
            id
        });
        self.running.insert(id, Running { under, stop, passed, settled, log });
        Ok(())
    }

    /// Writes down how far couriers have got through changes that nobody wants.
    async fn settle(&mut self) -> Result<(), WebhookError> {
        let mut passed = Vec::new();
        for running in self.running.values_mut() {
            let now = *running.passed.lock().unwrap_or_else(PoisonError::into_inner);
            if now != running.settled {
                passed.push((running.under, now));
                running.settled = now;
            }
        }
        progress::settle(&self.inner.db, &passed).await
    }

    /// Forgets a courier that ended. One that panicked is not known by name: all whose token nobody holds are gone.
    fn forget(&mut self, ended: Option<Uuid>) {
        match ended {
            Some(id) => _ = self.running.remove(&id),
            None => self.running.retain(|_, running| Arc::strong_count(&running.passed) > 1),
        }
    }

    /// Lets attempts that have begun be finished, and leaves the rest to other replicas.
    async fn finish(mut self) {
        for running in self.running.values() {
            running.stop.cancel();
        }
        while self.couriers.join_next().await.is_some() {}
        let released = async {
            self.settle().await?;
            leases::release(&self.inner.db, self.inner.holder).await
        };
        if let Err(error) = released.await {
            tracing::warn!(error = error.with_causes(), "other replicas take over webhooks only after a while");
        }
    }
}

//! What people do with webhooks: make, change, pause, resume, replay, test, delete and look at them.
//!
//! Owns the rules for what may be asked for. Delivering is `crate::courier`'s work.

use callboard_catalog::{Actor, ChangeCursor, Operation};
use callboard_db::WriteTransaction;
use callboard_entity_model::Revision;
use callboard_foundation::new_id;
use uuid::Uuid;

use crate::{
    Delivery, NewSubscription, Subscription, SubscriptionEdit, SubscriptionState, WebhookError, WebhookSecret,
    Webhooks,
    sender::Attempted,
    store::{begin, deliveries, subscriptions},
    target::parse_target,
    webhooks::Inner,
};

/// The longest name, in characters.
const MAX_NAME: usize = 200;

impl Webhooks {
    /// Makes a subscription. The secret is returned here and never again.
    ///
    /// # Errors
    /// When something about it can't be used, when there are too many already, or when the database fails.
    pub async fn create(
        &self,
        mut new: NewSubscription,
        actor: &Actor,
    ) -> Result<(Subscription, WebhookSecret), WebhookError> {
        let inner = &*self.0;
        new.target = parse_target(&new.target, &inner.settings)?.into();
        check_name(new.name.as_deref())?;
        inner.check_filter(new.filter.as_deref())?;
        new.operations = new.operations.map(tidy_operations).transpose()?;
        let place = match new.from_revision {
            Some(first) => inner.place_before(first)?,
            None => inner.catalog.reset().cursor,
        };
        let secret = match new.secret.take() {
            Some(secret) => secret,
            None => WebhookSecret::generate()?,
        };
        let id = new_id();
        // The log's lock makes counting and inserting one.
        let writing = WriteTransaction::begin(&inner.db).await?;
        let max = inner.settings.max_subscriptions;
        if subscriptions::count(writing.connection()).await? >= max {
            writing.rollback().await?;
            return Err(WebhookError::TooMany { max });
        }
        let created = (inner.clock.now(), actor.as_str());
        subscriptions::insert(writing.connection(), id, &new, &secret, place, created).await?;
        writing.commit().await?;
        tracing::info!(webhook.id = %id, actor = %actor, "a webhook was made");
        Ok((self.changed(id).await?, secret))
    }

    /// Changes a subscription.
    ///
    /// # Errors
    /// When there is none, when something about it can't be used, or when the database fails.
    pub async fn update(&self, id: Uuid, mut edit: SubscriptionEdit) -> Result<Subscription, WebhookError> {
        let inner = &*self.0;
        if let Some(target) = &mut edit.target {
            *target = parse_target(target, &inner.settings)?.into();
        }
        if let Some(name) = &edit.name {
            check_name(name.as_deref())?;
        }
        if let Some(filter) = &edit.filter {
            inner.check_filter(filter.as_deref())?;
        }
        if let Some(Some(operations)) = edit.operations.take_if(|operations| operations.is_some()) {
            edit.operations = Some(Some(tidy_operations(operations)?));
        }
        let previous_until = inner.clock.now() + inner.settings.rotation_overlap;
        found(subscriptions::update(&inner.db, id, edit, previous_until).await?, id)?;
        self.changed(id).await
    }

    /// Stops delivering until it is resumed. An attempt that is being made may still arrive.
    ///
    /// # Errors
    /// When there is no such subscription, or when the database fails.
    pub async fn pause(&self, id: Uuid) -> Result<Subscription, WebhookError> {
        found(subscriptions::set_state(&self.0.db, id, SubscriptionState::Paused).await?, id)?;
        self.changed(id).await
    }

    /// Goes on delivering, at once and from where it stopped.
    ///
    /// # Errors
    /// When there is no such subscription, or when the database fails.
    pub async fn resume(&self, id: Uuid) -> Result<Subscription, WebhookError> {
        found(subscriptions::set_state(&self.0.db, id, SubscriptionState::Active).await?, id)?;
        self.changed(id).await
    }

    /// Delivers everything from a revision on again.
    ///
    /// # Errors
    /// When there is no such subscription, when the log does not reach that far, or when the database fails.
    pub async fn replay(&self, id: Uuid, from: Revision) -> Result<Subscription, WebhookError> {
        let place = self.0.place_before(from)?;
        found(subscriptions::set_place(&self.0.db, id, place).await?, id)?;
        self.changed(id).await
    }

    /// Deletes a subscription and what is remembered of its deliveries.
    ///
    /// # Errors
    /// When there is none, or when the database fails.
    pub async fn delete(&self, id: Uuid) -> Result<(), WebhookError> {
        let transaction = begin(&self.0.db).await.map_err(WebhookError::from)?;
        let is_deleted = subscriptions::delete(&transaction, id).await?;
        deliveries::delete_of(&transaction, id).await?;
        transaction.commit().await?;
        self.0.changed.notify_one();
        found(is_deleted, id)
    }

    /// Sends an event that says nothing, once, to see whether it arrives. The order of deliveries and the state of the
    /// subscription stay as they are; one that is paused can be tested too.
    ///
    /// # Errors
    /// When there is no such subscription, or when the database fails. That it does not arrive is no error.
    pub async fn test(&self, id: Uuid) -> Result<Delivery, WebhookError> {
        let inner = &*self.0;
        let row = subscriptions::find(&inner.db, id).await?.ok_or(WebhookError::NotFound { id })?;
        let (delivery_id, now, revision) = (new_id(), inner.clock.now(), inner.catalog.snapshot().revision());
        // The permit is only a bound; it can't be closed.
        let _permit = inner.attempts.acquire().await;
        let (event_id, attempted) = match inner.writer().test(delivery_id, id, revision, now) {
            Ok(event) => (event.id.clone(), inner.sender.send(&row.recipient, &event, now).await),
            Err(error) => (format!("test-{delivery_id}"), Attempted::failed(error.to_string())),
        };
        let delivery = Delivery {
            id: delivery_id,
            subscription: id,
            event_id,
            event_type: "dev.callboard.test".to_owned(),
            revision,
            attempt: 1,
            attempted_at: now,
            duration: attempted.duration,
            status: attempted.status,
            error: attempted.error,
            excerpt: attempted.excerpt,
        };
        let transaction = begin(&inner.db).await.map_err(WebhookError::from)?;
        if subscriptions::find(&transaction, id).await?.is_some() {
            deliveries::insert(&transaction, &delivery).await?;
            deliveries::trim(&transaction, id, inner.settings.deliveries_kept).await?;
        }
        transaction.commit().await?;
        Ok(delivery)
    }

    /// Finds a subscription.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find(&self, id: Uuid) -> Result<Option<Subscription>, WebhookError> {
        Ok(subscriptions::find(&self.0.db, id).await?.map(|row| row.subscription))
    }

    /// Lists every subscription, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(&self) -> Result<Vec<Subscription>, WebhookError> {
        let rows = subscriptions::load_all(&self.0.db).await?;
        Ok(rows.into_iter().map(|row| row.subscription).collect())
    }

    /// Lists what is remembered of the deliveries of these subscriptions, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deliveries(&self, ids: &[Uuid]) -> Result<Vec<Delivery>, WebhookError> {
        deliveries::load(&self.0.db, ids).await
    }

    /// Wakes the worker, and returns the subscription as it is now.
    async fn changed(&self, id: Uuid) -> Result<Subscription, WebhookError> {
        self.0.changed.notify_one();
        self.find(id).await?.ok_or(WebhookError::NotFound { id })
    }
}

impl Inner {
    /// Returns the place from which `first` is the next revision.
    fn place_before(&self, first: Revision) -> Result<ChangeCursor, WebhookError> {
        let head = self.catalog.snapshot().revision();
        match first > head.next() {
            true => Err(WebhookError::RevisionAhead { revision: first, head }),
            false => Ok(self.catalog.cursor_at(Revision(first.0.saturating_sub(1)))),
        }
    }

    /// Checks that a filter can be read and evaluated.
    fn check_filter(&self, filter: Option<&str>) -> Result<(), WebhookError> {
        let Some(text) = filter else { return Ok(()) };
        let filter = (self.dialect.parse_filter)(text).map_err(|reason| WebhookError::BadFilter { reason })?;
        let selected = self.catalog.snapshot().index.select(Some(&filter));
        selected.map(|_| ()).map_err(|error| WebhookError::BadFilter { reason: error.to_string() })
    }
}

fn check_name(name: Option<&str>) -> Result<(), WebhookError> {
    let length = name.map_or(0, |name| name.chars().count());
    if length > MAX_NAME { Err(WebhookError::NameTooLong { length, max: MAX_NAME }) } else { Ok(()) }
}

/// Puts operations in their usual order, each once.
fn tidy_operations(wanted: Vec<Operation>) -> Result<Vec<Operation>, WebhookError> {
    let all = [Operation::Created, Operation::Updated, Operation::Deleted];
    let tidy: Vec<_> = all.into_iter().filter(|operation| wanted.contains(operation)).collect();
    if tidy.is_empty() { Err(WebhookError::NoOperations) } else { Ok(tidy) }
}

fn found(is_found: bool, id: Uuid) -> Result<(), WebhookError> {
    if is_found { Ok(()) } else { Err(WebhookError::NotFound { id }) }
}

//! Those who asked one question over one connection, and what they are shown.
//!
//! Owns turning what happened into the text that is sent. A change is executed like a query whose root answers with it.

use std::sync::Arc;

use callboard_catalog::{Change, ChangeCursor};
use callboard_foundation::new_id;
use callboard_transport::Event;

use super::{
    arguments::{Wish, root_field},
    question::Question,
    shared::{Shown, ShownKey},
};
use crate::{
    error::GatewayError,
    executor::{GatewayExecutor, Prepared},
    schema::{
        change::{EntityChange, EntityChangeEvent},
        context::Scope,
    },
};

/// One subscription, as far as what is shown goes.
pub(super) struct Audience {
    executor: GatewayExecutor,
    prepared: Prepared,
    question: Question,
    wish: Wish,
    request_id: String,
}

impl Audience {
    pub(super) fn new(executor: GatewayExecutor, prepared: Prepared, wish: Wish, request_id: String) -> Self {
        let question = Question::of(&prepared, root_field(&prepared));
        Self { executor, prepared, question, wish, request_id }
    }

    /// Shows a change, if it is one that was asked for.
    pub(super) async fn change(
        &self,
        change: &Arc<Change>,
        place: ChangeCursor,
    ) -> Result<Option<Event>, GatewayError> {
        let key = ShownKey::new(self.question, change);
        let shown = self.executor.shared_events().show(key, self.find_out(change, place)).await?;
        let Shown::Text(text) = &*shown else { return Ok(None) };
        Ok(Some(Event { payload: text.with_id(&self.request_id), cursor: Some(place.to_string()) }))
    }

    /// Shows what is for this subscription alone.
    pub(super) async fn own(&self, event: EntityChangeEvent) -> Event {
        let cursor = Some(event.cursor());
        let scope = Scope::of_event(self.executor.snapshot(), Arc::new(event));
        let text = self.executor.execute_event(&self.prepared, scope, &self.request_id).await;
        Event { payload: text.with_id(&self.request_id), cursor }
    }

    async fn find_out(&self, change: &Arc<Change>, place: ChangeCursor) -> Result<Shown, GatewayError> {
        let snapshot = self.executor.snapshot();
        if !self.wish.includes(change, &snapshot.index)? {
            return Ok(Shown::Unwanted);
        }
        let event = EntityChangeEvent::Change(EntityChange::new(Arc::clone(change), Arc::clone(&snapshot), place));
        let scope = Scope::of_event(snapshot, Arc::new(event));
        // Errors are read by many, so they carry an id of their own: the one under which the log has them.
        let text = self.executor.execute_event(&self.prepared, scope, &new_id().to_string()).await;
        Ok(Shown::Text(text))
    }
}

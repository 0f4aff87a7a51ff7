//! Executing what was prepared.
//!
//! Owns waiting for a revision, the use of kept answers, and the choice of the snapshot.

use std::sync::Arc;

use callboard_catalog::CatalogSnapshot;
use callboard_document::OperationKind;
use callboard_entity_model::Revision;
use callboard_foundation::ErrorCode;
use serde_json::json;
use tokio::time::timeout;

use super::{GatewayExecutor, Outcome, prepare::Prepared, request::Ask};
use crate::{
    answer::{AnswerText, Refusal, finish},
    answer_cache::AnswerKey,
    schema::context::Scope,
    subscription,
};

impl GatewayExecutor {
    pub(super) async fn try_start(&self, ask: Ask) -> Result<Outcome, Box<Refusal>> {
        let prepared = self.prepare(&ask)?;
        let extensions = ask.request.extensions.as_ref();
        let min_revision = ask.min_revision.or_else(|| extensions.and_then(|it| it.min_revision).map(Revision));
        if let Some(revision) = min_revision {
            self.wait_for(revision).await?;
        }
        let wants_cost = ask.wants_cost || extensions.and_then(|it| it.cost).unwrap_or(false);
        let operation = prepared.kind.as_str();
        match prepared.kind {
            OperationKind::Query => {
                let text = self.query(&prepared, &ask, wants_cost).await;
                Ok(Outcome::Answered { text, operation })
            }
            OperationKind::Mutation => {
                let scope = Arc::new(Scope::new(self.0.catalog.snapshot()));
                let response = self.0.schema.execute(prepared.request().data(scope)).await;
                // What was changed can be read now, and the revision says so.
                let revision = self.0.catalog.snapshot().revision();
                let cost = wants_cost.then_some(prepared.cost);
                Ok(Outcome::Answered {
                    text: Arc::new(finish(response, &prepared, &ask.request_id, revision, cost, true)),
                    operation,
                })
            }
            OperationKind::Subscription => {
                let events = subscription::follow(self, prepared, ask.last_event_id, ask.request_id).await?;
                Ok(Outcome::Follows(events))
            }
        }
    }

    /// Answers a query from one snapshot; an answer that depends on nothing else is kept.
    async fn query(&self, prepared: &Prepared, ask: &Ask, wants_cost: bool) -> Arc<AnswerText> {
        let snapshot = self.0.catalog.snapshot();
        let key = AnswerKey::new(&snapshot, ask.is_read_only, &ask.body);
        let scope = Arc::new(Scope::new(Arc::clone(&snapshot)));
        let response = self.0.schema.execute(prepared.request().data(Arc::clone(&scope))).await;
        let cost = wants_cost.then_some(prepared.cost);
        let text =
            Arc::new(finish(response, prepared, &ask.request_id, snapshot.revision(), cost, scope.has_read_beyond()));
        // A cost that a header asks for stands in the answer and not in the body that it would be kept under.
        if !text.has_errors() && !ask.wants_cost && !scope.has_read_beyond() && !ask.body.is_empty() {
            self.0.answers.keep(key, &text);
        }
        text
    }

    /// Finds the kept answer to what was asked before in a body or an address, if the snapshot is still the same.
    pub(crate) fn kept(&self, is_address: bool, asked: &axum::body::Bytes) -> Option<Arc<AnswerText>> {
        self.0.answers.find(&AnswerKey::new(&self.0.catalog.snapshot(), is_address, asked))
    }

    /// Executes one event of a subscription: the event is what the root field answers with.
    pub(crate) async fn execute_event(&self, prepared: &Prepared, scope: Scope, request_id: &str) -> AnswerText {
        let revision = scope.snapshot().revision();
        let response = self.0.events.execute(prepared.request().data(Arc::new(scope))).await;
        finish(response, prepared, request_id, revision, None, true)
    }

    /// Returns the newest snapshot.
    pub(crate) fn snapshot(&self) -> Arc<CatalogSnapshot> {
        self.0.catalog.snapshot()
    }

    /// Returns the catalog and the clock, for what follows them.
    pub(crate) fn followed(&self) -> (callboard_catalog::Catalog, callboard_foundation::Clock) {
        (self.0.catalog.clone(), self.0.clock.clone())
    }

    async fn wait_for(&self, revision: Revision) -> Result<(), Box<Refusal>> {
        let limit = self.0.settings.revision_wait;
        if matches!(timeout(limit, self.0.catalog.revision_at_least(revision)).await, Ok(Ok(()))) {
            return Ok(());
        }
        let present = self.0.catalog.snapshot().revision().0;
        let message = format!(
            "revision {revision} was not reached within {} s; this server shows revision {present}",
            limit.as_secs_f64()
        );
        let refusal = Refusal::new(ErrorCode::Timeout.into(), message).with("revision", json!(present));
        Err(Box::new(refusal))
    }
}

//! Executing operations, the same way for HTTP, WebSockets and server-sent events.
//!
//! Owns the order of steps: find the document, resolve the operation, bind its variables, price it, wait for a revision
//! where one is asked for, look for a kept answer, execute on one snapshot, write. Reading requests and sending answers is
//! `crate::http`'s work. Start reading at [`GatewayExecutor::start`].

mod prepare;
mod request;
mod run;

use std::sync::Arc;

use callboard_catalog::Catalog;
use callboard_document::{DocumentFront, TrustedError};
use callboard_foundation::Clock;
use callboard_transport::Event;
use callboard_webhooks::Webhooks;
use futures::stream::BoxStream;

pub(crate) use self::{
    prepare::Prepared,
    request::{Ask, GraphQlRequest},
};
use crate::{
    GatewaySettings,
    answer::{AnswerText, Refusal},
    answer_cache::AnswerCache,
    schema::{CallboardSchema, EventSchema, build_event_schema, build_schema, check_scalar, schema_sdl_for},
    subscription::SharedEvents,
};

/// Executes operations over a catalog. Cheap to clone.
#[derive(Clone)]
pub(crate) struct GatewayExecutor(Arc<Inner>);

struct Inner {
    catalog: Catalog,
    clock: Clock,
    settings: Arc<GatewaySettings>,
    front: DocumentFront,
    schema: CallboardSchema,
    events: EventSchema,
    answers: AnswerCache,
    shared_events: SharedEvents,
}

/// What became of a request.
pub(crate) enum Outcome {
    /// Nothing was executed.
    Refused(Refusal),
    /// A query or a mutation was executed.
    Answered {
        /// The answer.
        text: Arc<AnswerText>,
        /// `query` or `mutation`.
        operation: &'static str,
    },
    /// A subscription: each event is a whole answer.
    Follows(BoxStream<'static, Event>),
}

impl GatewayExecutor {
    /// Makes an executor.
    ///
    /// # Errors
    /// When a trusted document does not fit the schema.
    pub(crate) fn new(
        catalog: Catalog,
        webhooks: Webhooks,
        settings: Arc<GatewaySettings>,
        clock: Clock,
    ) -> Result<Self, TrustedError> {
        let sdl = schema_sdl_for(&settings);
        let mut documents = settings.documents.clone();
        documents.cost.default_page_size = settings.default_page_size as u64;
        documents.check_scalar = check_scalar;
        let schema = build_schema(catalog.clone(), webhooks, Arc::clone(&settings), clock.clone());
        let events = build_event_schema(catalog.clone(), Arc::clone(&settings), clock.clone());
        Ok(Self(Arc::new(Inner {
            front: DocumentFront::new(&sdl, documents)?,
            answers: AnswerCache::new(settings.answer_cache_bytes),
            shared_events: SharedEvents::default(),
            catalog,
            clock,
            settings,
            schema,
            events,
        })))
    }

    /// Returns what is known about kept answers.
    pub(crate) fn answers(&self) -> &AnswerCache {
        &self.0.answers
    }

    /// Returns what changes look like to those who follow.
    pub(crate) fn shared_events(&self) -> &SharedEvents {
        &self.0.shared_events
    }

    /// Returns the settings.
    pub(crate) fn settings(&self) -> &Arc<GatewaySettings> {
        &self.0.settings
    }

    /// Executes a request.
    pub(crate) async fn start(&self, ask: Ask) -> Outcome {
        match self.try_start(ask).await {
            Ok(outcome) => outcome,
            Err(refusal) => Outcome::Refused(*refusal),
        }
    }
}

//! What transports execute with.
//!
//! Owns the bridge from messages of a socket to the executor.

use callboard_foundation::ErrorCode;
use callboard_transport::{OperationRequest, Operations, Started};
use serde_json::Value;
use tokio::time::timeout;

use crate::{
    answer::Refusal,
    executor::{Ask, GatewayExecutor, Outcome},
};

impl Operations for GatewayExecutor {
    /// Starts one operation of a connection; each is a request of its own.
    async fn start(&self, request: OperationRequest) -> Started {
        // That of the socket and a number, so that the log shows what belongs together.
        let request_id = request.request_id;
        let refused = |refusal: &Refusal| Started::Refused(refusal.errors(&request_id).to_string().into());
        let read = serde_json::from_value(Value::Object(request.body));
        let parsed = match read {
            Ok(parsed) => parsed,
            Err(error) => {
                let message = format!("the payload is not a GraphQL request, an object with `query`: {error}");
                return refused(&Refusal::new(ErrorCode::BadInput.into(), message));
            }
        };
        let ask = Ask {
            request: parsed,
            last_event_id: request.last_event_id,
            request_id: request_id.clone(),
            ..Ask::default()
        };
        let limit = self.settings().request_timeout;
        let Ok(outcome) = timeout(limit, Self::start(self, ask)).await else {
            let message = format!("the operation took longer than the {} s allowed", limit.as_secs_f64());
            return refused(&Refusal::new(ErrorCode::Timeout.into(), message));
        };
        match outcome {
            Outcome::Refused(refusal) => refused(&refusal),
            Outcome::Answered { text, .. } => Started::Answer(text.with_id(&request_id)),
            Outcome::Follows(events) => Started::Events(events),
        }
    }
}

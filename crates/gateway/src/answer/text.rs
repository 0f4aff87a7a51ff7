//! The text of an answer.
//!
//! Owns its layout: everything that the same question gives again comes first, the request's id comes last, so that one
//! text serves every request that asks the same.

use std::{ops::Range, sync::OnceLock};

use async_graphql::{Response, ServerError};
use axum::body::Bytes;
use callboard_entity_model::Revision;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::schema::JsonText;

/// A written answer, all but the request's id.
#[derive(Debug)]
pub(crate) struct AnswerText {
    /// Ends where the id comes.
    body: Vec<u8>,
    has_errors: bool,
    data: Range<usize>,
    tag: OnceLock<String>,
}

/// What an answer cost.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CostText {
    /// What it was priced at before it was executed.
    pub(super) requested: u64,
    /// How many nodes it has.
    pub(super) node_count: u64,
}

const END: &[u8] = b"\"}}";

/// Writes an answer.
pub(super) fn write(response: &Response, revision: Revision, cost: Option<CostText>) -> AnswerText {
    let mut body = Vec::with_capacity(512);
    body.push(b'{');
    if !response.errors.is_empty() {
        body.extend_from_slice(b"\"errors\":");
        append::<[ServerError]>(&mut body, &response.errors);
        body.push(b',');
    }
    body.extend_from_slice(b"\"data\":");
    let data_start = body.len();
    let mut text = JsonText::default();
    text.value(&response.data);
    body.extend_from_slice(text.into_string().as_bytes());
    let data = data_start..body.len();
    body.extend_from_slice(format!(",\"extensions\":{{\"revision\":{}", revision.0).as_bytes());
    if let Some(cost) = cost {
        body.extend_from_slice(b",\"cost\":");
        append(&mut body, &cost);
    }
    body.extend_from_slice(b",\"requestId\":\"");
    AnswerText { body, has_errors: !response.errors.is_empty(), data, tag: OnceLock::new() }
}

fn append<T: Serialize + ?Sized>(body: &mut Vec<u8>, value: &T) {
    let start = body.len();
    // Values of answers always have a form in JSON; null stands for one that has not.
    if serde_json::to_writer(&mut *body, value).is_err() {
        body.truncate(start);
        body.extend_from_slice(b"null");
    }
}

impl AnswerText {
    /// Makes an answer out of written data.
    #[cfg(test)]
    pub(crate) fn of_data(data: &str) -> Self {
        let (body, data) = (data.as_bytes().to_vec(), 0..data.len());
        Self { body, has_errors: false, data, tag: OnceLock::new() }
    }

    /// Returns whether a field failed.
    pub(crate) fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// Returns how many bytes it takes.
    pub(crate) fn len(&self) -> usize {
        self.body.len()
    }

    /// Returns the whole answer to one request. The id must need no escapes in JSON.
    pub(crate) fn with_id(&self, request_id: &str) -> Bytes {
        let mut whole = Vec::with_capacity(self.body.len() + request_id.len() + END.len());
        whole.extend_from_slice(&self.body);
        whole.extend_from_slice(request_id.as_bytes());
        whole.extend_from_slice(END);
        whole.into()
    }

    /// Returns a weak entity tag: the same as long as errors and data are the same, whatever the revision.
    pub(crate) fn entity_tag(&self) -> &str {
        self.tag.get_or_init(|| {
            let digest = Sha256::digest(&self.body[..self.data.end]);
            let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
            format!("W/\"{hex}\"")
        })
    }

    /// Returns the data.
    pub(super) fn data(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body[self.data.clone()]).unwrap_or_default()
    }
}

//! A GraphQL request, whichever way it came.
//!
//! Owns its shape and the names of its extensions.

use callboard_document::{DocumentSource, JsonMap};
use callboard_entity_model::Revision;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{AnswerCode, answer::Refusal};
use callboard_foundation::ErrorCode;

/// A request as sent: the body of a POST, the parameters of a GET, the payload of a message.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GraphQlRequest {
    /// The document.
    #[serde(default)]
    pub(crate) query: Option<String>,
    /// The id of a document that is known here already.
    #[serde(default)]
    pub(crate) document_id: Option<String>,
    /// Which operation of the document is meant.
    #[serde(default)]
    pub(crate) operation_name: Option<String>,
    /// The values of its variables.
    #[serde(default)]
    pub(crate) variables: Option<JsonMap>,
    /// What else the client wishes.
    #[serde(default, deserialize_with = "object")]
    pub(crate) extensions: Option<RequestExtensions>,
}

/// What a client may wish beside the answer. Other keys are other servers' and are passed over.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestExtensions {
    /// The hash of the document, sent in place of it.
    #[serde(default, deserialize_with = "object")]
    pub(crate) persisted_query: Option<PersistedQuery>,
    /// Whether the answer should say what it cost.
    #[serde(default)]
    pub(crate) cost: Option<bool>,
    /// The answer should be of this revision or a later one.
    #[serde(default)]
    pub(crate) min_revision: Option<u64>,
}

/// Automatic persisted queries, as Apollo's clients write them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PersistedQuery {
    /// The version of the protocol.
    pub(crate) version: u32,
    /// SHA-256 of the document in hexadecimal.
    pub(crate) sha256_hash: String,
}

/// Reads an object. The reader of JSON would take a list as well, its items for the fields in their order.
fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(reader: D) -> Result<Option<T>, D::Error> {
    let object = Option::<Map<String, Value>>::deserialize(reader)?;
    let read = |object| serde_json::from_value(Value::Object(object)).map_err(serde::de::Error::custom);
    object.map(read).transpose()
}

/// A request and how it came.
#[derive(Debug, Default)]
pub(crate) struct Ask {
    /// What was sent.
    pub(crate) request: GraphQlRequest,
    /// The bytes of the body, under which the answer may be kept; empty when there are none.
    pub(crate) body: axum::body::Bytes,
    /// Whether only queries are allowed, as for a GET.
    pub(crate) is_read_only: bool,
    /// Whether the answer should say what it cost.
    pub(crate) wants_cost: bool,
    /// The answer should be of this revision or a later one.
    pub(crate) min_revision: Option<Revision>,
    /// A cursor in place of the argument `after` of a subscription.
    pub(crate) last_event_id: Option<String>,
    /// The request's id.
    pub(crate) request_id: String,
}

impl GraphQlRequest {
    /// Returns how the request names its document.
    pub(crate) fn source(&self) -> Result<DocumentSource<'_>, Box<Refusal>> {
        let bad = |message: &str| Err(Box::new(Refusal::new(ErrorCode::BadInput.into(), message)));
        let persisted = self.extensions.as_ref().and_then(|extensions| extensions.persisted_query.as_ref());
        match (self.query.as_deref(), self.document_id.as_deref(), persisted) {
            (_, _, Some(persisted)) if persisted.version != 1 => bad("only version 1 of persisted queries is known"),
            (text, None, Some(persisted)) => {
                Ok(DocumentSource::Persisted { hash: &persisted.sha256_hash, text: text.filter(|it| !it.is_empty()) })
            }
            (Some(text), None, None) => Ok(DocumentSource::Text(text)),
            (None, Some(id), None) => Ok(DocumentSource::Id(id)),
            (None, None, None) => bad("the request has neither `query` nor `documentId`"),
            _ => bad("the request names its document twice; send one of `query`, `documentId` and `persistedQuery`"),
        }
    }

    /// Returns the name of the operation that is meant; an empty one means none.
    pub(crate) fn operation_name(&self) -> Option<&str> {
        self.operation_name.as_deref().filter(|name| !name.is_empty())
    }
}

impl Refusal {
    /// Says that only queries may be sent this way.
    pub(crate) fn not_read_only(operation: &str) -> Self {
        let message = format!("a {operation} can't be sent with GET; use POST");
        Self::new(AnswerCode::MethodNotAllowed, message)
    }
}

//! Requests that are refused before anything is executed.
//!
//! Owns which code each kind of refusal has and how its errors are written.

use callboard_document::{DocumentError, Fault, LimitError};
use callboard_foundation::ErrorCode;
use serde_json::{Map, Value, json};

use crate::AnswerCode;

/// Why nothing was executed.
#[derive(Debug)]
pub(crate) struct Refusal {
    code: AnswerCode,
    faults: Vec<Fault>,
    facts: Map<String, Value>,
}

impl Refusal {
    /// Says why.
    pub(crate) fn new(code: AnswerCode, message: impl Into<String>) -> Self {
        Self { code, faults: vec![Fault::new(message)], facts: Map::new() }
    }

    /// Adds a fact to the errors' extensions.
    pub(crate) fn with(mut self, key: &str, value: Value) -> Self {
        self.facts.insert(key.to_owned(), value);
        self
    }

    /// Says that a limit is exceeded, with the numbers.
    fn of_limit(error: &LimitError) -> Self {
        let (requested, max) = error.numbers();
        Self::new(AnswerCode::CostLimitExceeded, error.to_string())
            .with("requested", json!(requested))
            .with("max", json!(max))
            .with("limit", json!(error.limit()))
    }

    /// Says what is wrong with a document or its variables.
    pub(crate) fn of_document(error: DocumentError) -> Box<Self> {
        let message = error.to_string();
        let (code, faults) = match error {
            DocumentError::Unparsed(faults) => (AnswerCode::ParseFailed, faults),
            DocumentError::Invalid(faults) => (AnswerCode::ValidationFailed, faults),
            DocumentError::OperationUnresolved(_) => (AnswerCode::OperationUnresolved, vec![Fault::new(message)]),
            DocumentError::Variable(fault) => (ErrorCode::BadInput.into(), vec![fault]),
            DocumentError::TooMuch(error) => return Box::new(Self::of_limit(&error)),
            DocumentError::TooManySelections { max } => {
                let refusal = Self::new(AnswerCode::CostLimitExceeded, message).with("max", json!(max));
                return Box::new(refusal.with("requested", json!(max + 1)));
            }
            DocumentError::TooManyFields { max } => {
                let refusal = Self::new(AnswerCode::CostLimitExceeded, message).with("limit", json!("fields"));
                return Box::new(refusal.with("max", json!(max)).with("requested", json!(max + 1)));
            }
            // Clients of automatic persisted queries know this one by its message.
            DocumentError::Unknown => (AnswerCode::PersistedQueryNotFound, vec![Fault::new("PersistedQueryNotFound")]),
            DocumentError::NotTrusted => (AnswerCode::DocumentNotTrusted, vec![Fault::new(message)]),
            DocumentError::HashMismatch | DocumentError::BadSource(_) => {
                (ErrorCode::BadInput.into(), vec![Fault::new(message)])
            }
        };
        Box::new(Self { code, faults, facts: Map::new() })
    }

    /// Returns the code of the errors.
    pub(crate) fn code(&self) -> AnswerCode {
        self.code
    }

    /// Writes the errors as a JSON array.
    pub(crate) fn errors(&self, request_id: &str) -> Value {
        let errors = self.faults.iter().map(|fault| {
            let mut extensions = self.facts.clone();
            extensions.insert("code".to_owned(), json!(self.code.as_str()));
            extensions.insert("requestId".to_owned(), json!(request_id));
            let mut error = json!({ "message": fault.message });
            if !fault.locations.is_empty() {
                let locations = fault.locations.iter().map(|(line, column)| json!({ "line": line, "column": column }));
                error["locations"] = locations.collect();
            }
            error["extensions"] = Value::Object(extensions);
            error
        });
        errors.collect()
    }

    /// Writes a whole answer.
    pub(crate) fn text(&self, request_id: &str) -> String {
        json!({ "errors": self.errors(request_id) }).to_string()
    }
}

//! The front of the executor: from what a request says to an operation with its variables.
//!
//! Owns the order of steps: find the document, or parse and validate it once; resolve the operation; bind its variables.

use std::{collections::HashMap, sync::Arc};

use apollo_compiler::{Schema, response::JsonMap, validation::Valid};
use async_graphql_parser::types::ExecutableDocument;
use async_graphql_value::Variables;

use crate::{
    Cost, CostModel, Document, DocumentError, DocumentSettings, DocumentSource, Fault, Operation, TrustedError,
    check_text,
    store::{DocumentStore, Hash, hash, parse_hash},
    validate::{read_schema, validate},
    variables::{coerce, to_executor},
};

/// Finds, checks and binds documents against one schema.
#[derive(Debug)]
pub struct DocumentFront {
    schema: Valid<Schema>,
    model: CostModel,
    settings: DocumentSettings,
    store: DocumentStore,
    trusted: HashMap<String, Arc<Document>>,
    trusted_by_hash: HashMap<Hash, Arc<Document>>,
}

/// An operation's variables, checked against their types, defaults filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// As the executor takes them.
    pub variables: Variables,
    /// As JSON.
    pub coerced: JsonMap,
}

impl DocumentFront {
    /// Reads a schema, and validates the trusted documents against it.
    ///
    /// # Errors
    /// When the schema is no valid schema, or a trusted document does not fit it.
    pub fn new(sdl: &str, settings: DocumentSettings) -> Result<Self, TrustedError> {
        let schema = read_schema(sdl).map_err(|reason| TrustedError::Refused { id: "schema".to_owned(), reason })?;
        let (store, model) = (DocumentStore::new(settings.max_stored_bytes), CostModel::new(&schema));
        let mut front =
            Self { schema, model, settings, store, trusted: HashMap::new(), trusted_by_hash: HashMap::new() };
        for (id, text) in front.settings.trusted.iter().flat_map(|trusted| trusted.iter()) {
            let document = front.check(text).map_err(|error| refused(id, &error))?;
            front.trusted_by_hash.insert(*document.hash(), Arc::clone(&document));
            front.trusted.insert(id.clone(), document);
        }
        Ok(front)
    }

    /// Returns the schema that documents are checked against.
    #[must_use]
    pub fn schema(&self) -> &Valid<Schema> {
        &self.schema
    }

    /// Finds the document that a request names; one that is not known yet is parsed and validated.
    ///
    /// # Errors
    /// When it can't be found, parsed, or does not fit the schema.
    pub fn find(&self, source: DocumentSource<'_>) -> Result<Arc<Document>, DocumentError> {
        match source {
            DocumentSource::Text(text) => self.by_text(text, hash(text)),
            DocumentSource::Id(id) => self.by_id(id),
            DocumentSource::Persisted { hash: given, text } => {
                let given =
                    parse_hash(given).ok_or(DocumentError::BadSource("the hash must be 64 hexadecimal digits"))?;
                match text {
                    None => self.by_hash(&given),
                    Some(text) if hash(text) == given => self.by_text(text, given),
                    Some(_) => Err(DocumentError::HashMismatch),
                }
            }
        }
    }

    /// Checks the values of an operation's variables.
    ///
    /// # Errors
    /// When one does not fit its type.
    pub fn bind(
        &self,
        document: &Document,
        operation: &Operation,
        variables: &JsonMap,
    ) -> Result<Bound, DocumentError> {
        let coerced = coerce(&self.schema, document, operation, variables, self.settings.check_scalar)?;
        Ok(Bound { variables: to_executor(&coerced), coerced })
    }

    /// Returns an operation as the executor takes it: one operation, its fragments in place.
    ///
    /// # Errors
    /// When it is too large with its fragments in place.
    pub fn executable(
        &self,
        document: &Document,
        operation: &Operation,
        bound: &Bound,
    ) -> Result<Arc<ExecutableDocument>, DocumentError> {
        document.executable(&self.schema, operation, &bound.coerced)
    }

    /// Prices an operation with its variables.
    ///
    /// # Errors
    /// When it costs more or is nested deeper than allowed.
    pub fn price(&self, document: &Document, operation: &Operation, bound: &Bound) -> Result<Cost, DocumentError> {
        let plan = operation.plan(&self.model, document)?;
        Ok(plan.price(&bound.coerced, &self.settings.cost)?)
    }

    fn by_id(&self, id: &str) -> Result<Arc<Document>, DocumentError> {
        if let Some(document) = self.trusted.get(id) {
            return Ok(Arc::clone(document));
        }
        match id.strip_prefix("sha256:").and_then(parse_hash) {
            Some(hash) => self.by_hash(&hash),
            None => Err(self.unknown()),
        }
    }

    fn by_hash(&self, hash: &Hash) -> Result<Arc<Document>, DocumentError> {
        if let Some(document) = self.trusted_by_hash.get(hash) {
            return Ok(Arc::clone(document));
        }
        if self.settings.is_trusted_only {
            return Err(DocumentError::NotTrusted);
        }
        self.store.find(hash).ok_or(DocumentError::Unknown)
    }

    fn by_text(&self, text: &str, hash: Hash) -> Result<Arc<Document>, DocumentError> {
        if let Ok(document) = self.by_hash(&hash) {
            return Ok(document);
        }
        if self.settings.is_trusted_only {
            return Err(DocumentError::NotTrusted);
        }
        let document = self.check(text)?;
        self.store.keep(&document);
        Ok(document)
    }

    fn check(&self, text: &str) -> Result<Arc<Document>, DocumentError> {
        check_text(text, &self.settings.text)?;
        let valid = validate(&self.schema, text, self.settings.allows_introspection)?;
        Ok(Arc::new(Document::new(hash(text), text.len(), self.settings.max_selections, valid)))
    }

    fn unknown(&self) -> DocumentError {
        match self.settings.is_trusted_only {
            true => DocumentError::NotTrusted,
            false => DocumentError::Unknown,
        }
    }
}

fn refused(id: &str, error: &DocumentError) -> TrustedError {
    let faults: &[Fault] = match error {
        DocumentError::Unparsed(faults) | DocumentError::Invalid(faults) => faults,
        _ => &[],
    };
    let first = faults.first().map_or_else(|| error.to_string(), |fault| fault.message.clone());
    TrustedError::Refused { id: id.to_owned(), reason: first }
}

#[cfg(test)]
mod tests;

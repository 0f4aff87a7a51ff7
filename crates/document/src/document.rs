//! A document that may be executed.
//!
//! Owns its shape: the validated document, and each operation in the executor's form once somebody asked for it.

use std::sync::{Arc, OnceLock};

use apollo_compiler::{ExecutableDocument, Node, Schema, executable, response::JsonMap, validation::Valid};
use async_graphql_parser::types::ExecutableDocument as Executable;

use crate::{CostModel, CostPlan, DocumentError, LimitError, compile::compile};

/// An operation of so many selections, and one more for so many bytes of the text, is kept as the executor takes it.
const FEW_SELECTIONS: usize = 24;
const BYTES_PER_SELECTION: usize = 6;

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// Reads.
    Query,
    /// Changes something, then reads.
    Mutation,
    /// Follows.
    Subscription,
}

impl OperationKind {
    /// Returns the keyword.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
        }
    }
}

/// A document that was parsed and fits the schema.
#[derive(Debug)]
pub struct Document {
    hash: [u8; 32],
    length: usize,
    max_selections: usize,
    pub(crate) valid: Valid<ExecutableDocument>,
    operations: Vec<Operation>,
}

/// One operation of a document.
#[derive(Debug)]
pub struct Operation {
    pub(crate) node: Node<executable::Operation>,
    kind: OperationKind,
    /// It, where it is the same whatever its variables are.
    executable: OnceLock<Arc<Executable>>,
    plan: OnceLock<Result<CostPlan, LimitError>>,
}

impl Document {
    pub(crate) fn new(hash: [u8; 32], length: usize, max_selections: usize, valid: Valid<ExecutableDocument>) -> Self {
        let operations = valid.operations.iter().map(|node| Operation {
            node: node.clone(),
            kind: match node.operation_type {
                executable::OperationType::Query => OperationKind::Query,
                executable::OperationType::Mutation => OperationKind::Mutation,
                executable::OperationType::Subscription => OperationKind::Subscription,
            },
            executable: OnceLock::new(),
            plan: OnceLock::new(),
        });
        Self { operations: operations.collect(), hash, length, max_selections, valid }
    }

    /// Returns the SHA-256 of the text.
    #[must_use]
    pub fn hash(&self) -> &[u8; 32] {
        &self.hash
    }

    /// Returns how many bytes the text has.
    #[must_use]
    pub fn text_length(&self) -> usize {
        self.length
    }

    /// Finds the operation that a request means: the one of that name, or the only one.
    ///
    /// # Errors
    /// When there is none, or several and no name.
    pub fn operation(&self, name: Option<&str>) -> Result<&Operation, DocumentError> {
        let unresolved = |message| Err(DocumentError::OperationUnresolved(message));
        match (name, self.operations.as_slice()) {
            (None, [only]) => Ok(only),
            (None, []) => unresolved("the document has no operation".to_owned()),
            (None, many) => unresolved(format!(
                "the document has {} operations; say with `operationName` which is meant",
                many.len()
            )),
            (Some(name), all) => {
                match all.iter().find(|it| it.node.name.as_ref().is_some_and(|own| own.as_str() == name)) {
                    Some(found) => Ok(found),
                    None => unresolved(format!("the document has no operation called `{name}`")),
                }
            }
        }
    }

    /// Returns an operation of this document as the executor takes it.
    ///
    /// # Errors
    /// When it is too large with its fragments in place.
    pub(crate) fn executable(
        &self,
        schema: &Schema,
        operation: &Operation,
        variables: &JsonMap,
    ) -> Result<Arc<Executable>, DocumentError> {
        if let Some(known) = operation.executable.get() {
            return Ok(Arc::clone(known));
        }
        let compiled = compile(schema, &self.valid, &operation.node, variables, self.max_selections)?;
        let executable = Arc::new(compiled.executable);
        // What fragments make many times as large as the text would not fit the room that the text was given.
        let is_small = compiled.selections <= FEW_SELECTIONS + self.length / BYTES_PER_SELECTION;
        if !compiled.varies && is_small {
            operation.executable.get_or_init(|| Arc::clone(&executable));
        }
        Ok(executable)
    }
}

impl Operation {
    /// Returns how an answer to the operation is priced and counted, once somebody asked for it.
    pub(crate) fn plan(&self, model: &CostModel, document: &Document) -> Result<&CostPlan, LimitError> {
        let plan = self.plan.get_or_init(|| model.plan(&document.valid, &self.node));
        plan.as_ref().map_err(|error| *error)
    }

    /// Returns how many nodes an answer has; 0 when the operation was never priced.
    #[must_use]
    pub fn count_nodes(&self, data: &serde_json::Value) -> u64 {
        self.plan.get().and_then(|plan| plan.as_ref().ok()).map_or(0, |plan| plan.count(data))
    }

    /// Returns what the operation does.
    #[must_use]
    pub fn kind(&self) -> OperationKind {
        self.kind
    }

    /// Returns its name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.node.name.as_ref().map(|name| name.as_str())
    }
}

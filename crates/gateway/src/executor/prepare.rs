//! Everything that can be checked without executing.
//!
//! Owns the steps from a request to an operation that may be executed.

use std::sync::Arc;

use async_graphql::{
    Request, Variables,
    parser::types::{DocumentOperations, ExecutableDocument, SelectionSet},
};
use callboard_document::{Document, JsonMap, Operation, OperationKind};

use super::{GatewayExecutor, request::Ask};
use crate::answer::Refusal;

/// An operation that may be executed.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    /// The document that it stands in.
    pub(crate) document: Arc<Document>,
    /// Its name.
    pub(crate) name: Option<String>,
    /// What it does.
    pub(crate) kind: OperationKind,
    /// It, as the executor takes it.
    pub(crate) executable: Arc<ExecutableDocument>,
    /// Its variables.
    pub(crate) variables: Variables,
    /// Its variables as JSON.
    pub(crate) coerced: JsonMap,
    /// The most nodes that its answer can have.
    pub(crate) cost: u64,
}

impl Prepared {
    /// Returns the operation.
    pub(crate) fn operation(&self) -> Option<&Operation> {
        self.document.operation(self.name.as_deref()).ok()
    }

    /// Returns what is asked of the root.
    pub(crate) fn selection_set(&self) -> Option<&SelectionSet> {
        match &self.executable.operations {
            DocumentOperations::Single(operation) => Some(&operation.node.selection_set.node),
            DocumentOperations::Multiple(_) => None,
        }
    }

    /// Returns a request to async-graphql.
    pub(crate) fn request(&self) -> Request {
        let mut request = Request::new(String::new()).variables(self.variables.clone());
        request.set_parsed_query(ExecutableDocument::clone(&self.executable));
        request
    }
}

impl GatewayExecutor {
    /// Checks a request.
    pub(super) fn prepare(&self, ask: &Ask) -> Result<Prepared, Box<Refusal>> {
        let inner = &self.0;
        let source = ask.request.source()?;
        let document = inner.front.find(source).map_err(Refusal::of_document)?;
        let operation = document.operation(ask.request.operation_name()).map_err(Refusal::of_document)?;
        if ask.is_read_only && operation.kind() == OperationKind::Mutation {
            return Err(Box::new(Refusal::not_read_only(operation.kind().as_str())));
        }
        let none = JsonMap::new();
        let given = ask.request.variables.as_ref().unwrap_or(&none);
        let bound = inner.front.bind(&document, operation, given).map_err(Refusal::of_document)?;
        let cost = inner.front.price(&document, operation, &bound).map_err(Refusal::of_document)?;
        let executable = inner.front.executable(&document, operation, &bound).map_err(Refusal::of_document)?;
        Ok(Prepared {
            name: operation.name().map(str::to_owned),
            kind: operation.kind(),
            executable,
            variables: bound.variables,
            coerced: bound.coerced,
            cost: cost.nodes,
            document,
        })
    }
}

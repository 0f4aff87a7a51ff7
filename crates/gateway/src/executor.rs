//! Executing operations, the same way for HTTP and for WebSockets.
//!
//! Owns the order of steps: nesting, parsing, which operation, cost, execution on one snapshot, finishing. Reading requests
//! and writing answers is `crate::http`'s work.

use std::sync::Arc;

use async_graphql::{
    Data, Executor, Request, Response, ServerError,
    futures_util::stream::{self, BoxStream, StreamExt},
    parser::{
        parse_schema,
        types::{DocumentOperations, ExecutableDocument, OperationType},
    },
};
use callboard_catalog::Catalog;
use callboard_foundation::{Clock, ErrorCode, new_id};

use crate::{
    AnswerCode, GatewaySettings,
    answer::{finish, refuse, refuse_limit, refuse_unparsed},
    documents::DocumentCache,
    limits::{CostTable, check_brackets},
    schema::{CallboardSchema, build_schema, context::request_data, schema_sdl},
};

/// Executes operations over a catalog. Cheap to clone.
#[derive(Clone)]
pub(crate) struct GatewayExecutor {
    catalog: Catalog,
    schema: CallboardSchema,
    shared: Arc<Shared>,
}

struct Shared {
    settings: Arc<GatewaySettings>,
    costs: CostTable,
    documents: DocumentCache,
}

/// An operation that may be executed.
struct Prepared {
    request: Request,
    operation: OperationType,
}

/// What an operation was, for the log.
#[derive(Debug)]
pub(crate) struct Executed {
    /// The answer.
    pub(crate) response: Response,
    /// `query`, `mutation`, `subscription`, or `none` when it was refused before that was known.
    pub(crate) operation: &'static str,
}

impl GatewayExecutor {
    /// Makes an executor.
    pub(crate) fn new(catalog: Catalog, settings: Arc<GatewaySettings>, clock: Clock) -> Self {
        let schema = build_schema(catalog.clone(), Arc::clone(&settings), clock);
        // The schema's own text is well formed, or no test would pass; an empty table would only cost less.
        let costs = parse_schema(schema_sdl()).map(|schema| CostTable::from_schema(&schema)).unwrap_or_default();
        Self { catalog, schema, shared: Arc::new(Shared { settings, costs, documents: DocumentCache::default() }) }
    }

    /// Executes a query or a mutation.
    pub(crate) async fn run(&self, request: Request, request_id: &str) -> Executed {
        let prepared = match self.prepare(request, request_id) {
            Ok(prepared) => prepared,
            Err(response) => return Executed { response: *response, operation: "none" },
        };
        let operation = name_of(prepared.operation);
        if prepared.operation == OperationType::Subscription {
            let error = ServerError::new("subscriptions are served over WebSocket at this address", None);
            return Executed { response: refuse(error, ErrorCode::BadInput.into(), request_id), operation };
        }
        let snapshot = self.catalog.snapshot();
        let mut revision = snapshot.revision();
        let mut request = prepared.request;
        request.data = request_data(snapshot);
        let response = self.schema.execute(request).await;
        if prepared.operation == OperationType::Mutation {
            revision = self.catalog.snapshot().revision();
        }
        Executed { response: finish(response, request_id, revision), operation }
    }

    /// Checks everything that can be checked without executing.
    fn prepare(&self, mut request: Request, request_id: &str) -> Result<Prepared, Box<Response>> {
        check_brackets(&request.query).map_err(|(error, _)| refuse_limit(&error, request_id))?;
        let document = self.shared.documents.parse(&request.query);
        let document = document.map_err(|error| refuse_unparsed(error, request_id))?;
        let operation = operation_of(&document, request.operation_name.as_deref());
        let operation = operation
            .map_err(|error| refuse(ServerError::new(error, None), AnswerCode::OperationUnresolved, request_id))?;
        let cost = self.shared.costs.check(&document, &request.variables, &self.shared.settings);
        cost.map_err(|error| refuse_limit(&error, request_id))?;
        request.set_parsed_query(ExecutableDocument::clone(&document));
        Ok(Prepared { request, operation })
    }
}

/// Finds out which operation of a document is meant.
fn operation_of(document: &ExecutableDocument, name: Option<&str>) -> Result<OperationType, String> {
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) => match operations.len() {
            1 => operations.values().next(),
            many => return Err(format!("the document has {many} operations; say with `operationName` which is meant")),
        },
    };
    match (found, name) {
        (Some(operation), _) => Ok(operation.node.ty),
        (None, Some(name)) => Err(format!("the document has no operation called `{name}`")),
        (None, None) => Err("the document has no operation".to_owned()),
    }
}

fn name_of(operation: OperationType) -> &'static str {
    match operation {
        OperationType::Query => "query",
        OperationType::Mutation => "mutation",
        OperationType::Subscription => "subscription",
    }
}

/// What WebSockets execute with: each operation of a connection is a request of its own.
impl Executor for GatewayExecutor {
    async fn execute(&self, request: Request) -> Response {
        self.run(request, &new_id().to_string()).await.response
    }

    fn execute_stream(&self, request: Request, session: Option<Arc<Data>>) -> BoxStream<'static, Response> {
        let request_id = new_id().to_string();
        let prepared = match self.prepare(request, &request_id) {
            Ok(prepared) => prepared,
            Err(response) => return stream::once(async { *response }).boxed(),
        };
        let executor = self.clone();
        if prepared.operation != OperationType::Subscription {
            return stream::once(async move { executor.run(prepared.request, &request_id).await.response }).boxed();
        }
        tracing::info!(request.id = request_id, "a subscription starts");
        let mut request = prepared.request;
        request.data = request_data(self.catalog.snapshot());
        let events = self.schema.execute_stream_with_session_data(request, session.unwrap_or_default());
        events.map(move |event| finish(event, &request_id, executor.catalog.snapshot().revision())).boxed()
    }
}

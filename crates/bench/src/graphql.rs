//! Asks the server over HTTP, as any client would.
//!
//! Owns the requests whose answers are looked at: what is there, at which revision. The load on the server is made by
//! `crate::load`, the queries of the load are in `crate::queries`. Start reading at [`GraphqlClient::ask`].

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

/// How long one answer may take: a re-reading of a large source is one request.
const ANSWER_WITHIN: Duration = Duration::from_secs(300);

/// A client of one server.
#[derive(Debug, Clone)]
pub(crate) struct GraphqlClient {
    http: reqwest::Client,
    url: String,
}

/// What a server shows of a catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Visible {
    /// Entities, Locations not counted.
    pub(crate) entities: u64,
    /// Relations of the one component that was asked for.
    pub(crate) relations: u64,
}

impl GraphqlClient {
    pub(crate) fn new(address: &str) -> Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .http1_only()
            .timeout(ANSWER_WITHIN)
            .build()
            .context("failed to make an HTTP client")?;
        Ok(Self { http, url: format!("http://{address}/graphql") })
    }

    /// Sends a request body and returns the answer's bytes, after checking that it is one without errors.
    pub(crate) async fn post(&self, body: String) -> Result<Vec<u8>> {
        let request = self.http.post(&self.url).header("content-type", "application/json").body(body);
        let response = request.send().await.context("failed to ask the server")?;
        let status = response.status();
        let bytes = response.bytes().await.context("failed to read the answer")?;
        ensure!(status.is_success(), "the server answered {status}: {}", String::from_utf8_lossy(&bytes));
        let answer: Value = serde_json::from_slice(&bytes).context("the answer is not JSON")?;
        if let Some(errors) = answer.get("errors") {
            bail!("the server answered with errors: {errors}");
        }
        Ok(bytes.to_vec())
    }

    /// Asks one query and returns its `data`.
    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Result<Value> {
        let bytes = self.post(json!({ "query": query, "variables": variables }).to_string()).await?;
        let mut answer: Value = serde_json::from_slice(&bytes).context("the answer is not JSON")?;
        Ok(answer["data"].take())
    }

    /// Returns how much of the catalog is there.
    pub(crate) async fn visible(&self, component_ref: &str) -> Result<Visible> {
        let query = "query Visible($ref: EntityRef!) {
            entities(filter: { not: { kind: { eq: \"Location\" } } }, first: 1) { totalCount }
            entity(ref: $ref) { relations(first: 1) { totalCount } }
        }";
        let data = self.ask(query, json!({ "ref": component_ref })).await?;
        let entities = data["entities"]["totalCount"].as_u64().context("the answer has no totalCount")?;
        let relations = data["entity"]["relations"]["totalCount"].as_u64().unwrap_or(0);
        Ok(Visible { entities, relations })
    }

    /// Returns the revision that the server answers at.
    pub(crate) async fn revision(&self) -> Result<String> {
        let data = self.ask("{ revision }", json!({})).await?;
        match &data["revision"] {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            other => bail!("the revision is {other}"),
        }
    }

    /// Has the source of an entity read again now; returns when what it says is visible.
    pub(crate) async fn refresh(&self, entity_ref: &str) -> Result<()> {
        let query = "mutation Refresh($ref: EntityRef!) {
            refreshEntity(input: { ref: $ref }) { userErrors { message } }
        }";
        let data = self.ask(query, json!({ "ref": entity_ref })).await?;
        let errors = &data["refreshEntity"]["userErrors"];
        ensure!(errors.as_array().is_some_and(Vec::is_empty), "the refresh was refused: {errors}");
        Ok(())
    }
}

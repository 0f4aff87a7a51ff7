//! The queries of the load, and the check that their answers are right before they are counted.
//!
//! Owns request bodies. Sending them fast is `crate::load`'s work. Start reading at [`Workload`].

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::graphql::GraphqlClient;

/// Pages of the ordered list that the load goes through.
const PAGES: usize = 50;

/// What a catalog's own interface shows of an entity: the whole document and all its relations.
const ENTITY: &str = "query Entity($ref: EntityRef!) { entity(ref: $ref) { ref apiVersion kind metadata spec \
    relations(first: 500) { nodes { type targetRef } } } }";

/// What a page about an entity needs at the least.
const ENTITY_CARD: &str = "query EntityCard($ref: EntityRef!) { entity(ref: $ref) { __typename ref displayName \
    description tags ownerRef } }";

/// A table of components: twenty by name, with owner and system, and how many there are.
const PAGE: &str = "query Page($after: String) { entities(filter: { kind: { eq: \"Component\" } }, \
    orderBy: [{ field: NAME }], first: 20, after: $after) { totalCount pageInfo { hasNextPage endCursor } \
    nodes { ref displayName description tags ... on Component { type lifecycle system { ref displayName } } \
    owner { ... on Group { ref displayName } ... on User { ref displayName } } } } }";

/// The three filters beside such a table.
const FACETS: &str = "{ entities(filter: { kind: { eq: \"Component\" } }) { \
    facets(fields: [\"spec.type\", \"spec.lifecycle\", \"owner\"], limit: 20) \
    { field values { value count } otherCount } } }";

/// A kind of request, with the bodies that are sent in turn and one answer of middling length.
#[derive(Debug, Clone)]
pub(crate) struct Workload {
    pub(crate) id: &'static str,
    pub(crate) what: &'static str,
    pub(crate) bodies: Vec<String>,
    /// The answer of median length: what the bare handler is to send.
    pub(crate) answer: Vec<u8>,
}

impl Workload {
    /// Entities by reference, document and relations.
    pub(crate) async fn entity(client: &GraphqlClient, refs: &[String]) -> Result<Self> {
        Self::by_ref("entity", "entity by ref: document and relations", ENTITY, client, refs).await
    }

    /// Entities by reference, a few fields.
    pub(crate) async fn entity_card(client: &GraphqlClient, refs: &[String]) -> Result<Self> {
        Self::by_ref("entity_card", "entity by ref: six fields", ENTITY_CARD, client, refs).await
    }

    async fn by_ref(
        id: &'static str,
        what: &'static str,
        query: &str,
        client: &GraphqlClient,
        refs: &[String],
    ) -> Result<Self> {
        let mut bodies = Vec::new();
        let mut answers = Vec::new();
        for entity_ref in refs {
            let body = json!({ "query": query, "variables": { "ref": entity_ref } }).to_string();
            let (bytes, data) = answer(client, &body).await?;
            let answered = data["entity"]["ref"].as_str().unwrap_or_default();
            ensure!(
                answered.eq_ignore_ascii_case(entity_ref),
                "asked for `{entity_ref}`, the server answered `{answered}`"
            );
            bodies.push(body);
            answers.push(bytes);
        }
        Self::new(id, what, bodies, answers)
    }

    /// Pages of twenty components ordered by name, with the total; checked to be in order and without gap.
    pub(crate) async fn page(client: &GraphqlClient, components: u64) -> Result<Self> {
        let mut bodies = Vec::new();
        let mut answers = Vec::new();
        let mut after = Value::Null;
        let mut last_name = String::new();
        for _ in 0..PAGES {
            let body = json!({ "query": PAGE, "variables": { "after": after } }).to_string();
            let (bytes, data) = answer(client, &body).await?;
            let page = &data["entities"];
            let total = page["totalCount"].as_u64().context("the page has no totalCount")?;
            ensure!(total == components, "the page says {total} components, the catalog has {components}");
            for node in page["nodes"].as_array().context("the page has no nodes")? {
                let name = name_of(node["ref"].as_str().unwrap_or_default()).to_owned();
                ensure!(last_name <= name, "the page is out of order: `{name}` after `{last_name}`");
                last_name = name;
            }
            bodies.push(body);
            answers.push(bytes);
            if page["pageInfo"]["hasNextPage"] != true {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        Self::new("page", "page of 20 by name, with owner, system and total", bodies, answers)
    }

    /// Three facets over all components; checked to count each component once.
    pub(crate) async fn facets(client: &GraphqlClient, components: u64) -> Result<Self> {
        let body = json!({ "query": FACETS }).to_string();
        let (bytes, data) = answer(client, &body).await?;
        let facets = data["entities"]["facets"].as_array().context("the answer has no facets")?;
        ensure!(facets.len() == 3, "asked for three facets, the server answered {}", facets.len());
        for facet in facets {
            let counted = counted(facet);
            ensure!(
                counted == components,
                "the facet `{}` counts {counted}, the catalog has {components} components",
                facet["field"]
            );
        }
        Self::new("facets", "three facets over components", vec![body], vec![bytes])
    }

    fn new(id: &'static str, what: &'static str, bodies: Vec<String>, mut answers: Vec<Vec<u8>>) -> Result<Self> {
        answers.sort_by_key(Vec::len);
        let middle = answers.len() / 2;
        let answer = answers.into_iter().nth(middle).context("there is nothing to ask for")?;
        Ok(Self { id, what, bodies, answer })
    }
}

async fn answer(client: &GraphqlClient, body: &str) -> Result<(Vec<u8>, Value)> {
    let bytes = client.post(body.to_owned()).await?;
    let mut answer: Value = serde_json::from_slice(&bytes).context("the answer is not JSON")?;
    Ok((bytes, answer["data"].take()))
}

/// Returns how many entities a facet speaks of.
fn counted(facet: &Value) -> u64 {
    let values = facet["values"].as_array().map(Vec::as_slice).unwrap_or_default();
    let shown: u64 = values.iter().filter_map(|value| value["count"].as_u64()).sum();
    shown + facet["otherCount"].as_u64().unwrap_or(0)
}

fn name_of(entity_ref: &str) -> &str {
    entity_ref.rsplit_once('/').map_or(entity_ref, |(_, name)| name)
}

#[cfg(test)]
mod tests;

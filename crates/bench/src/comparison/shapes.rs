//! The five questions, as Callboard's schema has them and as the others' does.
//!
//! Owns their texts, and what makes two answers the same: the same references in the same order.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::{catalog::Entities, table::Who};

/// One question.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) id: &'static str,
    pub(crate) what: &'static str,
    /// How many references the answer has.
    pub(crate) refs: usize,
    /// What async-graphql 7.2.1 took for such a question by itself, in microseconds of processor time.
    pub(crate) anchor: f64,
    callboard: &'static str,
    others: &'static str,
}

/// All questions, in the order of the table.
#[rustfmt::skip]
pub(crate) const SHAPES: &[Shape] = &[
    Shape {
        id: "Q1", what: "one entity, 12 fields", refs: 1, anchor: 33.7,
        callboard: "query One($ref: EntityRef!) { entity(ref: $ref) { id ref kind namespace name title description tags createdAt ownerRef ... on Component { type lifecycle } } }",
        others: "query One($ref: String!) { component(ref: $ref) { id ref kind namespace name title description tags createdAt ownerRef type lifecycle } }",
    },
    Shape {
        id: "Q2", what: "100 entities, 8 fields", refs: 100, anchor: 303.0,
        callboard: "{ entities(filter: { kind: { eq: \"Component\" } }, first: 100) { nodes { id ref kind namespace name title ... on Component { type lifecycle } } } }",
        others: "{ components(first: 100) { id ref kind namespace name title type lifecycle } }",
    },
    Shape {
        id: "Q3", what: "100 entities, 5 related each, 3 fields", refs: 600, anchor: 640.0,
        callboard: "{ entities(filter: { kind: { eq: \"Component\" } }, first: 100) { nodes { ref ... on Component { dependsOn(first: 5) { nodes { ref kind name } } } } } }",
        others: "{ components(first: 100) { ref dependsOn(first: 5) { ref kind name } } }",
    },
    Shape {
        id: "Q4", what: "100 of an interface, 2 fragments", refs: 100, anchor: 331.0,
        callboard: "{ entities(filter: { kind: { in: [\"Component\", \"API\"] } }, orderBy: [{ field: NAME }], first: 100) { nodes { id ref kind namespace name title ... on Component { type lifecycle } ... on API { type lifecycle } } } }",
        others: "{ entities(first: 100) { id ref kind namespace name title ... on Component { type lifecycle } ... on API { type lifecycle } } }",
    },
    Shape {
        id: "Q5", what: "connection: 100 cursors and 8 fields", refs: 100, anchor: 375.0,
        callboard: "{ entities(filter: { kind: { eq: \"Component\" } }, first: 100) { edges { cursor node { id ref kind namespace name title ... on Component { type lifecycle } } } pageInfo { hasNextPage endCursor } } }",
        others: "{ connection(first: 100) { edges { cursor node { id ref kind namespace name title type lifecycle } } pageInfo { hasNextPage endCursor } } }",
    },
];

impl Shape {
    /// Returns the request body for a server.
    pub(crate) fn body(&self, who: Who, entities: &Entities) -> String {
        let query = match who {
            Who::Floor | Who::CacheOn | Who::CacheOff => self.callboard,
            Who::Yoga | Who::Mercurius => self.others,
        };
        let mut body = json!({ "query": query });
        if query.contains("$ref") {
            body["variables"] = json!({ "ref": entities.components.get(42).or(entities.components.first()) });
        }
        body.to_string()
    }
}

/// Returns the references in an answer, in order.
pub(crate) fn refs_in(answer: &[u8]) -> Result<Vec<String>> {
    let answer: Value = serde_json::from_slice(answer).context("the answer is not JSON")?;
    let mut refs = Vec::new();
    collect_refs(&answer, &mut refs);
    Ok(refs)
}

fn collect_refs(value: &Value, refs: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect_refs(item, refs)),
        Value::Object(members) => {
            // Its own before those below it, whatever the order of the members.
            refs.extend(members.get("ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect_refs(member, refs));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;

//! Rules about kinds, in the three shapes they have: configured, stored with a source, and as the reader takes them.
//!
//! Owns the stored shape, a list of `{ "kind", "specType" }`. What a rule means is the reader's work.

use callboard_config::KindRule;
use callboard_discovery::{AllowedKind, Rule, RuleLocation};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A kind that a source may bring, as it is stored.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredKind {
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    spec_type: Option<String>,
}

/// Returns a configured rule as the reader takes it.
pub(super) fn rule(rule: &callboard_config::Rule) -> Rule {
    let location = |location: &callboard_config::LocationPattern| RuleLocation {
        kind: location.kind.clone(),
        exact: location.exact.clone(),
        pattern: location.pattern.clone(),
    };
    let allow = rule
        .allow
        .iter()
        .map(|allowed| AllowedKind { kind: Some(allowed.kind.clone()), spec_type: allowed.spec_type.clone() })
        .collect();
    Rule { allow, locations: rule.locations.as_ref().map(|locations| locations.iter().map(location).collect()) }
}

/// Returns a location's own rules as they are stored with the source.
pub(super) fn to_stored<'a>(rules: impl Iterator<Item = &'a KindRule>) -> Value {
    rules
        .map(|rule| StoredKind { kind: rule.kind.clone(), spec_type: rule.spec_type.clone() })
        .map(|kind| serde_json::json!(kind))
        .collect()
}

/// Returns stored rules as the reader takes them. Rules that cannot be read allow nothing, which is the safe side.
pub(super) fn from_stored(value: &Value) -> Vec<Rule> {
    let kinds: Vec<StoredKind> = match serde_json::from_value(value.clone()) {
        Ok(kinds) => kinds,
        Err(error) => {
            tracing::error!(%error, "the rules of a source in the database cannot be read and allow nothing");
            Vec::new()
        }
    };
    let allow =
        kinds.into_iter().map(|kind| AllowedKind { kind: Some(kind.kind), spec_type: kind.spec_type }).collect();
    vec![Rule { allow, locations: None }]
}

#[cfg(test)]
mod tests;

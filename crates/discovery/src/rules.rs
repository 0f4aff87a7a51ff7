//! `catalog.rules`: which kinds a location may bring.
//!
//! Owns the shapes and the decision. There is no "deny": what no rule allows is refused. Start reading at
//! [`RuleSet::allows`].

use callboard_entity_model::LocationSpec;
use globset::{GlobBuilder, GlobMatcher};
use serde_json::Value;

use crate::DiscoveryError;

/// One rule: the kinds it allows, and for which locations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The kinds.
    pub allow: Vec<AllowedKind>,
    /// The locations; `None` means all.
    pub locations: Option<Vec<RuleLocation>>,
}

/// A kind that a rule allows, optionally only with one `spec.type`. Compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedKind {
    /// The kind; `None` means every kind.
    pub kind: Option<String>,
    /// The `spec.type`; `None` means any.
    pub spec_type: Option<String>,
}

/// A set of locations that a rule is about. All that is given must match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleLocation {
    /// `file` or `url`.
    pub kind: Option<String>,
    /// The whole target.
    pub exact: Option<String>,
    /// A glob over the target, without regard to case.
    pub pattern: Option<String>,
}

impl AllowedKind {
    /// Returns that kind with any `spec.type`.
    #[must_use]
    pub fn named(kind: impl Into<String>) -> Self {
        Self { kind: Some(kind.into()), spec_type: None }
    }
}

impl Rule {
    /// Returns the rule that allows these kinds from everywhere.
    #[must_use]
    pub fn allowing<const N: usize>(kinds: [&str; N]) -> Self {
        Self { allow: kinds.into_iter().map(AllowedKind::named).collect(), locations: None }
    }

    /// Returns the rule that allows every kind from everywhere.
    #[must_use]
    pub fn allowing_everything() -> Self {
        Self { allow: vec![AllowedKind { kind: None, spec_type: None }], locations: None }
    }
}

/// The rules that hold for one source.
#[derive(Debug, Clone)]
pub(crate) struct RuleSet {
    allowed: Vec<AllowedKind>,
}

impl RuleSet {
    /// Picks the rules that are about this source: those for all, and its own.
    pub(crate) fn for_source(
        configured: Option<&[Rule]>,
        own: Option<&[Rule]>,
        location: &LocationSpec,
    ) -> Result<Self, DiscoveryError> {
        let default;
        let configured = match configured {
            Some(rules) => rules,
            None => {
                default = [Rule::allowing(["Component", "API", "Location"])];
                &default
            }
        };
        let mut allowed = Vec::new();
        for rule in configured {
            if is_about(rule, location)? {
                allowed.extend(rule.allow.iter().cloned());
            }
        }
        for rule in own.unwrap_or_default() {
            allowed.extend(rule.allow.iter().cloned());
        }
        Ok(Self { allowed })
    }

    /// Returns the set that allows everything, for checks that have no source.
    pub(crate) fn everything() -> Self {
        Self { allowed: vec![AllowedKind { kind: None, spec_type: None }] }
    }

    /// Says whether an entity may come from this source.
    pub(crate) fn allows(&self, entity: &Value) -> bool {
        let kind = entity["kind"].as_str().unwrap_or_default();
        let spec_type = entity["spec"]["type"].as_str();
        self.allowed.iter().any(|allowed| {
            allowed.kind.as_deref().is_none_or(|wanted| same(wanted, kind))
                && allowed
                    .spec_type
                    .as_deref()
                    .is_none_or(|wanted| spec_type.is_some_and(|spec_type| same(wanted, spec_type)))
        })
    }

    /// Returns a text that is equal for equal rules, for the fingerprints.
    pub(crate) fn describe(&self) -> String {
        format!("{:?}", self.allowed)
    }
}

/// Checks that every pattern of the rules can be read.
pub(crate) fn check_patterns(rules: &[Rule]) -> Result<(), DiscoveryError> {
    for location in rules.iter().flat_map(|rule| rule.locations.iter().flatten()) {
        if let Some(pattern) = &location.pattern {
            matcher(pattern)?;
        }
    }
    Ok(())
}

fn is_about(rule: &Rule, location: &LocationSpec) -> Result<bool, DiscoveryError> {
    let Some(locations) = &rule.locations else { return Ok(true) };
    for wanted in locations {
        let pattern_matches = match &wanted.pattern {
            Some(pattern) => matcher(pattern)?.is_match(&location.target),
            None => true,
        };
        if pattern_matches
            && wanted.kind.as_ref().is_none_or(|kind| *kind == location.kind)
            && wanted.exact.as_ref().is_none_or(|exact| *exact == location.target)
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn matcher(pattern: &str) -> Result<GlobMatcher, DiscoveryError> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .case_insensitive(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|source| DiscoveryError::InvalidPattern { pattern: pattern.to_owned(), source })
}

fn same(left: &str, right: &str) -> bool {
    left.to_lowercase() == right.to_lowercase()
}

#[cfg(test)]
mod tests;

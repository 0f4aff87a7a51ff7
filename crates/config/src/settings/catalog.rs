//! `catalog`: what is read, how often, and which kinds are allowed.
//!
//! Owns the shapes of Backstage's keys. What a rule means is `discovery`'s work.

use std::time::Duration;

use crate::tree::Setting;

/// `catalog`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogSettings {
    /// The configured locations.
    pub locations: Vec<LocationSetting>,
    /// The rules for all locations; `None` where the key is not set, which is not the same as none at all.
    pub rules: Option<Vec<Rule>>,
    /// Whether locations can be registered and removed at run time.
    pub is_readonly: bool,
    /// How often each location is read again; `None` for never.
    pub processing_interval: Option<Duration>,
}

/// A configured location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocationSetting {
    /// `file` or `url`.
    pub kind: String,
    /// A path, glob or folder, or an address, as written.
    pub target: String,
    /// Whether a missing target is a problem.
    pub is_required: bool,
    /// Rules for this location only.
    pub rules: Option<Vec<LocationRule>>,
}

/// One of `catalog.rules`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The kinds that it allows.
    pub allow: Vec<KindRule>,
    /// The locations that it is for; `None` is all.
    pub locations: Option<Vec<LocationPattern>>,
}

/// One of a location's own rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocationRule {
    /// The kinds that it allows.
    pub allow: Vec<KindRule>,
}

/// A kind that a rule allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindRule {
    /// The kind, as written.
    pub kind: String,
    /// The `spec.type`, where only that is allowed.
    pub spec_type: Option<String>,
}

/// The locations that a rule is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocationPattern {
    /// The type, where only that is meant.
    pub kind: Option<String>,
    /// The target, where only that is meant.
    pub exact: Option<String>,
    /// A glob that the target must match.
    pub pattern: Option<String>,
}

impl CatalogSettings {
    pub(super) fn from_tree(setting: Setting<'_>) -> Self {
        Self {
            locations: setting.key("locations").items().into_iter().map(LocationSetting::from_tree).collect(),
            rules: setting.key("rules").list(Rule::from_tree),
            is_readonly: setting.key("readonly").flag(),
            processing_interval: setting.key("processingInterval").find_duration(),
        }
    }
}

impl LocationSetting {
    fn from_tree(setting: Setting<'_>) -> Self {
        Self {
            kind: setting.key("type").text(),
            target: setting.key("target").text(),
            is_required: setting.key("presence").find_text().as_deref() != Some("optional"),
            rules: setting.key("rules").list(|rule| LocationRule { allow: kind_rules(rule) }),
        }
    }
}

impl Rule {
    fn from_tree(setting: Setting<'_>) -> Self {
        let locations = setting.key("locations").list(|item| LocationPattern {
            kind: item.key("type").find_text(),
            exact: item.key("exact").find_text(),
            pattern: item.key("pattern").find_text(),
        });
        Self { allow: kind_rules(setting), locations }
    }
}

fn kind_rules(rule: Setting<'_>) -> Vec<KindRule> {
    let kind_rule = |item: Setting<'_>| match item.is_map() {
        true => KindRule { kind: item.key("kind").text(), spec_type: item.entry("spec.type").find_text() },
        false => KindRule { kind: item.text(), spec_type: None },
    };
    rule.key("allow").items().into_iter().map(kind_rule).collect()
}

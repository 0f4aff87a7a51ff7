//! Relations: what an entity says about other entities, as pairs of types that read in both directions.
//!
//! Owns the 14 relation types and how `spec` is read with a kind's rules (the rules stand with the kinds, in
//! `crate::kinds`). The reverse edges are made by the view. Start reading at [`relations_of`].

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::{EntityRef, Violation, envelope::wrong_type, kinds::Kind};

/// One of the seven pairs of relation types, seen from one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are the documentation: source TYPE target")]
pub enum RelationType {
    OwnedBy,
    OwnerOf,
    ProvidesApi,
    ApiProvidedBy,
    ConsumesApi,
    ApiConsumedBy,
    DependsOn,
    DependencyOf,
    ParentOf,
    ChildOf,
    MemberOf,
    HasMember,
    PartOf,
    HasPart,
}

impl RelationType {
    /// Every type; a type and its inverse stand side by side.
    pub const ALL: [Self; 14] = [
        Self::OwnedBy,
        Self::OwnerOf,
        Self::ProvidesApi,
        Self::ApiProvidedBy,
        Self::ConsumesApi,
        Self::ApiConsumedBy,
        Self::DependsOn,
        Self::DependencyOf,
        Self::ParentOf,
        Self::ChildOf,
        Self::MemberOf,
        Self::HasMember,
        Self::PartOf,
        Self::HasPart,
    ];

    /// Returns the name, for example `ownedBy`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OwnedBy => "ownedBy",
            Self::OwnerOf => "ownerOf",
            Self::ProvidesApi => "providesApi",
            Self::ApiProvidedBy => "apiProvidedBy",
            Self::ConsumesApi => "consumesApi",
            Self::ApiConsumedBy => "apiConsumedBy",
            Self::DependsOn => "dependsOn",
            Self::DependencyOf => "dependencyOf",
            Self::ParentOf => "parentOf",
            Self::ChildOf => "childOf",
            Self::MemberOf => "memberOf",
            Self::HasMember => "hasMember",
            Self::PartOf => "partOf",
            Self::HasPart => "hasPart",
        }
    }

    /// Finds the type of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|relation| relation.as_str() == name)
    }

    /// Returns the same relation seen from the other side.
    #[must_use]
    pub fn inverse(self) -> Self {
        Self::ALL[self as usize ^ 1]
    }
}

/// A relation that an entity declares.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Relation {
    /// The type, read "source TYPE target".
    pub kind: RelationType,
    /// The other entity; it need not exist.
    pub target: EntityRef,
}

/// Which relation a field of `spec` declares.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RelationRule {
    pub(crate) field: &'static str,
    pub(crate) relation: RelationType,
    /// The kind of a reference that names none; without a default such a reference is refused.
    pub(crate) default_kind: Option<&'static str>,
}

/// What a kind that is not built in may declare, in the fields that everybody uses for it.
const CUSTOM_RULES: [RelationRule; 4] = [
    RelationRule { field: "owner", relation: RelationType::OwnedBy, default_kind: Some("group") },
    RelationRule { field: "system", relation: RelationType::PartOf, default_kind: Some("system") },
    RelationRule { field: "dependsOn", relation: RelationType::DependsOn, default_kind: None },
    RelationRule { field: "dependencyOf", relation: RelationType::DependencyOf, default_kind: None },
];

/// Every field of `spec` that declares relations for some kind: whoever needs an entity's relations and nothing else
/// need not look at the others.
pub const RELATION_FIELDS: [&str; 13] = [
    "owner",
    "system",
    "domain",
    "subcomponentOf",
    "subdomainOf",
    "providesApis",
    "consumesApis",
    "dependsOn",
    "dependencyOf",
    "parent",
    "children",
    "members",
    "memberOf",
];

/// Returns the relations that a valid entity declares, each once, in the order of its kind's rules.
///
/// A reference without a namespace means the entity's own. Of a kind that is not built in, only what is readable is
/// taken; the rest is nobody's rule to break.
///
/// # Errors
/// A violation per reference that can't be read, for the built-in kinds.
pub fn relations_of(source: &EntityRef, spec: Option<&Value>) -> Result<Vec<Relation>, Vec<Violation>> {
    let Some(Value::Object(spec)) = spec else {
        return Ok(Vec::new());
    };
    let kind = Kind::from_lowercase(source.kind());
    let rules = kind.map_or(CUSTOM_RULES.as_slice(), |kind| kind.rules().relations);
    let mut found = Found { relations: Vec::new(), violations: Vec::new(), namespace: source.namespace() };
    for rule in rules {
        found.read_field(spec, rule);
    }
    if found.violations.is_empty() || kind.is_none() {
        Ok(without_repetitions(found.relations))
    } else {
        Err(found.violations)
    }
}

struct Found<'a> {
    relations: Vec<Relation>,
    violations: Vec<Violation>,
    namespace: &'a str,
}

impl Found<'_> {
    fn read_field(&mut self, spec: &Map<String, Value>, rule: &RelationRule) {
        match spec.get(rule.field) {
            Some(Value::Array(targets)) => {
                for (index, target) in targets.iter().enumerate() {
                    match self.read_target(target, rule) {
                        Ok(target) => self.relations.push(Relation { kind: rule.relation, target }),
                        Err(message) => {
                            self.violations
                                .push(Violation::refusal(&["spec", rule.field, &index.to_string()], message));
                        }
                    }
                }
            }
            Some(target) if !is_nothing(target) => match self.read_target(target, rule) {
                Ok(target) => self.relations.push(Relation { kind: rule.relation, target }),
                Err(message) => self.violations.push(Violation::refusal(&["spec", rule.field], message)),
            },
            _ => {}
        }
    }

    fn read_target(&self, target: &Value, rule: &RelationRule) -> Result<EntityRef, String> {
        match target {
            Value::String(text) if text.is_empty() => Err("must not be empty".to_owned()),
            Value::String(text) => {
                EntityRef::parse_with(text, rule.default_kind, self.namespace).map_err(|error| error.to_string())
            }
            Value::Object(parts) => self.read_parts(parts, rule),
            other => Err(wrong_type("an entity reference", other)),
        }
    }

    /// Reads a reference written as an object, which Backstage takes in the fields that have no schema.
    fn read_parts(&self, parts: &Map<String, Value>, rule: &RelationRule) -> Result<EntityRef, String> {
        let part = |name: &str| match parts.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.as_str())),
            Some(_) => Err(format!("`{name}` must be a string that is not empty")),
        };
        let kind = part("kind")?.or(rule.default_kind).ok_or("`kind` is required")?;
        let namespace = part("namespace")?.unwrap_or(self.namespace);
        let name = part("name")?.ok_or("`name` is required")?;
        EntityRef::new(kind, namespace, name).map_err(|error| error.to_string())
    }
}

/// Returns whether Backstage takes the value for "declares nothing": what JavaScript calls falsy.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        _ => false,
    }
}

/// Up to so many relations are compared with each other.
const FEW: usize = 16;

fn without_repetitions(mut relations: Vec<Relation>) -> Vec<Relation> {
    let repeats = |(at, relation)| relations[..at].contains(relation);
    // Nearly all entities declare a few and repeat none; comparing those is cheaper than hashing them.
    if relations.len() > FEW || relations.iter().enumerate().any(repeats) {
        let mut seen = HashSet::with_capacity(relations.len());
        relations.retain(|relation| seen.insert(relation.clone()));
    }
    relations
}

#[cfg(test)]
mod tests;

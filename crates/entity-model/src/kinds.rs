//! The nine built-in kinds.
//!
//! Owns which kinds there are; each has a file of its own under `kinds/` with its schema and its relations. What every
//! kind has in common is `crate::envelope`'s work. Start reading at [`Kind`], then at `kinds/component.rs`.

mod api;
mod component;
mod domain;
mod group;
mod location;
mod resource;
mod schema_parts;
mod system;
mod template;
mod user;

use std::sync::LazyLock;

use serde_json::Value;

use crate::{relations::RelationRule, schema::SpecSchema};

/// A built-in kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the documentation")]
pub enum Kind {
    Component,
    Api,
    Resource,
    System,
    Domain,
    Group,
    User,
    Template,
    Location,
}

/// What a kind is called and what its entities must look like.
#[derive(Debug, Clone)]
pub struct KindDefinition {
    /// `Component`, `API`, ….
    pub name: &'static str,
    /// `components`, `apis`, ….
    pub plural: &'static str,
    /// What an entity of this kind is for, in one sentence.
    pub description: &'static str,
    /// The `apiVersion`s that its entities may have.
    pub api_versions: &'static [&'static str],
    /// JSON Schema of a whole entity of this kind.
    pub schema: Value,
}

/// Everything that is particular to one kind.
pub(crate) struct KindRules {
    pub(crate) name: &'static str,
    pub(crate) plural: &'static str,
    pub(crate) description: &'static str,
    pub(crate) api_versions: &'static [&'static str],
    /// Builds the JSON Schema of `spec`.
    pub(crate) spec_schema: fn() -> Value,
    /// In the order in which the relations are declared.
    pub(crate) relations: &'static [RelationRule],
}

/// The versions of every kind but Template, which belongs to another part of Backstage.
const CATALOG_VERSIONS: [&str; 2] = ["backstage.io/v1alpha1", "backstage.io/v1beta1"];

impl Kind {
    /// Every built-in kind.
    pub const ALL: [Self; 9] = [
        Self::Component,
        Self::Api,
        Self::Resource,
        Self::System,
        Self::Domain,
        Self::Group,
        Self::User,
        Self::Template,
        Self::Location,
    ];

    /// Returns the name as written in `kind:`, for example `API`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.rules().name
    }

    /// Finds the kind that a reference's lower-case kind names.
    #[must_use]
    pub fn from_lowercase(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|candidate| candidate.as_str().eq_ignore_ascii_case(kind))
    }

    /// Returns its definition.
    #[must_use]
    pub fn definition(self) -> KindDefinition {
        let rules = self.rules();
        KindDefinition {
            name: rules.name,
            plural: rules.plural,
            description: rules.description,
            api_versions: rules.api_versions,
            schema: schema_parts::whole_entity(rules),
        }
    }

    pub(crate) fn rules(self) -> &'static KindRules {
        match self {
            Self::Component => &component::RULES,
            Self::Api => &api::RULES,
            Self::Resource => &resource::RULES,
            Self::System => &system::RULES,
            Self::Domain => &domain::RULES,
            Self::Group => &group::RULES,
            Self::User => &user::RULES,
            Self::Template => &template::RULES,
            Self::Location => &location::RULES,
        }
    }

    /// Returns the compiled schema of its `spec`.
    pub(crate) fn spec_schema(self) -> &'static SpecSchema {
        static COMPILED: LazyLock<[SpecSchema; 9]> =
            LazyLock::new(|| Kind::ALL.map(|kind| SpecSchema::compile(&(kind.rules().spec_schema)())));
        &COMPILED[self as usize]
    }
}

#[cfg(test)]
mod tests;

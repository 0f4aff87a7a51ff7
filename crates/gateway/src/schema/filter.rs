//! Filters as asked for.
//!
//! Owns the input types and their turn into `view`'s filter algebra. Evaluating filters is `view`'s work.

use async_graphql::InputObject;
use callboard_entity_model::{EntityRef, EntityRefError, RelationType};
use callboard_view::{FieldPath, Filter, TextTest};
use chrono::{DateTime, Utc};

use super::{relation::RelationDirection, scalars::EntityRefScalar};
use crate::error::GatewayError;

/// Which entities. All fields given have to hold; `or` and `not` make more of it. Texts are compared without regard to
/// case.
#[derive(Debug, Clone, Default, PartialEq, InputObject)]
pub(crate) struct EntityFilter {
    /// All of these hold.
    pub(crate) and: Option<Vec<EntityFilter>>,
    /// At least one of these holds.
    pub(crate) or: Option<Vec<EntityFilter>>,
    /// This does not hold.
    pub(crate) not: Option<Box<EntityFilter>>,
    /// It is one of these.
    #[graphql(name = "ref")]
    pub(crate) reference: Option<Vec<EntityRefScalar>>,
    /// The kind, for example `Component`.
    pub(crate) kind: Option<StringFilter>,
    /// The namespace.
    pub(crate) namespace: Option<StringFilter>,
    /// The name.
    pub(crate) name: Option<StringFilter>,
    /// `spec.type`.
    #[graphql(name = "type")]
    pub(crate) kind_type: Option<StringFilter>,
    /// `spec.lifecycle`.
    pub(crate) lifecycle: Option<StringFilter>,
    /// At least one tag.
    pub(crate) tag: Option<StringFilter>,
    /// One of these owns it; a group is meant where no kind is named.
    pub(crate) owner: Option<Vec<EntityRefScalar>>,
    /// Whether things count as owned by `owner` that groups below it own.
    pub(crate) owner_transitive: Option<bool>,
    /// It is part of one of these systems; a system is meant where no kind is named.
    pub(crate) system: Option<Vec<EntityRefScalar>>,
    /// Labels, each of which has to hold.
    pub(crate) label: Option<Vec<KeyValueFilter>>,
    /// Annotations, each of which has to hold.
    pub(crate) annotation: Option<Vec<KeyValueFilter>>,
    /// Any paths into the document, each of which has to hold.
    pub(crate) field: Option<Vec<FieldFilter>>,
    /// Relations, each of which has to hold.
    pub(crate) relation: Option<Vec<HasRelationFilter>>,
    /// It got its present form after this instant.
    pub(crate) updated_after: Option<DateTime<Utc>>,
    /// Every word of this begins a word in the name, title, description or tags.
    pub(crate) text: Option<String>,
}

/// What a text has to be. All fields given have to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, InputObject)]
pub(crate) struct StringFilter {
    /// It is this.
    pub(crate) eq: Option<String>,
    /// It is one of these.
    #[graphql(name = "in")]
    pub(crate) one_of: Option<Vec<String>>,
    /// It starts with this.
    pub(crate) starts_with: Option<String>,
    /// It contains this.
    pub(crate) contains: Option<String>,
    /// There is one (`true`), or none (`false`).
    pub(crate) exists: Option<bool>,
}

/// What a label or an annotation has to be.
#[derive(Debug, Clone, PartialEq, Eq, InputObject)]
pub(crate) struct KeyValueFilter {
    /// The whole key, with its prefix.
    pub(crate) key: String,
    /// The value; that it exists, when left out.
    pub(crate) value: Option<StringFilter>,
}

/// What the value at a path has to be.
#[derive(Debug, Clone, PartialEq, Eq, InputObject)]
pub(crate) struct FieldFilter {
    /// The path with dots, for example `spec.parameters.region`. Lists are looked through.
    pub(crate) path: String,
    /// The value; of a list, at least one item.
    pub(crate) value: StringFilter,
}

/// Has at least one such relation or, with `exists: false`, none.
#[derive(Debug, Clone, PartialEq, InputObject)]
pub(crate) struct HasRelationFilter {
    /// The type as seen from the entity, for example `dependsOn`; see `relationTypes`.
    #[graphql(name = "type")]
    pub(crate) kind: String,
    /// Who declared it; it does not matter when left out.
    pub(crate) direction: Option<RelationDirection>,
    /// It leads to one of these, which need not exist.
    pub(crate) targets: Option<Vec<EntityRefScalar>>,
    /// It leads to an entity for which this holds.
    pub(crate) target_filter: Option<Box<EntityFilter>>,
    /// Whether there has to be one, or must not be one.
    #[graphql(default = true)]
    pub(crate) exists: bool,
}

impl EntityFilter {
    /// Turns the filter into the view's.
    pub(crate) fn into_filter(self) -> Result<Filter, GatewayError> {
        let mut all = Vec::new();
        let mut texts = |test: Option<StringFilter>, filter: &dyn Fn(TextTest) -> Filter| {
            all.extend(test.map(|test| test.into_filter(filter)));
        };
        let at = |path: FieldPath| move |test| Filter::Field { path: path.clone(), test };
        texts(self.kind, &at(FieldPath::kind()));
        texts(self.namespace, &at(FieldPath::namespace()));
        texts(self.name, &at(FieldPath::name()));
        texts(self.kind_type, &at(FieldPath::spec_type()));
        texts(self.lifecycle, &at(FieldPath::lifecycle()));
        texts(self.tag, &Filter::Tag);
        for KeyValueFilter { key, value } in self.label.unwrap_or_default() {
            texts(Some(or_exists(value)), &|test| Filter::Label { key: key.clone(), test });
        }
        for KeyValueFilter { key, value } in self.annotation.unwrap_or_default() {
            texts(Some(or_exists(value)), &|test| Filter::Annotation { key: key.clone(), test });
        }
        for FieldFilter { path, value } in self.field.unwrap_or_default() {
            texts(Some(value), &at(FieldPath::parse(&path)?));
        }
        if let Some(references) = self.reference {
            all.push(Filter::Ref(parse_refs(references, "component")?));
        }
        if let Some(owners) = self.owner {
            let transitive = self.owner_transitive.unwrap_or(false);
            all.push(Filter::Owner { refs: parse_refs(owners, "group")?, transitive });
        }
        if let Some(systems) = self.system {
            all.push(Filter::System(parse_refs(systems, "system")?));
        }
        all.extend(self.updated_after.map(Filter::UpdatedAfter));
        all.extend(self.text.map(Filter::Text));
        for relation in self.relation.unwrap_or_default() {
            all.push(relation.into_filter()?);
        }
        if let Some(filters) = self.and {
            all.push(Filter::And(into_filters(filters)?));
        }
        if let Some(filters) = self.or {
            all.push(Filter::Or(into_filters(filters)?));
        }
        if let Some(filter) = self.not {
            all.push(Filter::Not(Box::new(filter.into_filter()?)));
        }
        Ok(and(all))
    }
}

impl StringFilter {
    /// Turns each given field into a test, and the tests into one filter.
    pub(crate) fn into_filter(self, filter: &dyn Fn(TextTest) -> Filter) -> Filter {
        and(self.into_tests().into_iter().map(filter).collect())
    }

    /// Returns the given fields as tests, all of which have to hold.
    fn into_tests(self) -> Vec<TextTest> {
        let mut tests = Vec::new();
        tests.extend(self.eq.map(TextTest::Equals));
        tests.extend(self.one_of.map(TextTest::In));
        tests.extend(self.starts_with.map(TextTest::StartsWith));
        tests.extend(self.contains.map(TextTest::Contains));
        tests.extend(self.exists.map(TextTest::Exists));
        tests
    }

    /// Returns whether a text that is there passes.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let holds = |wanted: &Option<String>, test: &dyn Fn(&str) -> bool| {
            wanted.as_ref().is_none_or(|wanted| test(&wanted.to_lowercase()))
        };
        holds(&self.eq, &|wanted| text == wanted)
            && self.one_of.as_ref().is_none_or(|wanted| wanted.iter().any(|wanted| wanted.to_lowercase() == text))
            && holds(&self.starts_with, &|wanted| text.starts_with(wanted))
            && holds(&self.contains, &|wanted| text.contains(wanted))
            && self.exists.unwrap_or(true)
    }
}

impl HasRelationFilter {
    fn into_filter(self) -> Result<Filter, GatewayError> {
        let kind = parse_relation_type("type", &self.kind)?;
        let target_filter = self.target_filter.map(|filter| filter.into_filter()).transpose()?;
        Ok(Filter::HasRelation {
            kind,
            direction: self.direction.map(Into::into),
            targets: self.targets.map(|targets| parse_refs(targets, "component")).transpose()?,
            target_filter: target_filter.map(Box::new),
            exists: self.exists,
        })
    }
}

/// Reads the name of a relation type.
pub(crate) fn parse_relation_type(argument: &'static str, name: &str) -> Result<RelationType, GatewayError> {
    RelationType::from_name(name)
        .ok_or_else(|| GatewayError::bad_argument(argument, format!("is `{name}`, which is no relation type")))
}

fn or_exists(value: Option<StringFilter>) -> StringFilter {
    value.unwrap_or_else(|| StringFilter { exists: Some(true), ..StringFilter::default() })
}

fn parse_refs(references: Vec<EntityRefScalar>, default_kind: &str) -> Result<Vec<EntityRef>, EntityRefError> {
    references.into_iter().map(|reference| reference.parse_with(default_kind)).collect()
}

fn into_filters(filters: Vec<EntityFilter>) -> Result<Vec<Filter>, GatewayError> {
    filters.into_iter().map(EntityFilter::into_filter).collect()
}

fn and(mut filters: Vec<Filter>) -> Filter {
    match filters.len() {
        1 => filters.remove(0),
        _ => Filter::And(filters),
    }
}

#[cfg(test)]
mod tests;

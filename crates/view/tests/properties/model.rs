//! The catalog as a plain map, and every question answered by looking at each entity.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use callboard_entity_model::{EntityRef, RelationType, relations_of};
use callboard_view::{Direction, EntityRecord, FieldPath, Filter, Order, OrderBy, RelationDirection, TextTest};
use chrono::SecondsFormat;
use serde_json::Value;

use crate::catalogs::Change;

#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    entities: BTreeMap<EntityRef, Arc<EntityRecord>>,
}

type Seen = (RelationType, RelationDirection, EntityRef);

impl Model {
    pub(crate) fn apply(&mut self, change: &Change) {
        match change {
            Change::Upsert(record) => {
                self.entities.insert(record.entity_ref.clone(), Arc::clone(record));
            }
            Change::Remove(entity_ref) => {
                self.entities.remove(entity_ref);
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.entities.len()
    }

    pub(crate) fn has(&self, entity_ref: &EntityRef) -> bool {
        self.entities.contains_key(entity_ref)
    }

    pub(crate) fn records(&self) -> Vec<Arc<EntityRecord>> {
        self.entities.values().cloned().collect()
    }

    pub(crate) fn kind_counts(&self) -> Vec<(String, u64)> {
        let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
        for record in self.entities.values() {
            let kind = document(record)["kind"].as_str().expect("there is a kind").to_owned();
            *counts.entry((kind.to_lowercase(), kind)).or_default() += 1;
        }
        counts.into_iter().map(|((_, kind), count)| (kind, count)).collect()
    }

    pub(crate) fn relation_counts(&self) -> Vec<(RelationType, u64)> {
        let seen: Vec<Seen> = self.entities.keys().flat_map(|entity_ref| self.relations(entity_ref)).collect();
        let count = |kind| seen.iter().filter(|(other, _, _)| *other == kind).count() as u64;
        RelationType::ALL.into_iter().map(|kind| (kind, count(kind))).collect()
    }

    /// The relations as a reference sees them, whether or not it exists.
    pub(crate) fn relations(&self, of: &EntityRef) -> Vec<Seen> {
        let mut seen: BTreeMap<(String, EntityRef), Seen> = BTreeMap::new();
        for record in self.entities.values() {
            for relation in declared(record) {
                if record.entity_ref == *of {
                    let key = (relation.0.as_str().to_owned(), relation.1.clone());
                    seen.insert(key, (relation.0, RelationDirection::Outgoing, relation.1.clone()));
                }
                if relation.1 == *of {
                    let kind = relation.0.inverse();
                    let key = (kind.as_str().to_owned(), record.entity_ref.clone());
                    seen.entry(key).or_insert((kind, RelationDirection::Incoming, record.entity_ref.clone()));
                }
            }
        }
        seen.into_values().collect()
    }

    fn related(&self, of: &EntityRef, kind: RelationType) -> BTreeSet<EntityRef> {
        self.relations(of).into_iter().filter(|seen| seen.0 == kind).map(|seen| seen.2).collect()
    }

    pub(crate) fn select(&self, filter: &Filter) -> Vec<EntityRef> {
        self.entities.values().filter(|record| self.passes(record, filter)).map(|it| it.entity_ref.clone()).collect()
    }

    fn passes(&self, record: &EntityRecord, filter: &Filter) -> bool {
        let own_ref = &record.entity_ref;
        match filter {
            Filter::All => true,
            Filter::And(parts) => parts.iter().all(|part| self.passes(record, part)),
            Filter::Or(parts) => parts.iter().any(|part| self.passes(record, part)),
            Filter::Not(part) => !self.passes(record, part),
            Filter::Ref(refs) => refs.contains(own_ref),
            Filter::Field { path, test } => passes(&self.values(record, &path.to_string()), test),
            Filter::Label { key, test } => passes(&self.values(record, &format!("metadata.labels.{key}")), test),
            Filter::Annotation { key, test } => {
                passes(&self.values(record, &format!("metadata.annotations.{key}")), test)
            }
            Filter::Tag(test) => passes(&self.values(record, "metadata.tags"), test),
            Filter::Owner { refs, transitive } => {
                let mut owners: BTreeSet<EntityRef> = refs.iter().cloned().collect();
                let mut open: Vec<EntityRef> = if *transitive { refs.clone() } else { Vec::new() };
                while let Some(group) = open.pop() {
                    let below = self.related(&group, RelationType::ParentOf);
                    open.extend(below.into_iter().filter(|child| owners.insert(child.clone())));
                }
                declared(record).iter().any(|(kind, owner)| *kind == RelationType::OwnedBy && owners.contains(owner))
            }
            Filter::System(refs) => declared(record).iter().any(|(kind, system)| {
                *kind == RelationType::PartOf && system.kind() == "system" && refs.contains(system)
            }),
            Filter::HasRelation { kind, direction, targets, target_filter, exists } => {
                let fits = |seen: &Seen| {
                    seen.0 == *kind
                        && direction.is_none_or(|direction| direction == seen.1)
                        && targets.as_ref().is_none_or(|targets| targets.contains(&seen.2))
                        && target_filter.as_ref().is_none_or(|filter| {
                            self.entities.get(&seen.2).is_some_and(|target| self.passes(target, filter))
                        })
                };
                self.relations(own_ref).iter().any(fits) == *exists
            }
            Filter::RelatedTo { source, kind } => self.related(source, *kind).contains(own_ref),
            Filter::UpdatedAfter(at) => record.updated_at > *at,
            Filter::Text(text) => {
                let whole = document(record);
                let fields = ["name", "title", "description"].map(|field| whole["metadata"][field].as_str());
                let tags = whole["metadata"]["tags"].as_array().into_iter().flatten().map(Value::as_str);
                let found: Vec<String> = fields.into_iter().chain(tags).flatten().flat_map(words).collect();
                words(text).iter().all(|word| found.iter().any(|other| other.starts_with(word)))
            }
            Filter::Source(sources) => sources.contains(&record.source),
        }
    }

    /// The values at a path, `None` for one that is there without a value.
    fn values(&self, record: &EntityRecord, path: &str) -> Vec<Option<String>> {
        let of_relation = |wanted, kind: &str| {
            let fits =
                |(other, target): &(RelationType, EntityRef)| *other == wanted && target.as_str().starts_with(kind);
            declared(record).into_iter().filter(fits).map(|(_, target)| Some(target.to_string())).collect()
        };
        if let Some(name) = path.strip_prefix("relations.") {
            let kind = RelationType::from_name(name).expect("the type is known");
            return self.related(&record.entity_ref, kind).into_iter().map(|target| Some(target.to_string())).collect();
        }
        match path {
            "owner" => of_relation(RelationType::OwnedBy, ""),
            "system" => of_relation(RelationType::PartOf, "system:"),
            "displayName" => vec![Some(display_name(record))],
            path => {
                let mut leaves = Vec::new();
                flatten(&document(record), String::new(), &mut leaves);
                let path = path.to_lowercase();
                leaves.into_iter().filter(|(leaf, _)| *leaf == path).map(|(_, value)| value).collect()
            }
        }
    }

    pub(crate) fn facet(&self, selected: &[EntityRef], field: &str, limit: usize) -> (Vec<(String, u64)>, u64) {
        let path = FieldPath::parse(field).expect("the field is known").to_string();
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for entity_ref in selected {
            let values: BTreeSet<String> =
                self.values(&self.entities[entity_ref], &path).into_iter().flatten().collect();
            values.into_iter().for_each(|value| *counts.entry(value).or_default() += 1);
        }
        let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
        counts.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        let rest = counts.split_off(limit.min(counts.len()));
        (counts, rest.iter().map(|(_, count)| count).sum())
    }

    pub(crate) fn sorted(&self, selected: &[EntityRef], orders: &[Order]) -> Vec<EntityRef> {
        let mut sorted = selected.to_vec();
        sorted.sort_by(|left, right| {
            let mut ordering = Ordering::Equal;
            for order in orders {
                let values = [left, right].map(|it| self.sort_value(&self.entities[it], &order.by));
                ordering = ordering.then_with(|| match (&values[0], &values[1], order.direction) {
                    (Some(left), Some(right), Direction::Ascending) => left.cmp(right),
                    (Some(left), Some(right), Direction::Descending) => right.cmp(left),
                    (left, right, _) => left.is_none().cmp(&right.is_none()),
                });
            }
            ordering.then_with(|| left.cmp(right))
        });
        sorted
    }

    fn sort_value(&self, record: &EntityRecord, by: &OrderBy) -> Option<String> {
        let smallest = |path: &str| self.values(record, path).into_iter().flatten().map(|it| it.to_lowercase()).min();
        match by {
            OrderBy::Name => Some(record.entity_ref.name().to_owned()),
            OrderBy::Title => Some(display_name(record).to_lowercase()),
            OrderBy::Kind => Some(record.entity_ref.kind().to_owned()),
            OrderBy::Namespace => Some(record.entity_ref.namespace().to_owned()),
            OrderBy::CreatedAt => Some(record.created_at.to_rfc3339_opts(SecondsFormat::Micros, true)),
            OrderBy::UpdatedAt => Some(record.updated_at.to_rfc3339_opts(SecondsFormat::Micros, true)),
            OrderBy::Path(path) => smallest(&path.to_string()),
        }
    }
}

fn document(record: &EntityRecord) -> Value {
    serde_json::from_str(&record.document).expect("the document is JSON")
}

fn declared(record: &EntityRecord) -> Vec<(RelationType, EntityRef)> {
    let relations = relations_of(&record.entity_ref, document(record).get("spec")).unwrap_or_default();
    relations.into_iter().map(|relation| (relation.kind, relation.target)).collect()
}

fn display_name(record: &EntityRecord) -> String {
    let metadata = &document(record)["metadata"];
    metadata["title"].as_str().or(metadata["name"].as_str()).expect("there is a name").to_owned()
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Backstage's flattening for search: every leaf under its dotted lower-case path.
fn flatten(value: &Value, path: String, leaves: &mut Vec<(String, Option<String>)>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let path = if path.is_empty() { key.to_lowercase() } else { format!("{path}.{}", key.to_lowercase()) };
                flatten(value, path, leaves);
            }
        }
        Value::Array(elements) => {
            for element in elements {
                flatten(element, path.clone(), leaves);
                if let Value::String(text) = element {
                    leaves.push((format!("{path}.{}", text.to_lowercase()), Some("true".to_owned())));
                }
            }
        }
        Value::Null => leaves.push((path, None)),
        Value::String(text) => leaves.push((path, Some(text.clone()).filter(|text| text.chars().count() <= 200))),
        other => leaves.push((path, Some(other.to_string()))),
    }
}

fn passes(values: &[Option<String>], test: &TextTest) -> bool {
    let any = |fits: &dyn Fn(&str) -> bool| values.iter().flatten().any(|value| fits(&value.to_lowercase()));
    match test {
        TextTest::Equals(wanted) => any(&|value| value == wanted.to_lowercase()),
        TextTest::In(wanted) => wanted.iter().any(|wanted| any(&|value| value == wanted.to_lowercase())),
        TextTest::StartsWith(start) => any(&|value| value.starts_with(&start.to_lowercase())),
        TextTest::Contains(part) => any(&|value| value.contains(&part.to_lowercase())),
        TextTest::Exists(exists) => values.is_empty() != *exists,
    }
}

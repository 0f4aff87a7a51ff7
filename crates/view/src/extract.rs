//! Extraction: the values of fields, read from a document without building it in memory.
//!
//! Owns how a path is looked up, as Backstage flattens an entity for search: leaves under dotted lower-case paths, lists
//! looked through. A null, or a text of more than [`MAX_VALUE_CHARS`] characters, is present but has no value.
//! Start reading at [`values_of`].

mod collect;

use std::borrow::Cow;

use callboard_entity_model::{EntityRef, Relation, RelationType, relations_of};
use chrono::{DateTime, SecondsFormat, Utc};

pub(crate) use self::collect::collect;
use crate::{EntityRecord, field::Field, words::words_of};

/// Longer texts are not kept as values: nobody counts or picks them, and they would fill the memory.
pub(crate) const MAX_VALUE_CHARS: usize = 200;

/// The values that one entity has for one field: sorted, distinct; `None` stands for "present without a value".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum FieldValues {
    #[default]
    Nothing,
    /// Most fields have one value, which then needs no list.
    One(Option<Box<str>>),
    Several(Vec<Option<Box<str>>>),
}

impl FieldValues {
    pub(crate) fn add(&mut self, value: Option<&str>) {
        let value = value.filter(|text| is_short(text)).map(Box::from);
        match std::mem::take(self) {
            Self::Nothing => *self = Self::One(value),
            Self::One(first) if first == value => *self = Self::One(first),
            Self::One(first) if first < value => *self = Self::Several(vec![first, value]),
            Self::One(first) => *self = Self::Several(vec![value, first]),
            Self::Several(mut values) => {
                if let Err(at) = values.binary_search(&value) {
                    values.insert(at, value);
                }
                *self = Self::Several(values);
            }
        }
    }

    fn as_slice(&self) -> &[Option<Box<str>>] {
        match self {
            Self::Nothing => &[],
            Self::One(value) => std::slice::from_ref(value),
            Self::Several(values) => values,
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        self.as_slice().iter().map(Option::as_deref)
    }

    pub(crate) fn contains(&self, value: Option<&str>) -> bool {
        self.iter().any(|other| other == value)
    }

    /// Returns the first value; the only one for fields that lists can be ordered by.
    pub(crate) fn first(&self) -> Option<&str> {
        self.iter().flatten().next()
    }
}

fn is_short(text: &str) -> bool {
    text.len() <= MAX_VALUE_CHARS || text.chars().nth(MAX_VALUE_CHARS).is_none()
}

/// The fields that every snapshot keeps an index of; the first six are paths.
pub(crate) const ALWAYS_INDEXED: usize = 8;
const PATHS: [&str; 6] =
    ["kind", "metadata.namespace", "metadata.name", "spec.type", "spec.lifecycle", "metadata.tags"];

/// Returns where the index of a field stands among those that every snapshot keeps.
pub(crate) fn always_indexed(field: &Field) -> Option<usize> {
    match field {
        Field::Path(path) => PATHS.iter().position(|known| *known == &**path),
        Field::Owner => Some(6),
        Field::System => Some(7),
        _ => None,
    }
}

/// What is read from every document: the values of the fields that are always indexed, and the relations.
#[derive(Debug, Default)]
pub(crate) struct Extracted {
    pub(crate) values: [FieldValues; ALWAYS_INDEXED],
    pub(crate) relations: Vec<Relation>,
}

impl Extracted {
    /// Reads a record's document. One that can't be read has no values and no relations: the store only hands in what
    /// the entity model has written.
    pub(crate) fn read(record: &EntityRecord) -> Self {
        let mut values: [FieldValues; ALWAYS_INDEXED] = Default::default();
        let spec = collect(&record.document, &PATHS, true, &mut |path, value| values[path].add(value));
        let relations = match spec {
            Ok(spec) => relations_of(&record.entity_ref, spec.as_ref()).unwrap_or_else(|_| Vec::new()),
            Err(_) => {
                values = Default::default();
                Vec::new()
            }
        };
        // Lists are ordered by the parts of the reference, so the index has to agree with them in any case.
        let parts = [record.entity_ref.kind(), record.entity_ref.namespace(), record.entity_ref.name()];
        for (values, part) in values.iter_mut().zip(parts) {
            let agrees = matches!(values, FieldValues::One(Some(value)) if is_lowercase_of(part, value));
            if !agrees {
                *values = FieldValues::One(Some(part.into()));
            }
        }
        for relation in &relations {
            if is_owner(relation) {
                values[6].add(Some(relation.target.as_str()));
            } else if is_system(relation) {
                values[7].add(Some(relation.target.as_str()));
            }
        }
        Self { values, relations }
    }
}

fn is_lowercase_of(lower: &str, value: &str) -> bool {
    if value.is_ascii() { value.eq_ignore_ascii_case(lower) } else { value.to_lowercase() == lower }
}

fn is_owner(relation: &Relation) -> bool {
    relation.kind == RelationType::OwnedBy
}

fn is_system(relation: &Relation) -> bool {
    relation.kind == RelationType::PartOf && relation.target.kind() == "system"
}

/// Reads the values that a record has for a field.
pub(crate) fn values_of(record: &EntityRecord, field: &Field) -> FieldValues {
    let mut values = FieldValues::default();
    match field {
        Field::Path(path) => read_path(record, path, &mut |value| values.add(value)),
        Field::Smallest(path) => {
            let mut smallest: Option<String> = None;
            read_path(record, path, &mut |value| {
                if let Some(value) = value.filter(|text| is_short(text)).map(str::to_lowercase)
                    && smallest.as_ref().is_none_or(|other| value < *other)
                {
                    smallest = Some(value);
                }
            });
            if let Some(smallest) = smallest {
                values = FieldValues::One(Some(smallest.into()));
            }
        }
        Field::DisplayName => values.add(Some(&display_name(record))),
        Field::CreatedAt => values.add(Some(&instant(record.created_at))),
        Field::UpdatedAt => values.add(Some(&instant(record.updated_at))),
        Field::Source => values.add(Some(&record.source.to_string())),
        Field::Words => words_of(record, &mut |word| values.add(Some(word))),
        Field::Owner => values = std::mem::take(&mut Extracted::read(record).values[6]),
        Field::System => values = std::mem::take(&mut Extracted::read(record).values[7]),
        // Relations are read from the nodes, where both directions are.
        Field::Relation(_) => {}
    }
    values
}

/// Returns the value that a list is ordered by, lower case, or `None` when the entity has none.
pub(crate) fn sort_value<'r>(record: &'r EntityRecord, field: &Field) -> Option<Cow<'r, str>> {
    let entity_ref: &EntityRef = &record.entity_ref;
    if let Field::Path(path) = field {
        match &**path {
            "kind" => return Some(Cow::Borrowed(entity_ref.kind())),
            "metadata.namespace" => return Some(Cow::Borrowed(entity_ref.namespace())),
            "metadata.name" => return Some(Cow::Borrowed(entity_ref.name())),
            _ => {}
        }
    }
    values_of(record, field).first().map(|value| Cow::Owned(value.to_lowercase()))
}

/// Returns an instant as text whose order is time order.
pub(crate) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Returns the title, or else the name, cut to what an index keeps.
fn display_name(record: &EntityRecord) -> String {
    let mut title = None;
    let mut name = None;
    let outcome = collect(&record.document, &["metadata.title", "metadata.name"], false, &mut |path, value| {
        let place = if path == 0 { &mut title } else { &mut name };
        if let (None, Some(value)) = (&place, value) {
            *place = Some(value.chars().take(MAX_VALUE_CHARS).collect::<String>());
        }
    });
    let found = if outcome.is_ok() { title.or(name) } else { None };
    found.unwrap_or_else(|| record.entity_ref.name().to_owned())
}

fn read_path(record: &EntityRecord, path: &str, visit: &mut dyn FnMut(Option<&str>)) {
    let mut found: Vec<Option<String>> = Vec::new();
    // Nothing is kept of a document that turns out to be unreadable half-way, so that it looks the same to every index.
    if collect(&record.document, &[path], false, &mut |_, value| found.push(value.map(str::to_owned))).is_ok() {
        for value in &found {
            visit(value.as_deref());
        }
    }
}

#[cfg(test)]
mod tests;

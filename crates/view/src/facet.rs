//! Facets: how often each value of a field occurs in a selection.
//!
//! Owns counting. The whole selection is counted, not a page of it.

use std::{cmp::Ordering, collections::HashMap};

use callboard_entity_model::RelationType;
use roaring::RoaringBitmap;

use crate::{CatalogIndex, FieldPath, QueryError, Selection, extract::values_of, field::Field, postings::Postings};

/// How often each value of a field occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The field as asked for.
    pub field: String,
    /// The most frequent values, most frequent first, then by value.
    pub values: Vec<FacetValue>,
    /// The counts of all further values together.
    pub other_count: u64,
}

/// A value and how many entities have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// The value as written; differently written values are counted apart.
    pub value: String,
    /// How many entities of the selection have it.
    pub count: u64,
}

/// Below this many entities, reading their documents is quicker than counting through a field of many values.
const FEW_ENTITIES: u64 = 64;

/// A field of fewer values than this is always counted through.
const FEW_VALUES: usize = 2_000;

impl CatalogIndex {
    /// Counts the values of a field over a selection of this snapshot, at most `limit` of them one by one. Lists count
    /// once for each of their elements.
    ///
    /// # Errors
    /// When `field` is not a [`FieldPath`].
    pub fn facet(&self, selection: &Selection, field: &str, limit: usize) -> Result<Facet, QueryError> {
        let path = FieldPath::parse(field)?;
        let counts = match &path.0 {
            Field::Relation(kind) => Counts::of_relation(self, selection, *kind, limit),
            path => {
                let index = self.field_index(path);
                if selection.len() < FEW_ENTITIES && index.value_count() > FEW_VALUES {
                    Counts::of_documents(self, selection, path, limit)
                } else {
                    let bits = selection.bits();
                    let mut counts = Counts::new(limit);
                    for (value, postings) in index.values() {
                        counts.add(value.written(), postings.count_in(&selection.ids, bits));
                    }
                    counts
                }
            }
        };
        Ok(counts.into_facet(field))
    }
}

/// The most frequent values seen so far.
struct Counts {
    limit: usize,
    values: Vec<(u64, String)>,
    other: u64,
    /// What a value has to reach to be kept, once there are enough.
    bar: u64,
}

impl Counts {
    fn new(limit: usize) -> Self {
        Self { limit, values: Vec::new(), other: 0, bar: 0 }
    }

    /// Counts one value; it must not have been counted before.
    fn add(&mut self, value: &str, count: u64) {
        if count == 0 {
            return;
        }
        if count < self.bar {
            self.other += count;
            return;
        }
        self.values.push((count, value.to_owned()));
        // Cutting at twice the limit keeps the work per value constant.
        if self.values.len() > self.limit.saturating_mul(2).saturating_add(16) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        self.values.sort_unstable_by(most_frequent_first);
        self.other += self.values.iter().skip(self.limit).map(|(count, _)| count).sum::<u64>();
        self.values.truncate(self.limit);
        self.bar = self.values.last().map_or(u64::MAX, |(count, _)| *count);
    }

    fn into_facet(mut self, field: &str) -> Facet {
        self.cut();
        let values = self.values.into_iter().map(|(count, value)| FacetValue { value, count }).collect();
        Facet { field: field.to_owned(), values, other_count: self.other }
    }

    fn of_documents(index: &CatalogIndex, selection: &Selection, field: &Field, limit: usize) -> Self {
        let mut by_value: HashMap<String, u64> = HashMap::new();
        for record in selection.ids.iter().filter_map(|id| index.node(id)?.record.as_ref()) {
            for value in values_of(record, field).iter().flatten() {
                *by_value.entry(value.to_owned()).or_default() += 1;
            }
        }
        let mut counts = Self::new(limit);
        by_value.into_iter().for_each(|(value, count)| counts.add(&value, count));
        counts
    }

    fn of_relation(index: &CatalogIndex, selection: &Selection, kind: RelationType, limit: usize) -> Self {
        let mut counts = Self::new(limit);
        let bits = selection.bits();
        let inverse = kind.inverse();
        for target in &*index.targeted[kind as usize] | &*index.declaring[inverse as usize] {
            let Some(node) = index.node(target) else { continue };
            let count = match (node.sources(kind), node.targets(inverse).next()) {
                (Some(sources), None) => sources.count_in(&selection.ids, bits),
                (sources, _) => {
                    let mut related: RoaringBitmap = node.targets(inverse).collect();
                    if let Some(sources) = sources {
                        Postings::add_to(sources, &mut related);
                    }
                    related.intersection_len(&selection.ids)
                }
            };
            counts.add(node.entity_ref.as_str(), count);
        }
        counts
    }
}

fn most_frequent_first(left: &(u64, String), right: &(u64, String)) -> Ordering {
    right.0.cmp(&left.0).then_with(|| left.1.cmp(&right.1))
}

//! Walking a set of entities in order, from a place on.
//!
//! Owns the choice between the two ways: sorting a small set, and going along the values of an index in order, taking
//! from each those that are in the set. A value that many entities share is ordered by the next sort key in the same
//! way, and at last by reference.

use std::{borrow::Cow, cmp::Ordering, ops::Bound, sync::Arc};

use callboard_entity_model::EntityRef;
use roaring::RoaringBitmap;

use crate::{
    CatalogIndex, EntityRecord,
    cursor::Position,
    extract::sort_value,
    field::Field,
    field_index::{FieldIndex, FieldKey},
    order::SortKey,
    postings::Postings,
};

/// A walk in one order and one direction.
pub(super) struct Walk<'i> {
    index: &'i CatalogIndex,
    keys: &'i [SortKey],
    /// One per key.
    fields: Vec<FieldIndex>,
    is_backward: bool,
}

/// One entity of a set that is being sorted.
struct Sorted<'i> {
    values: Vec<Option<Cow<'i, str>>>,
    record: &'i EntityRecord,
    id: u32,
}

/// What it costs to read one value out of a document, or a reference, compared with one step along an index.
const COST_OF_DOCUMENT: u64 = 60;
const COST_OF_REFERENCE: u64 = 8;

/// Fewer than this are always sorted.
const ALWAYS_SORTED: u64 = 8;

impl<'i> Walk<'i> {
    pub(super) fn new(index: &'i CatalogIndex, keys: &'i Arc<[SortKey]>, is_backward: bool) -> Self {
        let fields = keys.iter().map(|key| index.field_index(&key.field)).collect();
        Self { index, keys, fields, is_backward }
    }

    /// Returns the first `limit` entities of `ids` after `start`, in walking order.
    pub(super) fn take(&self, ids: &RoaringBitmap, start: Option<&Position>, limit: usize) -> Vec<u32> {
        let mut taken = Vec::new();
        if limit > 0 {
            self.walk(0, ids, start, limit, &mut taken);
        }
        taken
    }

    /// Walks a set whose values of the keys before `depth` are all equal.
    fn walk(&self, depth: usize, ids: &RoaringBitmap, start: Option<&Position>, limit: usize, taken: &mut Vec<u32>) {
        if self.is_cheaper_to_sort(depth, ids.len(), limit - taken.len()) {
            return self.sort(depth, ids, start, limit, taken);
        }
        let Some(field) = self.fields.get(depth) else {
            return self.by_reference(ids, start, limit, taken);
        };
        let start_value = start.map(|start| start.values[depth].as_deref());
        // Entities without a value come last, so first when walking backward.
        if self.is_backward {
            if matches!(start_value, None | Some(None)) {
                self.walk_missing(depth, ids, start, limit, taken);
            }
            self.walk_values(depth, ids, start.filter(|_| start_value != Some(None)), limit, taken);
        } else {
            if start_value != Some(None) {
                self.walk_values(depth, ids, start, limit, taken);
            }
            if taken.len() < limit && ids.len() > field.valued().intersection_len(ids) {
                self.walk_missing(depth, ids, start.filter(|_| start_value == Some(None)), limit, taken);
            }
        }
    }

    fn walk_missing(
        &self,
        depth: usize,
        ids: &RoaringBitmap,
        start: Option<&Position>,
        limit: usize,
        taken: &mut Vec<u32>,
    ) {
        let missing = ids - self.fields[depth].valued();
        if !missing.is_empty() {
            self.walk(depth + 1, &missing, start, limit, taken);
        }
    }

    fn walk_values(
        &self,
        depth: usize,
        ids: &RoaringBitmap,
        start: Option<&Position>,
        limit: usize,
        taken: &mut Vec<u32>,
    ) {
        let field = &self.fields[depth];
        let from = start.and_then(|start| start.values[depth].as_deref());
        let values: Box<dyn Iterator<Item = (&FieldKey, &Postings)>> =
            match (from, self.keys[depth].is_descending != self.is_backward) {
                (None, false) => Box::new(field.values()),
                (None, true) => Box::new(field.values().rev()),
                (Some(from), false) => Box::new(field.values_from(from)),
                (Some(from), true) => Box::new(field.values_down_from(from)),
            };
        let mut values = values.peekable();
        while let Some((value, postings)) = values.next() {
            if taken.len() >= limit {
                return;
            }
            let start = start.filter(|_| from == Some(value.lower()));
            let mut group = Group::default();
            group.add(postings, ids);
            // Differently written values that are equal in lower case are one group.
            while let Some((_, postings)) = values.next_if(|(next, _)| next.lower() == value.lower()) {
                group.add(postings, ids);
            }
            match group {
                Group::None => {}
                Group::One(id) => self.take_one(depth + 1, id, start, taken),
                Group::Many(group) => self.walk(depth + 1, &group, start, limit, taken),
            }
        }
    }

    fn take_one(&self, depth: usize, id: u32, start: Option<&Position>, taken: &mut Vec<u32>) {
        if start.is_none() {
            taken.push(id);
        } else if let Some(start) = start
            && let Some(one) = self.sorted(depth, id)
            && self.compare_with(depth, &one, start) == Ordering::Greater
        {
            taken.push(id);
        }
    }

    /// Walks along the references. Those of a kind stand together, so kinds that the set has nothing of are skipped.
    fn by_reference(&self, ids: &RoaringBitmap, start: Option<&Position>, limit: usize, taken: &mut Vec<u32>) {
        let start = start.map(|start| &start.entity_ref);
        for (first, end) in self.kind_ranges(ids) {
            let wanted = limit - taken.len();
            let keep = |(_, id): (&EntityRef, &u32)| ids.contains(*id).then_some(*id);
            if self.is_backward {
                let end = start.map_or(end.as_str(), |start| start.as_str().min(&end));
                if first.as_str() < end {
                    let refs = self.index.refs.range::<_, str>((Bound::Included(&*first), Bound::Excluded(end)));
                    taken.extend(refs.rev().filter_map(keep).take(wanted));
                }
            } else {
                let begin = match start {
                    Some(start) if start.as_str() >= first.as_str() => Bound::Excluded(start.as_str()),
                    _ => Bound::Included(&*first),
                };
                if start.is_none_or(|start| start.as_str() < end.as_str()) {
                    let refs = self.index.refs.range::<_, str>((begin, Bound::Excluded(&*end)));
                    taken.extend(refs.filter_map(keep).take(wanted));
                }
            }
            if taken.len() >= limit {
                return;
            }
        }
    }

    /// Returns where the references of each kind in a set begin and end, in walking order.
    fn kind_ranges(&self, ids: &RoaringBitmap) -> Vec<(String, String)> {
        let kinds = self.index.field_index(&Field::path("kind"));
        let mut ranges: Vec<(String, String)> = kinds
            .values()
            .filter(|(_, postings)| postings.is_any_in(ids))
            // The character after the colon that ends the kind.
            .map(|(kind, _)| (format!("{}:", kind.lower()), format!("{};", kind.lower())))
            .collect();
        ranges.sort_unstable();
        ranges.dedup();
        if self.is_backward {
            ranges.reverse();
        }
        ranges
    }

    fn is_cheaper_to_sort(&self, depth: usize, count: u64, limit: usize) -> bool {
        if count <= ALWAYS_SORTED {
            return true;
        }
        let cost_of_value = |key: &SortKey| if is_in_reference(&key.field) { 0 } else { COST_OF_DOCUMENT };
        let cost_of_one: u64 = COST_OF_REFERENCE + self.keys[depth..].iter().map(cost_of_value).sum::<u64>();
        // Spread evenly, one of so many steps along the index meets an entity of the set.
        let steps_per_find = self.index.refs.len() as u64 / count + 1;
        count * cost_of_one < (limit as u64).min(count) * steps_per_find
    }

    fn sort(&self, depth: usize, ids: &RoaringBitmap, start: Option<&Position>, limit: usize, taken: &mut Vec<u32>) {
        let mut all: Vec<Sorted<'_>> = ids.iter().filter_map(|id| self.sorted(depth, id)).collect();
        if let Some(start) = start {
            all.retain(|one| self.compare_with(depth, one, start) == Ordering::Greater);
        }
        all.sort_unstable_by(|left, right| self.compare(depth, left, right));
        taken.extend(all.iter().take(limit - taken.len()).map(|one| one.id));
    }

    fn sorted(&self, depth: usize, id: u32) -> Option<Sorted<'i>> {
        let record: &'i EntityRecord = self.index.node(id)?.record.as_ref()?;
        let values = self.keys[depth..].iter().map(|key| sort_value(record, &key.field)).collect();
        Some(Sorted { values, record, id })
    }

    fn compare(&self, depth: usize, left: &Sorted<'_>, right: &Sorted<'_>) -> Ordering {
        let mut ordering = Ordering::Equal;
        for (place, key) in self.keys[depth..].iter().enumerate() {
            let values = (left.values[place].as_deref(), right.values[place].as_deref());
            ordering = ordering.then_with(|| self.compare_values(key, values.0, values.1));
        }
        ordering.then_with(|| self.turned(left.record.entity_ref.cmp(&right.record.entity_ref)))
    }

    fn compare_with(&self, depth: usize, one: &Sorted<'_>, place: &Position) -> Ordering {
        let mut ordering = Ordering::Equal;
        for (at, key) in self.keys.iter().enumerate().skip(depth) {
            let values = (one.values[at - depth].as_deref(), place.values[at].as_deref());
            ordering = ordering.then_with(|| self.compare_values(key, values.0, values.1));
        }
        ordering.then_with(|| self.turned(one.record.entity_ref.cmp(&place.entity_ref)))
    }

    fn compare_values(&self, key: &SortKey, left: Option<&str>, right: Option<&str>) -> Ordering {
        match (left, right) {
            (Some(left), Some(right)) if key.is_descending => self.turned(right.cmp(left)),
            (Some(left), Some(right)) => self.turned(left.cmp(right)),
            (None, None) => Ordering::Equal,
            (None, Some(_)) => self.turned(Ordering::Greater),
            (Some(_), None) => self.turned(Ordering::Less),
        }
    }

    fn turned(&self, ordering: Ordering) -> Ordering {
        if self.is_backward { ordering.reverse() } else { ordering }
    }
}

/// The entities of a set that share a value.
#[derive(Default)]
enum Group {
    #[default]
    None,
    One(u32),
    Many(RoaringBitmap),
}

impl Group {
    fn add(&mut self, postings: &Postings, ids: &RoaringBitmap) {
        if let Postings::Many(many) = postings {
            let common = &**many & ids;
            match self {
                Self::None => *self = Self::Many(common),
                Self::One(one) => {
                    let mut common = common;
                    common.insert(*one);
                    *self = Self::Many(common);
                }
                Self::Many(set) => *set |= common,
            }
            return;
        }
        for id in postings.iter().filter(|id| ids.contains(*id)) {
            match self {
                Self::None => *self = Self::One(id),
                Self::One(one) => *self = Self::Many([*one, id].into_iter().collect()),
                Self::Many(set) => {
                    set.insert(id);
                }
            }
        }
    }
}

/// Returns whether the value stands in the reference, so that no document has to be read for it.
fn is_in_reference(field: &Field) -> bool {
    matches!(field, Field::Path(path) if matches!(&**path, "kind" | "metadata.namespace" | "metadata.name"))
}

//! The index of one field: which entities have which value.
//!
//! Owns the sorted values with their entities, and keeping them right as values change. Where the values come from is
//! `crate::extract`'s work.

use std::{collections::HashMap, ops::Bound, sync::Arc};

use imbl::OrdMap;
use roaring::RoaringBitmap;

use crate::{TextTest, extract::FieldValues, postings::Postings};

/// A value: sorted by its lower case, kept as written too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FieldKey {
    lower: Arc<str>,
    /// `None` when the value is written in lower case.
    written: Option<Arc<str>>,
}

impl FieldKey {
    fn new(value: &str) -> Self {
        let lower = value.to_lowercase();
        let written = (lower != value).then(|| value.into());
        Self { lower: lower.into(), written }
    }

    fn from_shared(value: Arc<str>) -> Self {
        if value.is_ascii() && !value.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Self { lower: value, written: None };
        }
        Self::new(&value)
    }

    /// The smallest key of this lower-case value.
    fn first_of(lower: &str) -> Self {
        Self { lower: lower.into(), written: None }
    }

    pub(crate) fn lower(&self) -> &str {
        &self.lower
    }

    pub(crate) fn written(&self) -> &str {
        self.written.as_deref().unwrap_or(&self.lower)
    }
}

/// Which entities have which value of one field.
#[derive(Debug, Clone, Default)]
pub(crate) struct FieldIndex {
    values: OrdMap<FieldKey, Postings>,
    /// Who has any value.
    valued: Arc<RoaringBitmap>,
    /// Who has the field with something in it that is no value: a null, or a text too long.
    unvalued: Arc<RoaringBitmap>,
}

impl FieldIndex {
    /// Changes the values of one entity.
    pub(crate) fn replace(&mut self, id: u32, old: &FieldValues, new: &FieldValues) {
        if old == new {
            return;
        }
        for value in old.iter().flatten().filter(|value| !new.contains(Some(value))) {
            let key = FieldKey::new(value);
            if self.values.get_mut(&key).is_some_and(|ids| ids.remove(id)) {
                self.values.remove(&key);
            }
        }
        for value in new.iter().flatten().filter(|value| !old.contains(Some(value))) {
            let key = FieldKey::new(value);
            match self.values.get_mut(&key) {
                Some(ids) => ids.insert(id),
                None => {
                    self.values.insert(key, Postings::One(id));
                }
            }
        }
        set_member(&mut self.valued, id, old.first().is_some(), new.first().is_some());
        set_member(&mut self.unvalued, id, old.contains(None), new.contains(None));
    }

    /// Returns who has any value.
    pub(crate) fn valued(&self) -> &RoaringBitmap {
        &self.valued
    }

    /// Returns every value with its entities, in order.
    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = (&FieldKey, &Postings)> {
        self.values.iter()
    }

    /// Returns how many values there are, differently written ones counted apart.
    pub(crate) fn value_count(&self) -> usize {
        self.values.len()
    }

    /// Returns the values from this lower-case one on, it included.
    pub(crate) fn values_from(&self, lower: &str) -> impl Iterator<Item = (&FieldKey, &Postings)> {
        self.values.range(FieldKey::first_of(lower)..)
    }

    /// Returns the values up to this lower-case one, it included, last first.
    pub(crate) fn values_down_from(&self, lower: &str) -> impl Iterator<Item = (&FieldKey, &Postings)> {
        // The next text after `lower` is `lower` and a zero character.
        let end = FieldKey::first_of(&format!("{lower}\0"));
        self.values.range((Bound::Unbounded, Bound::Excluded(end))).rev()
    }

    /// Returns who passes a test.
    pub(crate) fn matching(&self, test: &TextTest, live: &Arc<RoaringBitmap>) -> Arc<RoaringBitmap> {
        match test {
            TextTest::Equals(value) => {
                let lower = value.to_lowercase();
                union(self.values_from(&lower).take_while(|(key, _)| key.lower() == lower))
            }
            TextTest::In(values) => {
                let mut ids = RoaringBitmap::new();
                for value in values {
                    let lower = value.to_lowercase();
                    self.values_from(&lower)
                        .take_while(|(key, _)| key.lower() == lower)
                        .for_each(|(_, postings)| postings.add_to(&mut ids));
                }
                Arc::new(ids)
            }
            TextTest::StartsWith(start) => {
                let lower = start.to_lowercase();
                union(self.values_from(&lower).take_while(|(key, _)| key.lower().starts_with(&lower)))
            }
            TextTest::Contains(part) => {
                let lower = part.to_lowercase();
                union(self.values().filter(|(key, _)| key.lower().contains(&lower)))
            }
            TextTest::Exists(true) if self.unvalued.is_empty() => Arc::clone(&self.valued),
            TextTest::Exists(true) => Arc::new(&*self.valued | &*self.unvalued),
            TextTest::Exists(false) => Arc::new(&(&**live - &*self.valued) - &*self.unvalued),
        }
    }
}

fn set_member(set: &mut Arc<RoaringBitmap>, id: u32, was: bool, is: bool) {
    if was != is {
        let set = Arc::make_mut(set);
        if is {
            set.insert(id)
        } else {
            set.remove(id)
        };
    }
}

/// Unites the entities of values; of a single value, without copying.
fn union<'v>(mut values: impl Iterator<Item = (&'v FieldKey, &'v Postings)>) -> Arc<RoaringBitmap> {
    let Some((_, first)) = values.next() else {
        return Arc::default();
    };
    let Some((_, second)) = values.next() else {
        return first.to_bitmap();
    };
    let mut ids = RoaringBitmap::new();
    first.add_to(&mut ids);
    second.add_to(&mut ids);
    values.for_each(|(_, postings)| postings.add_to(&mut ids));
    Arc::new(ids)
}

/// Makes the index of a field from many entities at once; ids come in ascending order.
#[derive(Debug, Default)]
pub(crate) struct FieldIndexBuilder {
    places: HashMap<Arc<str>, u32>,
    lists: Vec<(Arc<str>, List)>,
    /// Where the value added last stands: entities come sorted, so neighbours often share it.
    last: usize,
    valued: RoaringBitmap,
    unvalued: RoaringBitmap,
}

/// The entities of a value; most values of some fields have one only.
#[derive(Debug)]
enum List {
    One(u32),
    Several(Vec<u32>),
}

impl List {
    fn push(&mut self, id: u32) {
        match self {
            Self::One(first) => *self = Self::Several(vec![*first, id]),
            Self::Several(ids) => ids.push(id),
        }
    }

    fn into_postings(self) -> Option<Postings> {
        match self {
            Self::One(id) => Some(Postings::One(id)),
            Self::Several(ids) => Postings::from_sorted(ids),
        }
    }
}

impl FieldIndexBuilder {
    pub(crate) fn add(&mut self, id: u32, values: &FieldValues) {
        for value in values.iter() {
            let Some(value) = value else {
                self.unvalued.insert(id);
                continue;
            };
            self.valued.insert(id);
            if let Some((last, list)) = self.lists.get_mut(self.last)
                && **last == *value
            {
                list.push(id);
                continue;
            }
            if let Some(place) = self.places.get(value) {
                self.last = *place as usize;
                self.lists[self.last].1.push(id);
            } else {
                let value: Arc<str> = value.into();
                self.last = self.lists.len();
                self.places.insert(Arc::clone(&value), self.last as u32);
                self.lists.push((value, List::One(id)));
            }
        }
    }

    pub(crate) fn finish(self) -> FieldIndex {
        drop(self.places);
        let to_entry = |(value, list): (Arc<str>, List)| Some((FieldKey::from_shared(value), list.into_postings()?));
        let mut values: Vec<(FieldKey, Postings)> = self.lists.into_iter().filter_map(to_entry).collect();
        values.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        FieldIndex {
            values: values.into_iter().collect(),
            valued: Arc::new(self.valued),
            unvalued: Arc::new(self.unvalued),
        }
    }
}

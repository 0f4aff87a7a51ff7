//! Which object types a position of a document can have.
//!
//! Owns sets of object types, and which of them each name stands for.

use std::collections::HashMap;

use apollo_compiler::{Name, Schema, schema::ExtendedType};

/// A set of object types of one schema.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct TypeSet(Vec<u64>);

impl TypeSet {
    fn empty(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn insert(&mut self, index: usize) {
        self.0[index / 64] |= 1 << (index % 64);
    }

    /// Returns whether a type is in the set.
    pub(super) fn contains(&self, index: usize) -> bool {
        self.0[index / 64] & (1 << (index % 64)) != 0
    }

    /// Returns whether no type is in the set.
    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Returns the types that are in both sets.
    pub(super) fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(left, right)| left & right).collect())
    }

    /// Returns the types of the set, as numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.0.len() * 64).filter(|index| self.contains(*index))
    }
}

/// The object types behind each name of a schema.
#[derive(Debug)]
pub(super) struct Types {
    possible: HashMap<Name, TypeSet>,
    none: TypeSet,
}

impl Types {
    /// Reads them from a schema.
    pub(super) fn new(schema: &Schema) -> Self {
        let objects = schema.types.values().filter_map(|definition| match definition {
            ExtendedType::Object(object) => Some(object),
            _ => None,
        });
        let numbers: HashMap<_, _> = objects.clone().enumerate().map(|(index, object)| (&object.name, index)).collect();
        let none = TypeSet::empty(numbers.len());
        let mut possible: HashMap<Name, TypeSet> = HashMap::new();
        let mut add = |name: &Name, index| possible.entry(name.clone()).or_insert_with(|| none.clone()).insert(index);
        for object in objects {
            let index = numbers[&object.name];
            add(&object.name, index);
            object.implements_interfaces.iter().for_each(|interface| add(&interface.name, index));
        }
        for definition in schema.types.values() {
            if let ExtendedType::Union(union) = definition {
                let members = union.members.iter().filter_map(|member| numbers.get(&member.name));
                members.for_each(|index| add(&union.name, *index));
            }
        }
        Self { possible, none }
    }

    /// Returns the object types that a name stands for.
    pub(super) fn possible(&self, name: &str) -> &TypeSet {
        self.possible.get(name).unwrap_or(&self.none)
    }
}

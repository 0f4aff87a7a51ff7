//! Fields that meet under one name: they must have the same arguments.
//!
//! Owns the comparison of lists among arguments (<https://spec.graphql.org/September2025/#FieldsInSetCanMerge()>):
//! apollo-compiler, which checks everything else about such fields, takes `[1, 2]` and `[1]` for the same.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use apollo_compiler::{
    ExecutableDocument, Node, Schema,
    ast::Value,
    executable::{Field, Selection, SelectionSet},
};

use crate::{Fault, validate::fault_at};

/// The most fields that are looked at in one document; each is looked at once for every set of fields that it meets.
const MAX_STEPS: usize = 50_000;

/// Returns which fields meet that must not.
pub(super) fn check(schema: &Schema, document: &ExecutableDocument) -> Vec<Fault> {
    let mut merge = Merge { schema, document, known: HashSet::new(), steps: 0, faults: Vec::new() };
    if !merge.has_lists() {
        return Vec::new();
    }
    for operation in document.operations.iter() {
        merge.meet(&[&operation.selection_set]);
    }
    if merge.steps > MAX_STEPS {
        return vec![Fault::new("the document has too many fields that meet under one name")];
    }
    merge.faults
}

/// A field, and whether only objects of one type have it, and of which.
#[derive(Clone, Copy)]
struct Met<'a> {
    field: &'a Node<Field>,
    object: Option<&'a str>,
}

struct Merge<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    /// Sets of fields that were compared.
    known: HashSet<Vec<*const Field>>,
    steps: usize,
    faults: Vec<Fault>,
}

impl<'a> Merge<'a> {
    /// Returns whether any argument of a field has a list, without which there is nothing to compare here.
    fn has_lists(&self) -> bool {
        fn in_set(set: &SelectionSet) -> bool {
            set.selections.iter().any(|selection| match selection {
                Selection::Field(field) => {
                    field.arguments.iter().any(|argument| in_value(&argument.value)) || in_set(&field.selection_set)
                }
                Selection::InlineFragment(inline) => in_set(&inline.selection_set),
                Selection::FragmentSpread(_) => false,
            })
        }
        fn in_value(value: &Value) -> bool {
            match value {
                Value::List(_) => true,
                Value::Object(fields) => fields.iter().any(|(_, value)| in_value(value)),
                _ => false,
            }
        }
        let fragments = self.document.fragments.values().map(|fragment| &fragment.selection_set);
        self.document.operations.iter().map(|operation| &operation.selection_set).chain(fragments).any(in_set)
    }

    /// Compares the fields of selection sets that are answered as one object.
    fn meet(&mut self, sets: &[&'a SelectionSet]) {
        let mut groups: BTreeMap<&'a str, Vec<Met<'a>>> = BTreeMap::new();
        let mut fragments = HashSet::new();
        for set in sets {
            self.collect(set, &mut groups, &mut fragments);
        }
        for group in groups.into_values() {
            self.steps += group.len();
            // A field whose parent may be of several types meets those of each; two objects are never the same.
            let objects: BTreeSet<_> = group.iter().filter_map(|met| met.object).collect();
            let of = |object| group.iter().filter(move |met| met.object.is_none() || met.object == object);
            if objects.is_empty() {
                self.compare(&group);
            }
            for object in objects {
                self.compare(&of(Some(object)).copied().collect::<Vec<_>>());
            }
        }
    }

    /// Compares fields that are answered as one, and what is below them.
    fn compare(&mut self, group: &[Met<'a>]) {
        let mut fields: Vec<_> = group.iter().map(|met| met.field).collect();
        fields.sort_by_key(|field| std::ptr::from_ref::<Field>(field));
        fields.dedup_by_key(|field| std::ptr::from_ref::<Field>(field));
        let key = fields.iter().map(|field| std::ptr::from_ref::<Field>(field)).collect();
        if self.steps > MAX_STEPS || !self.known.insert(key) {
            return;
        }
        let Some((first, others)) = fields.split_first() else { return };
        if let Some(other) = others.iter().find(|other| !has_same_arguments(first, other)) {
            let name = first.response_key();
            let message = format!("fields meet under the name `{name}` with different arguments; give one an alias");
            self.faults.push(fault_at(&self.document.sources, other.location(), message));
        }
        let sets: Vec<_> = fields.iter().map(|field| &field.selection_set).collect();
        self.meet(&sets);
    }

    fn collect(
        &self,
        set: &'a SelectionSet,
        groups: &mut BTreeMap<&'a str, Vec<Met<'a>>>,
        fragments: &mut HashSet<&'a str>,
    ) {
        let is_object = self.schema.types.get(&set.ty).is_some_and(|ty| ty.is_object());
        let object = is_object.then_some(set.ty.as_str());
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    groups.entry(field.response_key().as_str()).or_default().push(Met { field, object });
                }
                Selection::InlineFragment(inline) => self.collect(&inline.selection_set, groups, fragments),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name)
                        && fragments.insert(fragment.name.as_str())
                    {
                        self.collect(&fragment.selection_set, groups, fragments);
                    }
                }
            }
        }
    }
}

fn has_same_arguments(left: &Field, right: &Field) -> bool {
    let find = |name| right.arguments.iter().find(|argument| argument.name == name);
    left.arguments.len() == right.arguments.len()
        && left
            .arguments
            .iter()
            .all(|argument| find(argument.name.as_str()).is_some_and(|other| is_same(&argument.value, &other.value)))
}

fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::List(left), Value::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let find = |name| right.iter().find(|(other, _)| other == name);
            left.len() == right.len()
                && left.iter().all(|(name, value)| find(name).is_some_and(|(_, other)| is_same(value, other)))
        }
        _ => left == right,
    }
}

//! The order of the fields of an answer.
//!
//! Owns putting them into the order in which they were asked for, as the specification wants it
//! (<https://spec.graphql.org/September2025/#sec-Serialized-Map-Ordering>). The executor has fields that waited for
//! something in the order in which they came.

use std::collections::HashMap;

use async_graphql::{
    Name, Value,
    parser::types::{Selection, SelectionSet},
};

/// Puts the fields of every object into order.
pub(super) fn restore(data: &mut Value, set: &SelectionSet) {
    restore_in(data, &[set]);
}

fn restore_in(value: &mut Value, sets: &[&SelectionSet]) {
    match value {
        Value::List(items) => items.iter_mut().for_each(|item| restore_in(item, sets)),
        Value::Object(fields) => {
            let mut places = HashMap::new();
            let mut below: HashMap<&str, Vec<&SelectionSet>> = HashMap::new();
            for set in sets {
                look(set, &mut places, &mut below);
            }
            fields
                .sort_by(|left: &Name, _, right: &Name, _| places.get(left.as_str()).cmp(&places.get(right.as_str())));
            for (key, field) in fields.iter_mut() {
                if let Some(sets) = below.get(key.as_str()) {
                    restore_in(field, sets);
                }
            }
        }
        _ => {}
    }
}

fn look<'q>(
    set: &'q SelectionSet,
    places: &mut HashMap<&'q str, usize>,
    below: &mut HashMap<&'q str, Vec<&'q SelectionSet>>,
) {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => {
                let key = field.node.response_key().node.as_str();
                let next = places.len();
                places.entry(key).or_insert(next);
                if !field.node.selection_set.node.items.is_empty() {
                    below.entry(key).or_default().push(&field.node.selection_set.node);
                }
            }
            Selection::InlineFragment(inline) => look(&inline.node.selection_set.node, places, below),
            Selection::FragmentSpread(_) => {}
        }
    }
}

#[cfg(test)]
mod tests;

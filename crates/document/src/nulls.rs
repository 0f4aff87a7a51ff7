//! Where null belongs when a field failed.
//!
//! Owns the walk from a failed field to the nearest place that may be null, the field itself first
//! (<https://spec.graphql.org/September2025/#sec-Handling-Execution-Errors>).

use std::collections::HashSet;

use apollo_compiler::{
    ExecutableDocument,
    ast::Type,
    executable::{Field, Selection, SelectionSet},
};

use crate::{Document, Operation};

/// One step of the path of an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathStep<'a> {
    /// A field by the name that it has in the answer.
    Key(&'a str),
    /// An item of a list.
    Index(usize),
}

impl Document {
    /// Returns how many steps of an error's path lead to the value that becomes null; 0 when it is the whole answer.
    #[must_use]
    pub fn null_place(&self, operation: &Operation, path: &[PathStep<'_>]) -> usize {
        let mut sets = vec![&operation.node.selection_set];
        let mut place = 0;
        let mut ty: Option<&Type> = None;
        for (at, step) in path.iter().enumerate() {
            ty = match (step, ty) {
                (PathStep::Key(key), _) => {
                    let mut fields = Vec::new();
                    let mut visited = HashSet::new();
                    sets.iter().for_each(|set| find(&self.valid, set, key, &mut visited, &mut fields));
                    let Some(first) = fields.first() else { return place };
                    sets = fields.iter().map(|field| &field.selection_set).collect();
                    Some(&first.definition.ty)
                }
                (PathStep::Index(_), Some(list)) if list.is_list() => Some(list.item_type()),
                (PathStep::Index(_), _) => return place,
            };
            if ty.is_some_and(|ty| !ty.is_non_null()) {
                place = at + 1;
            }
        }
        place
    }
}

/// Finds the fields of one key. The document is valid: all of them may be null, or none.
fn find<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    key: &str,
    visited: &mut HashSet<&'a str>,
    found: &mut Vec<&'a Field>,
) {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) if field.response_key().as_str() == key => found.push(field),
            Selection::Field(_) => {}
            Selection::InlineFragment(inline) => find(document, &inline.selection_set, key, visited, found),
            Selection::FragmentSpread(spread) => {
                // Each fragment once, however often it is spread: there may be billions of ways to it.
                if let Some(fragment) = document.fragments.get(&spread.fragment_name)
                    && visited.insert(fragment.name.as_str())
                {
                    find(document, &fragment.selection_set, key, visited, found);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;

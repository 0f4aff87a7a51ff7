//! What a subscription asks for, in a few bytes: whoever asks the same can be told the same.
//!
//! Owns which parts of a request make a difference to what an event looks like. Where somebody starts makes none, so that
//! those who come back with different cursors are told the same again.

use async_graphql::{
    Positioned,
    parser::types::{Directive, Field, Selection, SelectionSet},
};
use async_graphql_value::Value;
use sha2::{Digest, Sha256};

use crate::executor::Prepared;

/// Arguments of the root field that say where and when, and not what.
const WHERE_AND_WHEN: [&str; 2] = ["after", "checkpointSeconds"];

/// Stands for a question. Two of them are equal when document, operation and variables are, as surely as two of their
/// hashes differ otherwise. Nobody can sign in yet, so everybody who asks the same may see the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Question([u8; 32]);

impl Question {
    /// Reads the question of an operation with this one root field.
    pub(super) fn of(prepared: &Prepared, root: Option<&Field>) -> Self {
        let mut hash = Sha256::new();
        hash.update(prepared.document.hash());
        let mut add = |part: &[u8]| {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        };
        add(prepared.name.as_deref().unwrap_or_default().as_bytes());
        for (name, value) in &prepared.coerced {
            if root.is_none_or(|root| makes_a_difference(root, name.as_str())) {
                add(name.as_str().as_bytes());
                // What has a form in JSON can be written as JSON.
                add(&serde_json::to_vec(value).unwrap_or_default());
            }
        }
        Self(hash.finalize().into())
    }
}

#[cfg(test)]
impl Question {
    /// Makes a question for a test.
    pub(super) fn of_bytes(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

/// Returns whether a variable stands anywhere but where a subscription is asked where to start.
fn makes_a_difference(root: &Field, variable: &str) -> bool {
    let mut arguments = root.arguments.iter().filter(|(name, _)| !WHERE_AND_WHEN.contains(&name.node.as_str()));
    arguments.any(|(_, value)| names(&value.node, variable))
        || in_directives(&root.directives, variable)
        || in_selection(&root.selection_set.node, variable)
}

fn in_selection(selection: &SelectionSet, variable: &str) -> bool {
    selection.items.iter().any(|item| match &item.node {
        Selection::Field(field) => {
            field.node.arguments.iter().any(|(_, value)| names(&value.node, variable))
                || in_directives(&field.node.directives, variable)
                || in_selection(&field.node.selection_set.node, variable)
        }
        Selection::InlineFragment(inline) => {
            in_directives(&inline.node.directives, variable) || in_selection(&inline.node.selection_set.node, variable)
        }
        // Fragments are in place by now; whoever finds one does not know what is in it.
        Selection::FragmentSpread(_) => true,
    })
}

fn in_directives(directives: &[Positioned<Directive>], variable: &str) -> bool {
    let mut arguments = directives.iter().flat_map(|directive| &directive.node.arguments);
    arguments.any(|(_, value)| names(&value.node, variable))
}

fn names(value: &Value, variable: &str) -> bool {
    match value {
        Value::Variable(name) => name.as_str() == variable,
        Value::List(items) => items.iter().any(|item| names(item, variable)),
        Value::Object(fields) => fields.values().any(|field| names(field, variable)),
        _ => false,
    }
}

#[cfg(test)]
mod tests;

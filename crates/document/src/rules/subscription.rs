//! The root field of a subscription: one, but it may be written several times.
//!
//! Owns that rule (<https://spec.graphql.org/September2025/#sec-Single-Root-Field>), which apollo-compiler applies to fields as
//! written instead of to their names in the answer.

use std::collections::HashSet;

use apollo_compiler::{
    ExecutableDocument,
    executable::{Selection, SelectionSet},
};

/// Returns whether every subscription of a document has one name at its root.
pub(crate) fn has_one_root_field(document: &ExecutableDocument) -> bool {
    let mut subscriptions = document.operations.iter().filter(|operation| operation.is_subscription());
    subscriptions.all(|operation| {
        let mut roots = Roots { document, names: HashSet::new(), fragments: HashSet::new() };
        roots.collect(&operation.selection_set);
        roots.names.len() == 1
    })
}

struct Roots<'a> {
    document: &'a ExecutableDocument,
    names: HashSet<&'a str>,
    fragments: HashSet<&'a str>,
}

impl<'a> Roots<'a> {
    fn collect(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    self.names.insert(field.response_key().as_str());
                }
                Selection::InlineFragment(inline) => self.collect(&inline.selection_set),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name)
                        && self.fragments.insert(fragment.name.as_str())
                    {
                        self.collect(&fragment.selection_set);
                    }
                }
            }
        }
    }
}

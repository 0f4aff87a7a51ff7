//! What a question asks of an object: its fields under their names in the answer, fragments opened, doubles merged.
//!
//! Owns that walk. It does for those who write answers as text (`super::writer`) what async-graphql does inside itself.

use std::{collections::HashMap, ptr};

use async_graphql::{
    ContextSelectionSet, Name, Positioned, QueryPathNode, QueryPathSegment,
    parser::types::{Field, FragmentDefinition, Selection, SelectionSet},
};

use callboard_document::NOTHING_ASKED;

type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// Selection sets that are to be read as one.
pub(crate) type Selections<'q> = Vec<&'q SelectionSet>;

/// What stands under one name in the answer: a field, perhaps asked for several times.
pub(crate) struct Selected<'q> {
    /// The name in the answer.
    pub(crate) key: &'q str,
    /// The first field of that name.
    pub(crate) field: &'q Positioned<Field>,
    /// The others.
    others: Vec<&'q Positioned<Field>>,
}

impl<'q> Selected<'q> {
    /// Returns the name of the field.
    pub(crate) fn name(&self) -> &'q str {
        self.field.node.name.node.as_str()
    }

    /// Returns what is asked of the object that the field leads to.
    pub(crate) fn selections(&self) -> Selections<'q> {
        let fields = [self.field].into_iter().chain(self.others.iter().copied());
        fields.map(|field| &field.node.selection_set.node).collect()
    }

    /// Returns whether the field can be answered without merging: it is asked for once, or leads to no object.
    pub(crate) fn is_simple(&self) -> bool {
        self.others.is_empty() || self.field.node.selection_set.node.items.is_empty()
    }
}

/// Collects what is asked of an object of a type, in the order of the answer; nothing when that can't be told here.
///
/// `@skip` and `@include` have been obeyed before anything is executed.
pub(crate) fn collect<'q>(
    ctx: &ContextSelectionSet<'q>,
    selections: &[&'q SelectionSet],
    type_name: &str,
) -> Option<Vec<Selected<'q>>> {
    let types = &ctx.schema_env.registry.types;
    let applies = |condition: &str| {
        condition == type_name || types.get(condition).is_some_and(|it| it.is_possible_type(type_name))
    };
    let mut collected = Vec::new();
    for selection in selections {
        collect_into(&mut collected, &ctx.query_env.fragments, selection, &applies)?;
    }
    Some(collected)
}

fn collect_into<'q>(
    collected: &mut Vec<Selected<'q>>,
    fragments: &'q Fragments,
    selection: &'q SelectionSet,
    applies: &dyn Fn(&str) -> bool,
) -> Option<()> {
    for item in &selection.items {
        match &item.node {
            // A directive that is left is one that somebody else has to obey.
            Selection::Field(field) if !field.node.directives.is_empty() => return None,
            Selection::Field(field) => {
                let key = field.node.response_key().node.as_str();
                if key == NOTHING_ASKED {
                    continue;
                }
                match collected.iter_mut().find(|selected| selected.key == key) {
                    Some(selected) => selected.others.push(field),
                    None => collected.push(Selected { key, field, others: Vec::new() }),
                }
            }
            fragment => {
                let (condition, selection) = open(fragments, fragment)?;
                if condition.is_none_or(applies) {
                    collect_into(collected, fragments, selection, applies)?;
                }
            }
        }
    }
    Some(())
}

/// Returns the type that a fragment is for, and what it asks.
fn open<'q>(fragments: &'q Fragments, selection: &'q Selection) -> Option<(Option<&'q str>, &'q SelectionSet)> {
    match selection {
        Selection::Field(_) => None,
        Selection::InlineFragment(fragment) => {
            let condition = fragment.node.type_condition.as_ref().map(|condition| condition.node.on.node.as_str());
            Some((condition, &fragment.node.selection_set.node))
        }
        Selection::FragmentSpread(spread) => {
            let fragment = &fragments.get(&spread.node.fragment_name.node)?.node;
            Some((Some(fragment.type_condition.node.on.node.as_str()), &fragment.selection_set.node))
        }
    }
}

/// Returns whether no other field of the question goes into the same place of the answer as the one that leads here:
/// only then is what is asked of this object all that is asked of it. When in doubt, it is not so.
pub(crate) fn is_alone(ctx: &ContextSelectionSet<'_>) -> bool {
    let root = &ctx.query_env.operation.node.selection_set.node;
    let found = ctx.path_node.as_ref().and_then(|path| only_selection_at(path, root, &ctx.query_env.fragments));
    found.is_some_and(|found| ptr::eq(found, &ctx.item.node))
}

fn only_selection_at<'q>(
    path: &QueryPathNode<'_>,
    root: &'q SelectionSet,
    fragments: &'q Fragments,
) -> Option<&'q SelectionSet> {
    let above = match path.parent {
        Some(parent) => only_selection_at(parent, root, fragments)?,
        None => root,
    };
    match path.segment {
        QueryPathSegment::Index(_) => Some(above),
        QueryPathSegment::Name(key) => {
            let mut found = None;
            find_only(above, key, fragments, &mut found)?;
            found
        }
    }
}

/// Finds the only field of a name; nothing is returned when there are several.
fn find_only<'q>(
    selection: &'q SelectionSet,
    key: &str,
    fragments: &'q Fragments,
    found: &mut Option<&'q SelectionSet>,
) -> Option<()> {
    for item in &selection.items {
        match &item.node {
            Selection::Field(field) if field.node.response_key().node == key => {
                if found.replace(&field.node.selection_set.node).is_some() {
                    return None;
                }
            }
            Selection::Field(_) => {}
            fragment => find_only(open(fragments, fragment)?.1, key, fragments, found)?,
        }
    }
    Some(())
}

//! The selections of an object, fragments put in place.
//!
//! Owns where each field stands: for which types, and under which conditions.

use apollo_compiler::{
    ExecutableDocument, Name, Node,
    ast::{DirectiveList, Value},
    executable::{Field, Selection, SelectionSet},
};

use super::types::{TypeSet, Types};
use crate::LimitError;

/// So many selections may be looked at while a plan is made: far more than a document that was let in needs.
const MAX_STEPS: u64 = 100_000;

/// What must hold for a selection to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    /// A variable has to have this value.
    Variable(Name, bool),
    /// It never is.
    Never,
}

/// Selections of the same object, and the conditions under which they are made.
#[derive(Debug, Clone)]
pub(super) struct Part<'d> {
    pub(super) set: &'d SelectionSet,
    pub(super) when: Vec<Condition>,
}

/// A field in place.
#[derive(Debug)]
pub(super) struct Placed<'d> {
    pub(super) field: &'d Node<Field>,
    /// The type whose field it is.
    pub(super) owner: &'d Name,
    /// The object types that are asked for it.
    pub(super) types: TypeSet,
    pub(super) when: Vec<Condition>,
}

/// Puts fragments in place, and counts how much work that is.
pub(super) struct Collector<'m, 'd> {
    pub(super) types: &'m Types,
    pub(super) document: &'d ExecutableDocument,
    pub(super) steps: u64,
}

impl<'d> Collector<'_, 'd> {
    /// Counts work.
    pub(super) fn step(&mut self, count: u64) -> Result<(), LimitError> {
        self.steps = self.steps.saturating_add(count);
        match self.steps > MAX_STEPS {
            true => Err(LimitError::Work { found: self.steps, max: MAX_STEPS }),
            false => Ok(()),
        }
    }

    /// Returns the fields that are asked of an object of one of the `possible` types.
    pub(super) fn collect(&mut self, parts: &[Part<'d>], possible: &TypeSet) -> Result<Vec<Placed<'d>>, LimitError> {
        let mut placed = Vec::new();
        // A fragment in the same place for the same types and conditions says nothing new.
        let mut spread: Vec<(&Name, TypeSet, Vec<Condition>)> = Vec::new();
        let mut open: Vec<_> = parts.iter().rev().map(|part| (part.set, possible.clone(), part.when.clone())).collect();
        while let Some((set, types, when)) = open.pop() {
            let mut inner = Vec::new();
            for selection in &set.selections {
                self.step(1)?;
                let when = conditions(&when, selection.directives());
                match selection {
                    Selection::Field(field) => {
                        placed.push(Placed { field, owner: &set.ty, types: types.clone(), when });
                    }
                    Selection::InlineFragment(inline) => {
                        let narrowed = inline.type_condition.as_ref().map(|name| types.and(self.types.possible(name)));
                        inner.push((&inline.selection_set, narrowed.unwrap_or_else(|| types.clone()), when));
                    }
                    Selection::FragmentSpread(named) => {
                        let Some(fragment) = self.document.fragments.get(&named.fragment_name) else { continue };
                        let types = types.and(self.types.possible(&fragment.selection_set.ty));
                        let key = (&fragment.name, types, when);
                        self.step(spread.len() as u64 / 16)?;
                        if !spread.contains(&key) {
                            inner.push((&fragment.selection_set, key.1.clone(), key.2.clone()));
                            spread.push(key);
                        }
                    }
                }
            }
            open.extend(inner.into_iter().rev().filter(|(_, types, _)| !types.is_empty()));
        }
        Ok(placed)
    }
}

/// Adds the conditions of a selection to those around it.
fn conditions(around: &[Condition], directives: &DirectiveList) -> Vec<Condition> {
    let mut all = around.to_vec();
    for directive in directives.iter() {
        let wanted = match directive.name.as_str() {
            "include" => true,
            "skip" => false,
            _ => continue,
        };
        let condition = match directive.specified_argument_by_name("if").map(AsRef::as_ref) {
            Some(Value::Boolean(value)) if *value != wanted => Condition::Never,
            Some(Value::Variable(variable)) => Condition::Variable(variable.clone(), wanted),
            _ => continue,
        };
        if !all.contains(&condition) {
            all.push(condition);
        }
    }
    all
}

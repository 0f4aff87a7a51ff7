//! An operation in the form that the executor takes.
//!
//! Owns putting fragments in place and merging what is asked for twice, as `CollectFields` of the specification does
//! (<https://spec.graphql.org/September2025/#CollectFields()>). The executor spreads fragments wherever they are named,
//! so that a few lines of nested ones would cost it billions of steps: here a fragment counts once per selection set,
//! and what remains is bounded.

use std::collections::{HashMap, HashSet};

use apollo_compiler::{
    ExecutableDocument, Node, Schema,
    ast::{Argument, DirectiveList},
    executable::{Field, Operation, OperationType, Selection, SelectionSet},
    parser::SourceSpan,
};
use async_graphql_parser::{
    Pos, Positioned,
    types::{
        self, Directive, DocumentOperations, ExecutableDocument as Executable, OperationDefinition, Type,
        TypeCondition, VariableDefinition,
    },
};
use async_graphql_value::Name;

use crate::{
    DocumentError,
    values::{constant, value},
};

/// Puts an operation into the executor's form, of at most `max` selections.
///
/// # Errors
/// When it has more.
pub(crate) fn compile(
    schema: &Schema,
    document: &ExecutableDocument,
    operation: &Node<Operation>,
    max: usize,
) -> Result<Executable, DocumentError> {
    let mut compiler = Compiler { schema, document, max, made: 0 };
    let at = compiler.pos(operation.location());
    let set = compiler.selection_set(&[&operation.selection_set])?;
    let definition = OperationDefinition {
        ty: match operation.operation_type {
            // An event of a subscription is executed like a query: the event is its root.
            OperationType::Query | OperationType::Subscription => types::OperationType::Query,
            OperationType::Mutation => types::OperationType::Mutation,
        },
        variable_definitions: operation.variables.iter().map(|it| compiler.variable(it)).collect(),
        directives: Vec::new(),
        selection_set: Positioned::new(set, at),
    };
    let operations = DocumentOperations::Single(Positioned::new(definition, at));
    Ok(Executable { operations, fragments: HashMap::new() })
}

struct Compiler<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    max: usize,
    made: usize,
}

/// What a selection set consists of once fragments are in place.
enum Entry<'a> {
    /// A field, with everything that is asked below it in the places where it stands.
    Field(&'a Node<Field>, Vec<&'a SelectionSet>),
    /// What is asked only of a type, or only under a condition.
    Narrowed(Narrowed<'a>),
}

struct Narrowed<'a> {
    condition: Option<&'a str>,
    directives: &'a DirectiveList,
    set: &'a SelectionSet,
    at: Option<SourceSpan>,
    /// The fragments that were in place before; what is inside applies to some of the objects only, so what it visits is
    /// visited for those only.
    visited: Visited<'a>,
}

type Visited<'a> = HashSet<&'a str>;

impl<'a> Compiler<'a> {
    fn selection_set(&mut self, sets: &[&'a SelectionSet]) -> Result<types::SelectionSet, DocumentError> {
        self.selection_set_after(sets, Visited::new())
    }

    /// Compiles what several places ask of the same object; `visited` fragments are in it already.
    fn selection_set_after(
        &mut self,
        sets: &[&'a SelectionSet],
        mut visited: Visited<'a>,
    ) -> Result<types::SelectionSet, DocumentError> {
        let mut entries = Vec::new();
        let mut places = HashMap::new();
        for set in sets {
            self.collect(set, &mut visited, &mut entries, &mut places)?;
        }
        let mut items = Vec::with_capacity(entries.len());
        for entry in entries {
            items.extend(self.entry(entry)?);
        }
        Ok(types::SelectionSet { items })
    }

    fn collect(
        &mut self,
        set: &'a SelectionSet,
        visited: &mut Visited<'a>,
        entries: &mut Vec<Entry<'a>>,
        places: &mut HashMap<&'a str, usize>,
    ) -> Result<(), DocumentError> {
        for selection in &set.selections {
            self.made += 1;
            if self.made > self.max {
                return Err(DocumentError::TooManySelections { max: self.max });
            }
            let (condition, directives, inner, at) = match selection {
                Selection::Field(field) => {
                    collect_field(field, entries, places);
                    continue;
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.type_condition.as_ref().map(|name| name.as_str());
                    (condition, &inline.directives, &inline.selection_set, inline.location())
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.document.fragments.get(&spread.fragment_name) else { continue };
                    if spread.directives.is_empty() && !visited.insert(fragment.name.as_str()) {
                        continue;
                    }
                    let inner = &fragment.selection_set;
                    (Some(inner.ty.as_str()), &spread.directives, inner, spread.location())
                }
            };
            if directives.is_empty() && condition.is_none_or(|it| self.always_applies(it, set)) {
                self.collect(inner, visited, entries, places)?;
            } else {
                let visited = visited.clone();
                entries.push(Entry::Narrowed(Narrowed { condition, directives, set: inner, at, visited }));
            }
        }
        Ok(())
    }

    fn entry(&mut self, entry: Entry<'a>) -> Result<Option<Positioned<types::Selection>>, DocumentError> {
        match entry {
            Entry::Field(field, sets) => {
                let at = self.pos(field.location());
                let set = self.selection_set(&sets)?;
                let compiled = types::Field {
                    alias: field.alias.as_ref().map(|alias| Positioned::new(Name::new(alias.as_str()), at)),
                    name: Positioned::new(Name::new(field.name.as_str()), at),
                    arguments: field.arguments.iter().map(|argument| self.argument(argument)).collect(),
                    directives: self.directives(&field.directives),
                    selection_set: Positioned::new(set, at),
                };
                Ok(Some(Positioned::new(types::Selection::Field(Positioned::new(compiled, at)), at)))
            }
            Entry::Narrowed(narrowed) => {
                let at = self.pos(narrowed.at);
                let compiled = self.selection_set_after(&[narrowed.set], narrowed.visited)?;
                if compiled.items.is_empty() {
                    return Ok(None);
                }
                let on = |name| Positioned::new(TypeCondition { on: Positioned::new(Name::new(name), at) }, at);
                let inline = types::InlineFragment {
                    type_condition: narrowed.condition.map(on),
                    directives: self.directives(narrowed.directives),
                    selection_set: Positioned::new(compiled, at),
                };
                Ok(Some(Positioned::new(types::Selection::InlineFragment(Positioned::new(inline, at)), at)))
            }
        }
    }

    /// Returns whether everything that has a selection set is of a type.
    fn always_applies(&self, condition: &str, set: &SelectionSet) -> bool {
        condition == set.ty.as_str() || self.schema.is_subtype(condition, set.ty.as_str())
    }

    fn variable(&self, definition: &Node<apollo_compiler::ast::VariableDefinition>) -> Positioned<VariableDefinition> {
        let at = self.pos(definition.location());
        let compiled = VariableDefinition {
            name: Positioned::new(Name::new(definition.name.as_str()), at),
            // A validated type always reads back; a string stands in for one that does not.
            var_type: Positioned::new(Type::new(&definition.ty.to_string()).unwrap_or_else(string_type), at),
            directives: Vec::new(),
            default_value: definition.default_value.as_ref().map(|default| Positioned::new(constant(default), at)),
        };
        Positioned::new(compiled, at)
    }

    fn argument(&self, argument: &Node<Argument>) -> (Positioned<Name>, Positioned<async_graphql_value::Value>) {
        let at = self.pos(argument.location());
        let inner = self.pos(argument.value.location());
        (Positioned::new(Name::new(argument.name.as_str()), at), Positioned::new(value(&argument.value), inner))
    }

    fn directives(&self, directives: &DirectiveList) -> Vec<Positioned<Directive>> {
        let compiled = directives.iter().map(|directive| {
            let at = self.pos(directive.location());
            let name = Positioned::new(Name::new(directive.name.as_str()), at);
            let arguments = directive.arguments.iter().map(|argument| self.argument(argument)).collect();
            Positioned::new(Directive { name, arguments }, at)
        });
        compiled.collect()
    }

    fn pos(&self, span: Option<SourceSpan>) -> Pos {
        let place = span.and_then(|span| span.line_column(&self.document.sources));
        place.map_or_else(Pos::default, |place| Pos { line: place.line, column: place.column })
    }
}

/// Adds a field, or what it asks for to the same field above. Fields under a condition stand alone.
fn collect_field<'a>(field: &'a Node<Field>, entries: &mut Vec<Entry<'a>>, places: &mut HashMap<&'a str, usize>) {
    let set = &field.selection_set;
    if !field.directives.is_empty() {
        entries.push(Entry::Field(field, vec![set]));
        return;
    }
    let place = *places.entry(field.response_key().as_str()).or_insert(entries.len());
    match entries.get_mut(place) {
        // The document is valid: fields of one key are the same field with the same arguments.
        Some(Entry::Field(_, sets)) => sets.push(set),
        _ => entries.push(Entry::Field(field, vec![set])),
    }
}

fn string_type() -> Type {
    Type { base: types::BaseType::Named(Name::new("String")), nullable: true }
}

#[cfg(test)]
mod tests;

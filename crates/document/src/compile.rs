//! An operation in the form that the executor takes.
//!
//! Owns putting fragments in place and merging what is asked for twice, as `CollectFields` of the specification does
//! (<https://spec.graphql.org/September2025/#CollectFields()>). The executor spreads fragments wherever they are named,
//! so that a few lines of nested ones would cost it billions of steps: here a fragment counts once per selection set,
//! and what remains is bounded. Conditions are decided here, and arguments whose variable was left out are left out, as
//! the executor would merge the one too late and take the other for null.

use std::collections::{HashMap, HashSet};

use apollo_compiler::{
    ExecutableDocument, Node, Schema,
    ast::{Argument, DirectiveList, Value},
    executable::{Field, Operation, OperationType, Selection, SelectionSet},
    parser::SourceSpan,
    response::{JsonMap, JsonValue},
};
use async_graphql_parser::{
    Pos, Positioned,
    types::{
        self, DocumentOperations, ExecutableDocument as Executable, OperationDefinition, Type, TypeCondition,
        VariableDefinition,
    },
};
use async_graphql_value::Name;

use crate::{
    DocumentError,
    validate::fault_at,
    values::{constant, is_left_out, value},
};

/// The name in the answer under which a selection set asks for `__typename` that might ask for nothing else: the executor
/// takes an object without fields for null. Whoever writes the answer leaves it out.
pub const NOTHING_ASKED: &str = "__callboard_nothing_asked";

/// One object may be asked for so many fields, aliases counted.
const MAX_FIELDS: usize = 100;

/// An operation in the executor's form.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) executable: Executable,
    /// Whether other variables could make it another one.
    pub(crate) varies: bool,
    /// How many selections it has.
    pub(crate) selections: usize,
}

/// Puts an operation, with its coerced variables, into the executor's form, of at most `max` selections.
///
/// # Errors
/// When it has more.
pub(crate) fn compile(
    schema: &Schema,
    document: &ExecutableDocument,
    operation: &Node<Operation>,
    variables: &JsonMap,
    max: usize,
) -> Result<Compiled, DocumentError> {
    let may_be_left_out =
        |it: &Node<apollo_compiler::ast::VariableDefinition>| !it.ty.is_non_null() && it.default_value.is_none();
    let varies = operation.variables.iter().any(may_be_left_out);
    let mut compiler = Compiler { schema, document, variables, max, made: 0, varies };
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
    let executable = Executable { operations, fragments: HashMap::new() };
    Ok(Compiled { executable, varies: compiler.varies, selections: compiler.made })
}

struct Compiler<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    variables: &'a JsonMap,
    max: usize,
    made: usize,
    varies: bool,
}

/// What a selection set consists of once fragments are in place.
enum Entry<'a> {
    /// A field, with everything that is asked below it in the places where it stands.
    Field(&'a Node<Field>, Vec<&'a SelectionSet>),
    /// What is asked only of a type.
    Narrowed(Narrowed<'a>),
}

struct Narrowed<'a> {
    on: &'a str,
    set: &'a SelectionSet,
    at: Option<SourceSpan>,
    /// The fragments that were in place before; what is inside applies to some of the objects only, so what it visits is
    /// visited for those only.
    visited: Visited<'a>,
}

type Visited<'a> = HashSet<&'a str>;

impl<'a> Compiler<'a> {
    fn selection_set(&mut self, sets: &[&'a SelectionSet]) -> Result<types::SelectionSet, DocumentError> {
        let mut compiled = self.selection_set_after(sets, Visited::new())?;
        let is_sure = compiled.items.iter().any(|item| matches!(item.node, types::Selection::Field(_)));
        if !is_sure && sets.iter().any(|set| !set.selections.is_empty()) {
            let at = Pos::default();
            let type_name = types::Field {
                alias: Some(Positioned::new(Name::new(NOTHING_ASKED), at)),
                name: Positioned::new(Name::new("__typename"), at),
                arguments: Vec::new(),
                directives: Vec::new(),
                selection_set: Positioned::default(),
            };
            compiled.items.push(Positioned::new(types::Selection::Field(Positioned::new(type_name, at)), at));
        }
        Ok(compiled)
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
        if places.len() > MAX_FIELDS {
            return Err(DocumentError::TooManyFields { max: MAX_FIELDS });
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
            if !self.is_asked(selection.directives())? {
                continue;
            }
            let (on, inner, at) = match selection {
                Selection::Field(field) => {
                    collect_field(field, entries, places);
                    continue;
                }
                Selection::InlineFragment(inline) => {
                    let on = inline.type_condition.as_ref().map_or(set.ty.as_str(), |name| name.as_str());
                    (on, &inline.selection_set, inline.location())
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.document.fragments.get(&spread.fragment_name) else { continue };
                    if !visited.insert(fragment.name.as_str()) {
                        continue;
                    }
                    (fragment.selection_set.ty.as_str(), &fragment.selection_set, spread.location())
                }
            };
            if self.always_applies(on, set) {
                self.collect(inner, visited, entries, places)?;
            } else {
                entries.push(Entry::Narrowed(Narrowed { on, set: inner, at, visited: visited.clone() }));
            }
        }
        Ok(())
    }

    /// Decides the conditions of a selection.
    fn is_asked(&mut self, directives: &DirectiveList) -> Result<bool, DocumentError> {
        for directive in directives {
            let condition = directive.specified_argument_by_name("if").map(|value| value.as_ref());
            let holds = match condition {
                Some(Value::Boolean(holds)) => *holds,
                Some(Value::Variable(name)) => {
                    self.varies = true;
                    let given = self.variables.get(name.as_str()).and_then(JsonValue::as_bool);
                    given.ok_or_else(|| {
                        let message = format!("variable `${name}` decides a condition, so it can't be null");
                        DocumentError::Variable(fault_at(&self.document.sources, directive.location(), message))
                    })?
                }
                _ => continue,
            };
            if holds == (directive.name.as_str() == "skip") {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn entry(&mut self, entry: Entry<'a>) -> Result<Option<Positioned<types::Selection>>, DocumentError> {
        match entry {
            Entry::Field(field, sets) => {
                let at = self.pos(field.location());
                let set = self.selection_set(&sets)?;
                let compiled = types::Field {
                    alias: field.alias.as_ref().map(|alias| Positioned::new(Name::new(alias.as_str()), at)),
                    name: Positioned::new(Name::new(field.name.as_str()), at),
                    arguments: field.arguments.iter().filter_map(|argument| self.argument(argument)).collect(),
                    directives: Vec::new(),
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
                let on = TypeCondition { on: Positioned::new(Name::new(narrowed.on), at) };
                let inline = types::InlineFragment {
                    type_condition: Some(Positioned::new(on, at)),
                    directives: Vec::new(),
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

    /// Compiles an argument; nothing when its variable was left out.
    fn argument(
        &self,
        argument: &Node<Argument>,
    ) -> Option<(Positioned<Name>, Positioned<async_graphql_value::Value>)> {
        if is_left_out(&argument.value, self.variables) {
            return None;
        }
        let at = self.pos(argument.location());
        let value = Positioned::new(value(&argument.value, self.variables), self.pos(argument.value.location()));
        Some((Positioned::new(Name::new(argument.name.as_str()), at), value))
    }

    fn pos(&self, span: Option<SourceSpan>) -> Pos {
        let place = span.and_then(|span| span.line_column(&self.document.sources));
        place.map_or_else(Pos::default, |place| Pos { line: place.line, column: place.column })
    }
}

/// Adds a field, or what it asks for to the same field above.
fn collect_field<'a>(field: &'a Node<Field>, entries: &mut Vec<Entry<'a>>, places: &mut HashMap<&'a str, usize>) {
    let set = &field.selection_set;
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

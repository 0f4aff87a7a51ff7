//! Rules of validation that apollo-compiler 1.x does not know.
//!
//! Owns three: an input object marked `@oneOf` takes exactly one field
//! (<https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects>), a variable whose default is null does not fit
//! where null is not allowed (<https://spec.graphql.org/September2025/#IsVariableUsageAllowed()>), and the schema can be
//! asked for only where that is allowed.

use std::collections::{HashMap, HashSet};

use apollo_compiler::{
    ExecutableDocument, Node, Schema,
    ast::{Argument, Type, Value, VariableDefinition},
    executable::{Operation, Selection, SelectionSet},
    parser::SourceSpan,
    schema::{ExtendedType, InputObjectType},
};

use crate::{Fault, validate::fault_at};

/// Returns what is wrong with a document that apollo-compiler finds valid.
pub(crate) fn check(schema: &Schema, document: &ExecutableDocument, allows_introspection: bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    for operation in document.operations.iter() {
        let variables = operation.variables.iter().map(|it| (it.name.as_str(), it)).collect();
        let mut walk =
            Walk { schema, document, variables, allows_introspection, seen: HashSet::new(), faults: &mut faults };
        walk.defaults(operation);
        walk.selection_set(&operation.selection_set);
    }
    faults
}

/// Returns whether exactly one field of an input object may be given.
pub(crate) fn is_one_of(object: &InputObjectType) -> bool {
    object.directives.iter().any(|directive| directive.name.as_str() == "oneOf")
}

struct Walk<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    variables: HashMap<&'a str, &'a Node<VariableDefinition>>,
    allows_introspection: bool,
    /// Fragments that were walked for this operation.
    seen: HashSet<&'a str>,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Walk<'a> {
    fn defaults(&mut self, operation: &'a Node<Operation>) {
        for variable in &operation.variables {
            if let Some(default) = &variable.default_value {
                if default.is_null() && variable.ty.is_non_null() {
                    let message =
                        format!("variable `${}` can't be null, so its default can't be either", variable.name);
                    self.fault(default.location(), message);
                }
                self.value(&variable.ty, default);
            }
        }
    }

    fn selection_set(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let name = field.name.as_str();
                    if !self.allows_introspection && matches!(name, "__schema" | "__type") {
                        self.fault(field.location(), "this server does not tell its schema".to_owned());
                    }
                    for argument in &field.arguments {
                        let definition = field.definition.argument_by_name(&argument.name);
                        if let Some(definition) = definition {
                            self.argument(&definition.ty, definition.default_value.is_some(), argument);
                        }
                    }
                    self.selection_set(&field.selection_set);
                }
                Selection::InlineFragment(inline) => self.selection_set(&inline.selection_set),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name)
                        && self.seen.insert(fragment.name.as_str())
                    {
                        self.selection_set(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn argument(&mut self, ty: &'a Type, has_default: bool, argument: &'a Node<Argument>) {
        self.usage(ty, has_default, &argument.value);
        self.value(ty, &argument.value);
    }

    /// Checks a value's objects, and variables within it.
    fn value(&mut self, ty: &'a Type, value: &'a Node<Value>) {
        match value.as_ref() {
            Value::List(items) => {
                for item in items {
                    self.usage(ty.item_type(), false, item);
                    self.value(ty.item_type(), item);
                }
            }
            Value::Object(fields) => {
                let inner = self.schema.types.get(ty.inner_named_type());
                let Some(ExtendedType::InputObject(object)) = inner else { return };
                if is_one_of(object) {
                    self.one_of(object, fields, value.location());
                }
                for (name, field) in fields {
                    if let Some(definition) = object.fields.get(name) {
                        self.usage(&definition.ty, definition.default_value.is_some(), field);
                        self.value(&definition.ty, field);
                    }
                }
            }
            _ => {}
        }
    }

    /// Checks a variable whose default is null.
    fn usage(&mut self, ty: &Type, has_default: bool, value: &'a Node<Value>) {
        let Value::Variable(name) = value.as_ref() else { return };
        let Some(variable) = self.variables.get(name.as_str()) else { return };
        let has_null_default = variable.default_value.as_ref().is_some_and(|default| default.is_null());
        if ty.is_non_null() && !variable.ty.is_non_null() && has_null_default && !has_default {
            let message = format!("variable `${name}` may be null by default, and null is not allowed here");
            self.fault(value.location(), message);
        }
    }

    fn one_of(
        &mut self,
        object: &InputObjectType,
        fields: &'a [(apollo_compiler::Name, Node<Value>)],
        at: Option<SourceSpan>,
    ) {
        let [(name, value)] = fields else {
            let message = format!("`{}` takes exactly one field, not {}", object.name, fields.len());
            return self.fault(at, message);
        };
        let may_be_null = match value.as_ref() {
            Value::Null => true,
            Value::Variable(variable) => self.variables.get(variable.as_str()).is_some_and(|it| !it.ty.is_non_null()),
            _ => false,
        };
        if may_be_null {
            let message = format!("field `{name}` of `{}` can't be null, as it is the only one", object.name);
            self.fault(value.location(), message);
        }
    }

    fn fault(&mut self, at: Option<SourceSpan>, message: String) {
        self.faults.push(fault_at(&self.document.sources, at, message));
    }
}

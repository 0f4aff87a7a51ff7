//! Rules of validation that apollo-compiler 1.x does not know, or not to the end.
//!
//! Owns the walk over a document's values: an input object has each field once, and one marked `@oneOf` exactly one
//! (<https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects>), a variable fits wherever it is used
//! (<https://spec.graphql.org/September2025/#IsVariableUsageAllowed()>), and the schema can be asked for only where that is
//! allowed. Fields that meet under one name are compared in [`overlap`], root fields of subscriptions in [`subscription`].

mod overlap;
mod subscription;

use std::collections::{HashMap, HashSet};

use apollo_compiler::{
    ExecutableDocument, Name, Node, Schema,
    ast::{Argument, DirectiveList, Type, Value, VariableDefinition},
    executable::{Operation, Selection, SelectionSet},
    parser::SourceSpan,
    schema::{ExtendedType, InputObjectType, InputValueDefinition},
};

pub(crate) use self::subscription::has_one_root_field;
use crate::{Fault, validate::fault_at};

/// Returns what is wrong with a document that apollo-compiler finds valid.
pub(crate) fn check(schema: &Schema, document: &ExecutableDocument, allows_introspection: bool) -> Vec<Fault> {
    let mut faults = Vec::new();
    for operation in document.operations.iter() {
        let variables = operation.variables.iter().map(|it| (it.name.as_str(), it)).collect();
        let mut walk =
            Walk { schema, document, variables, allows_introspection, seen: HashSet::new(), faults: &mut faults };
        walk.definitions(operation);
        walk.directives(&operation.directives);
        walk.selection_set(&operation.selection_set);
    }
    // Nothing is compared in a document that is refused anyway.
    if faults.is_empty() {
        faults = overlap::check(schema, document);
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
    fn definitions(&mut self, operation: &'a Node<Operation>) {
        for variable in &operation.variables {
            if let Some(default) = &variable.default_value {
                if default.is_null() && variable.ty.is_non_null() {
                    let message =
                        format!("variable `${}` can't be null, so its default can't be either", variable.name);
                    self.fault(default.location(), message);
                }
                self.value(Some(&variable.ty), default);
            }
            self.directives(&variable.directives);
        }
    }

    fn selection_set(&mut self, set: &'a SelectionSet) {
        for selection in &set.selections {
            self.directives(selection.directives());
            match selection {
                Selection::Field(field) => {
                    let name = field.name.as_str();
                    if !self.allows_introspection && matches!(name, "__schema" | "__type") {
                        self.fault(field.location(), "this server does not tell its schema".to_owned());
                    }
                    self.arguments(&field.arguments, &field.definition.arguments);
                    self.selection_set(&field.selection_set);
                }
                Selection::InlineFragment(inline) => self.selection_set(&inline.selection_set),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name)
                        && self.seen.insert(fragment.name.as_str())
                    {
                        self.directives(&fragment.directives);
                        self.selection_set(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn directives(&mut self, directives: &'a DirectiveList) {
        for directive in directives.iter() {
            if let Some(definition) = self.schema.directive_definitions.get(&directive.name) {
                self.arguments(&directive.arguments, &definition.arguments);
            }
        }
    }

    fn arguments(&mut self, given: &'a [Node<Argument>], definitions: &'a [Node<InputValueDefinition>]) {
        for argument in given {
            if let Some(definition) = definitions.iter().find(|definition| definition.name == argument.name) {
                self.usage(Some(&definition.ty), definition.default_value.is_some(), &argument.value);
                self.value(Some(&definition.ty), &argument.value);
            }
        }
    }

    /// Checks a variable, or a value's objects and the variables within it. Of what a scalar of the schema's own holds in
    /// objects, no types are known.
    fn value(&mut self, ty: Option<&Type>, value: &'a Node<Value>) {
        match value.as_ref() {
            Value::List(items) => {
                let item_type = match ty {
                    Some(Type::List(item) | Type::NonNullList(item)) => Some(item.as_ref().clone()),
                    other => other.cloned().map(Type::nullable),
                };
                for item in items {
                    self.usage(item_type.as_ref(), false, item);
                    self.value(item_type.as_ref(), item);
                }
            }
            Value::Object(fields) => self.object(ty, fields, value.location()),
            _ => {}
        }
    }

    fn object(&mut self, ty: Option<&Type>, fields: &'a [(Name, Node<Value>)], at: Option<SourceSpan>) {
        let mut names = HashSet::with_capacity(fields.len());
        for (name, field) in fields {
            if !names.insert(name.as_str()) {
                self.fault(field.location(), format!("field `{name}` is given twice"));
            }
        }
        let object = ty.and_then(|ty| match self.schema.types.get(ty.inner_named_type()) {
            Some(ExtendedType::InputObject(object)) => Some(object),
            _ => None,
        });
        if let Some(object) = object.filter(|object| is_one_of(object)) {
            self.one_of(object, fields, at);
        }
        for (name, field) in fields {
            let definition = object.and_then(|object| object.fields.get(name));
            let has_default = definition.is_some_and(|definition| definition.default_value.is_some());
            let ty = definition.map(|definition| definition.ty.as_ref());
            self.usage(ty, has_default, field);
            self.value(ty, field);
        }
    }

    /// Checks a variable against the place where it is used.
    fn usage(&mut self, ty: Option<&Type>, has_default: bool, value: &'a Node<Value>) {
        let (Some(ty), Value::Variable(name)) = (ty, value.as_ref()) else { return };
        let Some(variable) = self.variables.get(name.as_str()) else { return };
        let has_own_default = variable.default_value.as_ref().is_some_and(|default| !default.is_null());
        let is_allowed = match ty.is_non_null() && !variable.ty.is_non_null() {
            true => (has_own_default || has_default) && variable.ty.is_assignable_to(&ty.clone().nullable()),
            false => variable.ty.is_assignable_to(ty),
        };
        if !is_allowed {
            let message = format!("variable `${name}` of type `{}` does not fit where `{ty}` is wanted", variable.ty);
            self.fault(value.location(), message);
        }
    }

    fn one_of(&mut self, object: &InputObjectType, fields: &'a [(Name, Node<Value>)], at: Option<SourceSpan>) {
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

#[cfg(test)]
mod tests;

//! Variables: the values of a request, checked against the types of the operation.
//!
//! Owns the checks that apollo-compiler's coercion leaves to its caller: custom scalars and `@oneOf` objects. Everything
//! is checked before anything is executed, so that a wrong variable is an error of the request.

use apollo_compiler::{
    Schema,
    ast::Type,
    request::coerce_variable_values,
    response::{JsonMap, JsonValue},
    schema::ExtendedType,
    validation::Valid,
};
use async_graphql_value::{Name, Variables};

use crate::{Document, DocumentError, Operation, ScalarCheck, rules::is_one_of, validate::fault_at, values::from_json};

/// The most levels of lists and objects that a variable may have.
const MAX_NESTING: usize = 64;

/// Checks the values of an operation's variables and fills in defaults. Values that the operation does not name are left
/// out.
///
/// # Errors
/// When one does not fit its type.
pub(crate) fn coerce(
    schema: &Valid<Schema>,
    document: &Document,
    operation: &Operation,
    given: &JsonMap,
    check_scalar: ScalarCheck,
) -> Result<JsonMap, DocumentError> {
    if operation.node.variables.is_empty() {
        return Ok(JsonMap::new());
    }
    let fault = |definition: &apollo_compiler::Node<apollo_compiler::ast::VariableDefinition>, message| {
        DocumentError::Variable(fault_at(&document.valid.sources, definition.location(), message))
    };
    for definition in &operation.node.variables {
        if given.get(definition.name.as_str()).is_some_and(|value| nesting(value) > MAX_NESTING) {
            let message = format!("variable `${}` nests deeper than {MAX_NESTING} levels", definition.name);
            return Err(fault(definition, message));
        }
    }
    let coerced = coerce_variable_values(schema, &operation.node, given)
        .map_err(|error| {
            let message = error.message().to_string();
            DocumentError::Variable(fault_at(&document.valid.sources, error.location(), message))
        })?
        .into_inner();
    let scalars = Scalars { schema, check_scalar };
    for definition in &operation.node.variables {
        if let Some(value) = coerced.get(definition.name.as_str()) {
            let checked = scalars.check(&definition.ty, value);
            checked.map_err(|reason| fault(definition, format!("variable `${}`: {reason}", definition.name)))?;
        }
    }
    Ok(coerced)
}

/// Turns checked values into the executor's.
pub(crate) fn to_executor(coerced: &JsonMap) -> Variables {
    let mut variables = Variables::default();
    for (name, value) in coerced {
        variables.insert(Name::new(name.as_str()), from_json(value));
    }
    variables
}

fn nesting(value: &JsonValue) -> usize {
    match value {
        JsonValue::Array(items) => 1 + items.iter().map(nesting).max().unwrap_or(0),
        JsonValue::Object(fields) => 1 + fields.values().map(nesting).max().unwrap_or(0),
        _ => 0,
    }
}

struct Scalars<'a> {
    schema: &'a Schema,
    check_scalar: ScalarCheck,
}

impl Scalars<'_> {
    fn check(&self, ty: &Type, value: &JsonValue) -> Result<(), String> {
        match value {
            JsonValue::Null => return Ok(()),
            JsonValue::Array(items) if ty.is_list() => {
                return items.iter().try_for_each(|item| self.check(ty.item_type(), item));
            }
            _ => {}
        }
        match self.schema.types.get(ty.inner_named_type()) {
            Some(ExtendedType::Scalar(scalar)) if !scalar.is_built_in() => {
                (self.check_scalar)(scalar.name.as_str(), value).map_err(|reason| format!("the value {reason}"))
            }
            Some(ExtendedType::InputObject(object)) => {
                let Some(fields) = value.as_object() else { return Ok(()) };
                if is_one_of(object) && (fields.len() != 1 || fields.values().any(JsonValue::is_null)) {
                    return Err(format!("`{}` takes exactly one field, which is not null", object.name));
                }
                for (name, field) in fields {
                    if let Some(definition) = object.fields.get(name.as_str()) {
                        self.check(&definition.ty, field).map_err(|reason| format!("`{}`: {reason}", name.as_str()))?;
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

//! Values of a document as the executor takes them.
//!
//! Owns the turn from apollo-compiler's values, and from coerced JSON, to async-graphql's.

use apollo_compiler::{
    ast,
    response::{JsonMap, JsonValue},
};
use async_graphql_value::{ConstValue, Name, Number, Value};

/// Returns whether a value is a variable that was left out.
pub(crate) fn is_left_out(value: &ast::Value, variables: &JsonMap) -> bool {
    matches!(value, ast::Value::Variable(name) if !variables.contains_key(name.as_str()))
}

/// Turns a value that may have variables in it. A field of an object whose variable was left out is left out, an item of a
/// list is null (<https://spec.graphql.org/September2025/#sec-Input-Objects.Input-Coercion>).
pub(crate) fn value(from: &ast::Value, variables: &JsonMap) -> Value {
    match from {
        ast::Value::Null => Value::Null,
        ast::Value::Enum(name) => Value::Enum(Name::new(name.as_str())),
        ast::Value::Variable(_) if is_left_out(from, variables) => Value::Null,
        ast::Value::Variable(name) => Value::Variable(Name::new(name.as_str())),
        ast::Value::String(text) => Value::String(text.clone()),
        ast::Value::Float(number) => Value::Number(self::number(number.as_str())),
        ast::Value::Int(number) => Value::Number(self::number(number.as_str())),
        ast::Value::Boolean(flag) => Value::Boolean(*flag),
        ast::Value::List(items) => Value::List(items.iter().map(|item| value(item, variables)).collect()),
        ast::Value::Object(fields) => {
            let given = fields.iter().filter(|(_, field)| !is_left_out(field, variables));
            Value::Object(given.map(|(key, field)| (Name::new(key.as_str()), value(field, variables))).collect())
        }
    }
}

/// Turns a value that has no variables in it; where there is one, null.
pub(crate) fn constant(from: &ast::Value) -> ConstValue {
    value(from, &JsonMap::new()).into_const().unwrap_or_default()
}

/// Turns a coerced value of a variable.
pub(crate) fn from_json(json: &JsonValue) -> ConstValue {
    match json {
        JsonValue::Null => ConstValue::Null,
        JsonValue::Bool(flag) => ConstValue::Boolean(*flag),
        JsonValue::Number(number) => ConstValue::Number(number.clone()),
        JsonValue::String(text) => ConstValue::String(text.as_str().to_owned()),
        JsonValue::Array(items) => ConstValue::List(items.iter().map(from_json).collect()),
        JsonValue::Object(fields) => {
            ConstValue::Object(fields.iter().map(|(key, field)| (Name::new(key.as_str()), from_json(field))).collect())
        }
    }
}

fn number(text: &str) -> Number {
    // `-0` is a whole number in GraphQL and a fraction to the JSON reader.
    let whole = text.parse::<i64>().map(Number::from);
    whole.or_else(|_| text.parse::<Number>()).unwrap_or_else(|_| Number::from(0))
}

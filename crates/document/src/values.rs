//! Values of a document as the executor takes them.
//!
//! Owns the turn from apollo-compiler's values, and from coerced JSON, to async-graphql's.

use apollo_compiler::{ast, response::JsonValue};
use async_graphql_value::{ConstValue, Name, Number, Value};

/// Turns a value that may have variables in it.
pub(crate) fn value(from: &ast::Value) -> Value {
    match from {
        ast::Value::Null => Value::Null,
        ast::Value::Enum(name) => Value::Enum(Name::new(name.as_str())),
        ast::Value::Variable(name) => Value::Variable(Name::new(name.as_str())),
        ast::Value::String(text) => Value::String(text.clone()),
        ast::Value::Float(number) => Value::Number(self::number(number.as_str())),
        ast::Value::Int(number) => Value::Number(self::number(number.as_str())),
        ast::Value::Boolean(flag) => Value::Boolean(*flag),
        ast::Value::List(items) => Value::List(items.iter().map(|item| value(item)).collect()),
        ast::Value::Object(fields) => {
            Value::Object(fields.iter().map(|(key, field)| (Name::new(key.as_str()), value(field))).collect())
        }
    }
}

/// Turns a value that has no variables in it; where there is one, null.
pub(crate) fn constant(from: &ast::Value) -> ConstValue {
    value(from).into_const().unwrap_or_default()
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

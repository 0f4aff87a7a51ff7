//! Numbers that a request says: literally, in a variable, or by leaving them to their default.
//!
//! Owns finding a number in the arguments of a field, and its value once the variables are known.

use apollo_compiler::{
    Name,
    ast::{FieldDefinition, Value},
    executable::Field,
    response::{JsonMap, JsonValue},
};

/// A number of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Amount {
    /// What the request says; the largest counts.
    given: Vec<Given>,
    /// What holds when it says nothing.
    otherwise: Otherwise,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Given {
    Fixed(u64),
    Variable { name: Name, path: Vec<String>, measure: Measure },
}

/// What holds when a request does not say a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Otherwise {
    /// This number.
    Fixed(u64),
    /// The default page size of the server.
    DefaultPage,
    /// There is no bound.
    Endless,
}

/// What is meant by a value's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// The number itself.
    Number,
    /// How many items it has; what is no list is one.
    Items,
}

/// Where a number stands: an argument, or deeper within it, and what the schema says when it is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) argument: String,
    pub(super) path: Vec<String>,
    pub(super) measure: Measure,
    pub(super) default: Option<u64>,
}

impl Amount {
    /// Finds a number in a field's arguments, where it may stand in several places.
    pub(super) fn find(field: &Field, sources: &[Source], otherwise: Otherwise) -> Self {
        let given = sources.iter().filter_map(|source| source.given(field)).collect();
        let default = sources.iter().filter_map(|source| source.default).max();
        Self { given, otherwise: default.map_or(otherwise, Otherwise::Fixed) }
    }

    /// Returns the number.
    pub(super) fn value(&self, variables: &JsonMap, default_page_size: u64) -> u64 {
        let given = self.given.iter().filter_map(|given| match given {
            Given::Fixed(number) => Some(*number),
            Given::Variable { name, path, measure } => {
                let start = variables.get(name.as_str())?;
                let value = path.iter().try_fold(start, |value, key| value.as_object()?.get(key.as_str()))?;
                measure.of_json(value)
            }
        });
        given.max().unwrap_or(match self.otherwise {
            Otherwise::Fixed(number) => number,
            Otherwise::DefaultPage => default_page_size,
            Otherwise::Endless => u64::MAX,
        })
    }
}

impl Source {
    /// Makes the source of a whole argument.
    pub(super) fn of_argument(definition: &FieldDefinition, argument: &str, measure: Measure) -> Self {
        let definition = definition.argument_by_name(argument);
        let default = definition.and_then(|it| it.default_value.as_ref()).and_then(|value| measure.of_value(value));
        Self { argument: argument.to_owned(), path: Vec::new(), measure, default }
    }

    fn given(&self, field: &Field) -> Option<Given> {
        let mut value = field.specified_argument_by_name(&self.argument)?.as_ref();
        for (step, key) in self.path.iter().enumerate() {
            value = match value {
                Value::Variable(name) => return Some(self.variable(name, &self.path[step..])),
                Value::Object(entries) => entries.iter().find(|(name, _)| name.as_str() == key)?.1.as_ref(),
                _ => return None,
            };
        }
        match value {
            Value::Variable(name) => Some(self.variable(name, &[])),
            literal => self.measure.of_value(literal).map(Given::Fixed),
        }
    }

    fn variable(&self, name: &Name, path: &[String]) -> Given {
        Given::Variable { name: name.clone(), path: path.to_vec(), measure: self.measure }
    }
}

impl Measure {
    /// Returns the number of a literal; none for null.
    pub(super) fn of_value(self, value: &Value) -> Option<u64> {
        match (self, value) {
            (_, Value::Null) => None,
            (Self::Items, Value::List(items)) => Some(items.len() as u64),
            (Self::Items, _) => Some(1),
            // What is no number is an error before anything is executed; what is below zero asks for nothing.
            (Self::Number, Value::Int(number)) => {
                Some(if number.as_str().starts_with('-') { 0 } else { number.as_str().parse().unwrap_or(u64::MAX) })
            }
            (Self::Number, _) => None,
        }
    }

    fn of_json(self, value: &JsonValue) -> Option<u64> {
        match (self, value) {
            (_, JsonValue::Null) => None,
            (Self::Items, JsonValue::Array(items)) => Some(items.len() as u64),
            (Self::Items, _) => Some(1),
            (Self::Number, JsonValue::Number(number)) => {
                Some(number.as_u64().unwrap_or(if number.as_i64().is_some() { 0 } else { u64::MAX }))
            }
            (Self::Number, _) => None,
        }
    }
}

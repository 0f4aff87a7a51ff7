//! How the gateway's clients write filters, for whoever delivers to them.
//!
//! Owns the JSON form of a filter: what a client sent as `EntityFilter`, without what it left out.

use async_graphql::{InputType, Pos, Value};
use callboard_view::Filter;
use callboard_webhooks::Dialect;

use crate::schema::filter::EntityFilter;

/// Returns how filters are read.
#[must_use]
pub fn webhook_dialect() -> Dialect {
    Dialect { parse_filter: read_filter }
}

/// Writes a filter as JSON.
pub(crate) fn write_filter(filter: &EntityFilter) -> String {
    // A value made from a filter has nothing in it that JSON has not.
    without_nulls(filter.to_value()).into_json().unwrap_or_default().to_string()
}

/// Reads a filter that was written as JSON.
fn read_filter(text: &str) -> Result<Filter, String> {
    let json: serde_json::Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let value = Value::from_json(json).map_err(|error| error.to_string())?;
    let filter = EntityFilter::parse(Some(value)).map_err(|error| error.into_server_error(Pos::default()).message)?;
    filter.into_filter().map_err(|error| error.to_string())
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let given = fields.into_iter().filter(|(_, value)| *value != Value::Null);
            Value::Object(given.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        Value::List(items) => Value::List(items.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests;

//! JSON as text, written piece by piece.
//!
//! Owns commas, quotes and escapes, so that those who write an answer only name what stands in it.

use async_graphql::{Name, Value, indexmap::IndexMap};
use async_graphql_value::RAW_VALUE_TOKEN;
use callboard_document::NOTHING_ASKED;

/// A JSON text that grows.
#[derive(Debug, Default)]
pub(crate) struct JsonText(String);

impl JsonText {
    /// Makes an empty text with room for so many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// Begins an object; its members have to follow.
    pub(crate) fn begin_object(&mut self) {
        self.0.push('{');
    }

    /// Ends an object.
    pub(crate) fn end_object(&mut self) {
        self.0.push('}');
    }

    /// Writes the name of a member; its value has to follow. The name must need no escapes.
    pub(crate) fn key(&mut self, name: &str) {
        self.separate('{');
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }

    /// Begins a list; its items have to follow.
    pub(crate) fn begin_list(&mut self) {
        self.0.push('[');
    }

    /// Begins an item of a list; its value has to follow.
    pub(crate) fn item(&mut self) {
        self.separate('[');
    }

    /// Ends a list.
    pub(crate) fn end_list(&mut self) {
        self.0.push(']');
    }

    /// Writes a text, with the escapes that it needs.
    pub(crate) fn text(&mut self, text: &str) {
        if text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
            // Text always becomes JSON.
            self.0.push_str(&serde_json::to_string(text).unwrap_or_default());
        } else {
            self.0.push('"');
            self.0.push_str(text);
            self.0.push('"');
        }
    }

    /// Writes what is JSON already.
    pub(crate) fn raw(&mut self, json: &str) {
        self.0.push_str(json);
    }

    /// Writes what is JSON already, or null.
    pub(crate) fn raw_or_null(&mut self, json: Option<&str>) {
        self.0.push_str(json.unwrap_or("null"));
    }

    /// Writes what is JSON already, or else a text.
    pub(crate) fn raw_or_text(&mut self, json: Option<&str>, text: &str) {
        match json {
            Some(json) => self.0.push_str(json),
            None => self.text(text),
        }
    }

    /// Writes a list of those values that are texts.
    pub(crate) fn texts<'a>(&mut self, items: impl Iterator<Item = &'a str>) {
        self.begin_list();
        for item in items.filter(|item| item.starts_with('"')) {
            self.item();
            self.raw(item);
        }
        self.end_list();
    }

    /// Writes a value. Raw text in it is copied as it is.
    pub(crate) fn value(&mut self, value: &Value) {
        match value {
            Value::Object(members) => match raw_text(members) {
                Some(json) => self.0.push_str(json),
                None => {
                    self.begin_object();
                    for (name, value) in members.iter().filter(|(name, _)| *name != NOTHING_ASKED) {
                        self.key(name);
                        self.value(value);
                    }
                    self.end_object();
                }
            },
            Value::List(items) => {
                self.begin_list();
                for item in items {
                    self.item();
                    self.value(item);
                }
                self.end_list();
            }
            Value::String(text) => self.text(text),
            Value::Enum(name) => self.text(name),
            Value::Boolean(true) => self.0.push_str("true"),
            Value::Boolean(false) => self.0.push_str("false"),
            Value::Null => self.0.push_str("null"),
            Value::Number(_) | Value::Binary(_) => self.0.push_str(&serde_json::to_string(value).unwrap_or_default()),
        }
    }

    /// Turns it into a value that stands for this text, whatever it is: it is copied into the answer.
    pub(crate) fn into_value(self) -> Value {
        Value::Object(IndexMap::from_iter([(Name::new(RAW_VALUE_TOKEN), Value::String(self.0))]))
    }

    /// Returns the text.
    pub(crate) fn into_string(self) -> String {
        self.0
    }

    fn separate(&mut self, opening: char) {
        if !self.0.ends_with(opening) {
            self.0.push(',');
        }
    }
}

fn raw_text(members: &IndexMap<Name, Value>) -> Option<&str> {
    match members.get_index(0) {
        Some((name, Value::String(json))) if members.len() == 1 && name == RAW_VALUE_TOKEN => Some(json),
        _ => None,
    }
}

#[cfg(test)]
mod tests;

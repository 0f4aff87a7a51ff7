//! Placeholders: `$text`, `$json` and `$yaml`, which take another file into an entity.
//!
//! Owns finding and replacing them. Which file a target means, whether it may be read and reading it is the caller's
//! work (`crate::included` for files, `crate::urls` for addresses), so that this is pure. What is taken in is
//! not searched for placeholders again.

use std::sync::Arc;

use serde_json::Value;

use crate::documents;

/// Why a placeholder could not be filled in.
#[derive(Debug, Clone)]
pub(crate) struct PlaceholderFault {
    pub(crate) message: String,
    /// Whether trying again may help, although the file that holds the placeholder stays the same.
    pub(crate) is_passing: bool,
}

impl PlaceholderFault {
    pub(crate) fn lasting(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_passing: false }
    }

    pub(crate) fn passing(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_passing: true }
    }
}

/// A placeholder that could not be filled in, and where it stands.
#[derive(Debug)]
pub(crate) struct Unfilled {
    pub(crate) path: Vec<String>,
    pub(crate) fault: PlaceholderFault,
}

/// Gives the bytes of the file that a placeholder names.
pub(crate) type Include<'a> = dyn FnMut(&str) -> Result<Arc<[u8]>, PlaceholderFault> + 'a;

/// What a placeholder makes of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Json,
    Yaml,
}

/// Returns the targets of all placeholders in a value, each once, and the number of placeholders.
pub(crate) fn targets(value: &Value) -> (Vec<String>, usize) {
    let mut found = Vec::new();
    let mut count = 0;
    visit(value, &mut |_, argument| {
        count += 1;
        if let Some(target) = argument.as_str()
            && !found.iter().any(|known| known == target)
        {
            found.push(target.to_owned());
        }
    });
    (found, count)
}

/// Replaces every placeholder in a value by what `read` brings for its target; returns those that failed.
pub(crate) fn fill(value: &mut Value, read: &mut Include<'_>) -> Vec<Unfilled> {
    let mut unfilled = Vec::new();
    fill_at(value, &mut Vec::new(), read, &mut unfilled);
    unfilled
}

/// Puts a text in the place of each `$text`, and returns the paths of the others: enough to check the rest of an
/// entity without reading anything.
pub(crate) fn blank_out(value: &mut Value) -> Vec<Vec<String>> {
    let mut others = Vec::new();
    blank_at(value, &mut Vec::new(), &mut others);
    others
}

fn visit(value: &Value, found: &mut dyn FnMut(Form, &Value)) {
    if let Some((form, argument)) = as_placeholder(value) {
        found(form, argument);
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| visit(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| visit(field, found)),
        _ => {}
    }
}

fn fill_at(value: &mut Value, path: &mut Vec<String>, read: &mut Include<'_>, unfilled: &mut Vec<Unfilled>) {
    if let Some((form, argument)) = as_placeholder(value) {
        let filled = match argument.as_str() {
            Some(target) => read(target).and_then(|bytes| decode(form, target, &bytes)),
            None => Err(PlaceholderFault::lasting(format!("`{}` needs the address of a file as a text", form.key()))),
        };
        match filled {
            Ok(filled) => *value = filled,
            Err(fault) => unfilled.push(Unfilled { path: path.clone(), fault }),
        }
        return;
    }
    each_child(value, path, &mut |child, path| fill_at(child, path, read, unfilled));
}

fn blank_at(value: &mut Value, path: &mut Vec<String>, others: &mut Vec<Vec<String>>) {
    match as_placeholder(value) {
        Some((Form::Text, argument)) => *value = Value::String(argument.as_str().unwrap_or("text").to_owned()),
        Some(_) => others.push(path.clone()),
        None => each_child(value, path, &mut |child, path| blank_at(child, path, others)),
    }
}

fn each_child(value: &mut Value, path: &mut Vec<String>, visit: &mut dyn FnMut(&mut Value, &mut Vec<String>)) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate().filter(|(_, item)| item.is_array() || item.is_object()) {
                path.push(index.to_string());
                visit(item, path);
                path.pop();
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields.iter_mut().filter(|(_, field)| field.is_array() || field.is_object()) {
                path.push(key.clone());
                visit(field, path);
                path.pop();
            }
        }
        _ => {}
    }
}

/// A placeholder is an object with exactly one key that names one; any other `$key` is the entity's own business.
fn as_placeholder(value: &Value) -> Option<(Form, &Value)> {
    let fields = value.as_object().filter(|fields| fields.len() == 1)?;
    let (key, argument) = fields.iter().next()?;
    let form = match key.as_str() {
        "$text" => Form::Text,
        "$json" => Form::Json,
        "$yaml" => Form::Yaml,
        _ => return None,
    };
    Some((form, argument))
}

fn decode(form: Form, target: &str, bytes: &[u8]) -> Result<Value, PlaceholderFault> {
    match form {
        Form::Text => std::str::from_utf8(bytes)
            .map(|text| Value::String(text.to_owned()))
            .map_err(|error| PlaceholderFault::lasting(format!("`{target}` is not UTF-8 text: {error}"))),
        Form::Json => serde_json::from_slice(bytes)
            .map_err(|error| PlaceholderFault::lasting(format!("`{target}` is not JSON: {error}"))),
        Form::Yaml => documents::single(bytes)
            .map_err(|message| PlaceholderFault::lasting(format!("`{target}` is not one YAML document: {message}"))),
    }
}

impl Form {
    fn key(self) -> &'static str {
        match self {
            Self::Text => "$text",
            Self::Json => "$json",
            Self::Yaml => "$yaml",
        }
    }
}

#[cfg(test)]
mod tests;

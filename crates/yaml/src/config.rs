//! Reading the operator's configuration, and writing YAML.
//!
//! Owns the door to the ordinary parser. What the operator wrote is trusted not to be hostile; everything else goes
//! through `crate::stream`.

use serde_json::Value;

use crate::{
    YamlError, YamlErrorKind,
    value::{JsonValue, TWICE},
};

/// Parses a configuration file: one document, null when it is empty.
///
/// # Errors
/// When it is not YAML; the message names the file.
pub fn parse_config(text: &str, file: &str) -> Result<Value, YamlError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parsed: Result<JsonValue, _> = serde_yaml::from_str(text);
    parsed.map(|JsonValue(value)| value).map_err(|error| {
        let place = error.location();
        let fault = error.to_string();
        let kind = match fault.contains(TWICE) {
            true => YamlErrorKind::DuplicateKey,
            false => YamlErrorKind::Syntax,
        };
        let error = YamlError { message: format!("{file}: {fault}"), line: None, column: None, kind };
        place.map_or(error.clone(), |place| error.at(place.line(), place.column()))
    })
}

/// Writes a value as YAML, with a line break at the end.
#[must_use]
pub fn to_yaml(value: &Value) -> String {
    // A JSON value has nothing that YAML can't hold, and a string never fails to take more text.
    serde_yaml::to_string(value).unwrap_or_else(|error| format!("# not written: {error}\n"))
}

#[cfg(test)]
mod tests;

//! Checks a configuration tree against the table of keys, and finds every mistake at once.
//!
//! Owns which keys exist and whether values have their shape. It converts nothing: that is `crate::settings`' work,
//! which runs only on a tree without mistakes.

use serde_json::Value;

use crate::{
    error::Mistake,
    keys::{KEYS, KeyDefault, KeyDefinition},
    load::{Files, UnsetVariable, UnusedKey},
    suggestion::nearest,
    tree::{Body, Node},
};

/// What a check found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) mistakes: Vec<Mistake>,
    pub(crate) unused: Vec<UnusedKey>,
    pub(crate) unset: Vec<UnsetVariable>,
}

/// Checks the whole tree.
pub(crate) fn check(root: &Node, files: &Files) -> Findings {
    let mut walk = Walk { files, findings: Findings::default() };
    walk.node(root, "", "");
    walk.findings
}

struct Walk<'a> {
    files: &'a Files,
    findings: Findings,
}

impl Walk<'_> {
    /// Checks one node: `pattern` is its key as the table writes it, `actual` the same with numbers in the brackets.
    fn node(&mut self, node: &Node, pattern: &str, actual: &str) {
        match &node.body {
            Body::Plain(Value::Null) => {}
            Body::Unset { variable } => {
                self.findings.unset.push(UnsetVariable { key: actual.to_owned(), variable: variable.clone() });
            }
            Body::Plain(value) => {
                if !find_definition(pattern).is_some_and(|definition| definition.shape.accepts(value)) {
                    self.wrong_value(node, pattern, actual);
                }
            }
            Body::List(items) if is_list(pattern) => {
                for (index, item) in items.iter().enumerate() {
                    let (pattern, actual) = (format!("{pattern}[]"), format!("{actual}[{index}]"));
                    match item.body {
                        Body::Plain(Value::Null) => self.wrong_value(item, &pattern, &actual),
                        _ => self.node(item, &pattern, &actual),
                    }
                }
            }
            Body::Map(entries) if is_map(pattern) => {
                self.entries(entries, pattern, actual);
                self.required(node, entries, pattern, actual);
            }
            Body::List(_) | Body::Map(_) => {
                let value = node.to_value().unwrap_or_default();
                if !find_definition(pattern).is_some_and(|definition| definition.shape.accepts(&value)) {
                    self.wrong_value(node, pattern, actual);
                }
            }
        }
    }

    fn entries(&mut self, entries: &[(String, Node)], pattern: &str, actual: &str) {
        for (name, node) in entries {
            let (child_pattern, child_actual) = (join(pattern, name), join(actual, name));
            if is_known(&child_pattern) {
                self.node(node, &child_pattern, &child_actual);
            } else if child_pattern == "callboard" || child_pattern.starts_with("callboard.") {
                let suggestion = nearest(name, names_under(pattern)).map(|near| join(actual, near));
                let place = self.files.place(node, &child_actual);
                self.findings.mistakes.push(Mistake::UnknownKey { place, suggestion });
            } else {
                self.findings.unused.push(UnusedKey { key: child_actual, file: node.origin.file.clone() });
            }
        }
    }

    fn required(&mut self, node: &Node, entries: &[(String, Node)], pattern: &str, actual: &str) {
        for definition in KEYS.iter().filter(|definition| definition.default == KeyDefault::Required) {
            let Some(name) = definition.key.strip_prefix(pattern).and_then(|rest| rest.strip_prefix('.')) else {
                continue;
            };
            if name.contains(['.', '[']) {
                continue;
            }
            let variable = match entries.iter().find(|(key, _)| key == name).map(|(_, node)| &node.body) {
                None | Some(Body::Plain(Value::Null)) => None,
                Some(Body::Unset { variable }) => Some(variable.clone()),
                Some(_) => continue,
            };
            let place = self.files.place(node, &join(actual, name));
            let expected = definition.shape.describe().into_owned();
            self.findings.mistakes.push(Mistake::Missing { place, expected, variable });
        }
    }

    fn wrong_value(&mut self, node: &Node, pattern: &str, actual: &str) {
        let definition = find_definition(pattern);
        let mut expected: Vec<String> =
            definition.iter().map(|definition| definition.shape.describe().into_owned()).collect();
        if is_list(pattern) {
            expected.push("a list".to_owned());
        }
        if is_map(pattern) {
            let names: Vec<_> = names_under(pattern).map(|name| format!("`{name}`")).collect();
            expected.push(format!("an object with {}", names.join(", ")));
        }
        let hides_value = definition.is_some_and(|definition| definition.shape.is_secret());
        let place = self.files.place(node, actual);
        let found = describe_found(&node.body, hides_value);
        self.findings.mistakes.push(Mistake::WrongValue { place, expected: expected.join(", or "), found });
    }
}

/// Describes what stands there, with the value where it is short and may be shown.
fn describe_found(body: &Body, hides_value: bool) -> String {
    match body {
        Body::Plain(Value::Null) => "empty".to_owned(),
        Body::Plain(value) if !hides_value && value.to_string().len() <= 80 => match value {
            Value::String(text) if text.is_empty() => "an empty text".to_owned(),
            Value::String(text) => format!("`{text}`"),
            other => format!("`{other}`"),
        },
        Body::Plain(value) => type_name(value).to_owned(),
        Body::List(_) => "a list".to_owned(),
        Body::Map(_) => "an object".to_owned(),
        Body::Unset { .. } => "not set".to_owned(),
    }
}

/// Names the type of a value.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a flag",
        Value::Number(_) => "a number",
        Value::String(text) if text.trim().is_empty() => "an empty text",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") }
}

fn find_definition(pattern: &str) -> Option<&'static KeyDefinition> {
    KEYS.iter().find(|definition| definition.key == pattern)
}

fn is_list(pattern: &str) -> bool {
    KEYS.iter().any(|definition| definition.key.strip_prefix(pattern).is_some_and(|rest| rest.starts_with("[]")))
}

fn is_map(pattern: &str) -> bool {
    pattern.is_empty()
        || KEYS.iter().any(|definition| definition.key.strip_prefix(pattern).is_some_and(|rest| rest.starts_with('.')))
}

fn is_known(pattern: &str) -> bool {
    find_definition(pattern).is_some() || is_list(pattern) || is_map(pattern)
}

/// Returns the names of the keys directly under one, each once.
fn names_under(pattern: &str) -> impl Iterator<Item = &'static str> {
    let mut last = "";
    KEYS.iter().filter_map(move |definition| {
        let rest = definition.key.strip_prefix(pattern)?;
        let rest = if pattern.is_empty() { rest } else { rest.strip_prefix('.')? };
        // `spec.type` is one key with a dot in it, as Backstage writes it.
        let name = if rest == "spec.type" { rest } else { rest.split(['.', '[']).next()? };
        (name != std::mem::replace(&mut last, name)).then_some(name)
    })
}

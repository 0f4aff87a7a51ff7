//! The envelope: the rules that every entity keeps, whatever its kind.
//!
//! Owns the root fields and `metadata`; what `spec` must hold is `crate::kinds`' work, the forms themselves are
//! `crate::formats`'. Start reading at [`check`].

use serde_json::{Map, Value};

use crate::{Violation, formats};

const ROOT_FIELDS: [&str; 4] = ["apiVersion", "kind", "metadata", "spec"];

/// Checks the root fields and `metadata`, and adds every violation.
pub(crate) fn check(entity: &Map<String, Value>, violations: &mut Vec<Violation>) {
    let mut check = Checker { violations };
    for key in entity.keys().filter(|key| !ROOT_FIELDS.contains(&key.as_str())) {
        check.refuse(&[key], foreign_root_field(key));
    }
    if let Some(text) = check.required_text(entity, &["apiVersion"]) {
        check.form(&["apiVersion"], text, formats::is_api_version, "`backstage.io/v1alpha1` or the like");
    }
    if let Some(text) = check.required_text(entity, &["kind"]) {
        check.form(&["kind"], text, formats::is_kind, "letters and digits, a letter first, at most 63");
    }
    match entity.get("metadata") {
        None => check.refuse(&["metadata"], "is required".to_owned()),
        Some(Value::Object(metadata)) => check_metadata(metadata, &mut check),
        Some(other) => check.refuse(&["metadata"], wrong_type("an object", other)),
    }
    if let Some(spec) = entity.get("spec")
        && !spec.is_object()
    {
        check.refuse(&["spec"], wrong_type("an object", spec));
    }
}

/// Says that a value is not what it should be, for example `must be a string, not a number`.
pub(crate) fn wrong_type(expected: &str, found: &Value) -> String {
    let found = match found {
        Value::Null => "empty (null)",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    format!("must be {expected}, not {found}")
}

fn check_metadata(metadata: &Map<String, Value>, check: &mut Checker<'_>) {
    const NAME_FORM: &str = "letters, digits, `-`, `_` and `.`, a letter or digit at both ends, at most 63";
    if let Some(text) = check.required_text(metadata, &["metadata", "name"]) {
        check.form(&["metadata", "name"], text, formats::is_name, NAME_FORM);
    }
    if let Some(text) = check.optional_text(metadata, &["metadata", "namespace"]) {
        let form = "lower-case letters, digits and `-`, a letter or digit at both ends, at most 63";
        check.form(&["metadata", "namespace"], text, formats::is_namespace, form);
    }
    for field in ["uid", "etag", "title"] {
        check.optional_text(metadata, &["metadata", field]);
    }
    if let Some(description) = metadata.get("description")
        && !description.is_string()
    {
        check.refuse(&["metadata", "description"], wrong_type("a string", description));
    }
    const KEY_FORM: &str = "a name, or a lower-case domain, `/` and a name";
    check.texts(metadata, "labels", |check, key, value| {
        check.form(&["metadata", "labels", key], key, formats::is_key, KEY_FORM);
        check.form(&["metadata", "labels", key], value, formats::is_label_value, NAME_FORM);
    });
    check.texts(metadata, "annotations", |check, key, _| {
        check.form(&["metadata", "annotations", key], key, formats::is_key, KEY_FORM);
    });
    check_tags(metadata, check);
    check_links(metadata, check);
}

fn check_tags(metadata: &Map<String, Value>, check: &mut Checker<'_>) {
    let form = "lower-case letters, digits, `+`, `#` and `:`, parts joined by single `-`, at most 63";
    for (index, tag) in check.list(metadata, "tags").iter().enumerate() {
        let index = index.to_string();
        let path = ["metadata", "tags", &index];
        if let Some(text) = check.text(tag, &path) {
            check.form(&path, text, formats::is_tag, form);
        }
    }
}

fn check_links(metadata: &Map<String, Value>, check: &mut Checker<'_>) {
    for (index, link) in check.list(metadata, "links").iter().enumerate() {
        let index = index.to_string();
        let Value::Object(link) = link else {
            check.refuse(&["metadata", "links", &index], wrong_type("an object", link));
            continue;
        };
        let path = ["metadata", "links", &index, "url"];
        if let Some(url) = check.required_text(link, &path) {
            check.form(&path, url, formats::is_url, "an absolute address such as `https://example.com/`");
        }
        for field in ["title", "icon"] {
            let path = ["metadata", "links", &index, field];
            if let Some(text) = check.optional_text(link, &path) {
                check.form(&path, text, |text| !formats::is_blank(text), "more than blanks");
            }
        }
        check.optional_text(link, &["metadata", "links", &index, "type"]);
    }
}

fn foreign_root_field(key: &str) -> String {
    if matches!(key, "relations" | "status") {
        return "is written by the catalog and can't be declared".to_owned();
    }
    match ROOT_FIELDS.into_iter().find(|field| field.eq_ignore_ascii_case(key)) {
        Some(field) => format!("is not a field of an entity; did you mean `{field}`?"),
        None => "is not a field of an entity; only `apiVersion`, `kind`, `metadata` and `spec` are".to_owned(),
    }
}

/// Adds violations, with as little writing as possible for each rule.
struct Checker<'a> {
    violations: &'a mut Vec<Violation>,
}

impl Checker<'_> {
    fn refuse(&mut self, path: &[&str], message: String) {
        self.violations.push(Violation::refusal(path, message));
    }

    fn form(&mut self, path: &[&str], text: &str, has_form: impl Fn(&str) -> bool, form: &str) {
        if !has_form(text) {
            self.refuse(path, format!("`{}` has not the right form: {form}", shortened(text)));
        }
    }

    /// Returns the text of the field that `path` ends with, if it is there and may be looked at further.
    fn required_text<'v>(&mut self, object: &'v Map<String, Value>, path: &[&str]) -> Option<&'v str> {
        match object.get(*path.last()?) {
            Some(value) => self.text(value, path),
            None => {
                self.refuse(path, "is required".to_owned());
                None
            }
        }
    }

    fn optional_text<'v>(&mut self, object: &'v Map<String, Value>, path: &[&str]) -> Option<&'v str> {
        self.text(object.get(*path.last()?)?, path)
    }

    fn text<'v>(&mut self, value: &'v Value, path: &[&str]) -> Option<&'v str> {
        match value {
            Value::String(text) if text.is_empty() => self.refuse(path, "must not be empty".to_owned()),
            Value::String(text) => return Some(text),
            other => self.refuse(path, wrong_type("a string", other)),
        }
        None
    }

    fn texts(&mut self, metadata: &Map<String, Value>, field: &str, mut check_one: impl FnMut(&mut Self, &str, &str)) {
        match metadata.get(field) {
            None => {}
            Some(Value::Object(texts)) => {
                for (key, value) in texts {
                    match value {
                        Value::String(value) => check_one(self, key, value),
                        other => self.refuse(&["metadata", field, key], wrong_type("a string", other)),
                    }
                }
            }
            Some(other) => self.refuse(&["metadata", field], wrong_type("an object", other)),
        }
    }

    fn list<'v>(&mut self, metadata: &'v Map<String, Value>, field: &str) -> &'v [Value] {
        match metadata.get(field) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(other) => {
                self.refuse(&["metadata", field], wrong_type("a list", other));
                &[]
            }
        }
    }
}

/// Cuts a text that would make a message unreadable.
fn shortened(text: &str) -> String {
    const MAX_SHOWN: usize = 80;
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

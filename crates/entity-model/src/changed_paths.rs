//! Which fields differ between two documents.
//!
//! Owns that comparison. Lists are compared as a whole, because their items have no names.

use serde_json::Value;

/// Returns the paths of the fields that differ, in the order of the documents. A key with a dot or a slash stands in
/// brackets: `metadata.annotations["backstage.io/view-url"]`.
#[must_use]
pub fn changed_paths(before: &Value, after: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    collect(before, after, "", &mut paths);
    paths
}

fn collect(before: &Value, after: &Value, path: &str, paths: &mut Vec<String>) {
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        if before != after {
            paths.push(path.to_owned());
        }
        return;
    };
    let gone = old.keys().filter(|key| !new.contains_key(*key));
    for key in new.keys().chain(gone) {
        let path = join(path, key);
        match (old.get(key), new.get(key)) {
            (Some(before), Some(after)) => collect(before, after, &path, paths),
            _ => paths.push(path),
        }
    }
}

fn join(path: &str, key: &str) -> String {
    match key.contains(['.', '/', '[', '"']) {
        true => format!("{path}[{}]", Value::from(key)),
        false if path.is_empty() => key.to_owned(),
        false => format!("{path}.{key}"),
    }
}

#[cfg(test)]
mod tests;

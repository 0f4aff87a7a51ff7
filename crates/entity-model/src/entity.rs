//! The entity: a validated envelope.
//!
//! Owns the order in which the rules are applied, what is dropped with a warning, and the document that is stored. The
//! rules stand in `crate::envelope`, `crate::kinds` and `crate::relations`. Start reading at [`Entity::validate`].

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::{
    DEFAULT_NAMESPACE, EntityRef, ModelPolicy, Relation, Violation, ViolationCode, envelope, kinds::Kind, relations_of,
    unsafe_url,
};

/// SHA-256 of an entity's compact JSON.
pub type ContentHash = [u8; 32];

/// A valid entity.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    reference: EntityRef,
    value: Value,
    relations: Vec<Relation>,
}

impl Entity {
    /// Checks a value against every rule and returns it as an entity, with `metadata.namespace` filled in, and the
    /// warnings.
    ///
    /// Links and annotations with an address that a browser would run are taken out, each with a warning.
    ///
    /// # Errors
    /// Every violation found, fatal ones and warnings.
    pub fn validate(value: Value, policy: ModelPolicy) -> Result<(Self, Vec<Violation>), Vec<Violation>> {
        let mut violations = Vec::new();
        let Value::Object(mut entity) = value else {
            return Err(vec![Violation::refusal(&[], envelope::wrong_type("an object", &value))]);
        };
        envelope::check(&entity, &mut violations);
        check_kind(&entity, policy, &mut violations);
        let reference = readable_ref(&entity);
        let relations = match &reference {
            Some(reference) => declared_relations(reference, entity.get("spec"), &mut violations),
            None => Vec::new(),
        };
        drop_unsafe_links(&mut entity, &mut violations);
        drop_unsafe_annotations(&mut entity, &mut violations);
        for (key, value) in &entity {
            warn_within(key, value, &mut Vec::new(), &mut violations);
        }
        match reference {
            Some(reference) if violations.iter().all(|violation| !violation.is_fatal) => {
                fill_in_namespace(&mut entity);
                Ok((Self { reference, value: Value::Object(entity), relations }, violations))
            }
            _ => Err(violations),
        }
    }

    /// Returns the reference of a value that may be invalid, as far as it names itself.
    #[must_use]
    pub fn readable_ref(value: &Value) -> Option<EntityRef> {
        readable_ref(value.as_object()?)
    }

    /// Returns the reference.
    #[must_use]
    pub fn entity_ref(&self) -> &EntityRef {
        &self.reference
    }

    /// Returns the whole entity.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the relations that it declares.
    #[must_use]
    pub fn relations(&self) -> &[Relation] {
        &self.relations
    }

    /// Sets an annotation, replacing what was written.
    pub fn annotate(&mut self, key: &str, value: &str) {
        let Some(metadata) = self.value.get_mut("metadata").and_then(Value::as_object_mut) else {
            return;
        };
        let annotations = metadata.entry("annotations").or_insert_with(|| Value::Object(Map::new()));
        if let Some(annotations) = annotations.as_object_mut() {
            annotations.insert(key.to_owned(), value.into());
        }
    }

    /// Returns the compact JSON and its hash.
    #[must_use]
    pub fn into_document(self) -> (Box<str>, ContentHash) {
        let document = self.value.to_string().into_boxed_str();
        let hash = Sha256::digest(document.as_bytes()).into();
        (document, hash)
    }
}

/// Checks that the kind is known in this version, and `spec` against it.
fn check_kind(entity: &Map<String, Value>, policy: ModelPolicy, violations: &mut Vec<Violation>) {
    let text = |field| entity.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (Some(name), Some(api_version)) = (text("kind"), text("apiVersion")) else {
        return;
    };
    let Some(kind) = Kind::from_lowercase(name) else {
        if !policy.allows_custom_kinds {
            let names = Kind::ALL.map(Kind::as_str).join("`, `");
            refuse_kind("kind", format!("`{name}` is not a known kind; there are `{names}`"), violations);
        }
        return;
    };
    // A custom kind must not have a built-in kind's name: both would have the same references.
    if kind.as_str() != name {
        let message = format!("`{name}` is not a known kind; did you mean `{}`?", kind.as_str());
        return refuse_kind("kind", message, violations);
    }
    let versions = kind.rules().api_versions;
    if !versions.contains(&api_version) {
        let message = format!("a {name} can't have `{api_version}`, only `{}`", versions.join("` or `"));
        return refuse_kind("apiVersion", message, violations);
    }
    match entity.get("spec") {
        None => violations.push(Violation::refusal(&["spec"], "is required".to_owned())),
        Some(spec) if spec.is_object() => kind.spec_schema().check(spec, violations),
        // The envelope has said that it is not an object.
        Some(_) => {}
    }
}

fn refuse_kind(field: &str, message: String, violations: &mut Vec<Violation>) {
    violations.push(Violation { code: ViolationCode::UnknownKind, ..Violation::refusal(&[field], message) });
}

fn readable_ref(entity: &Map<String, Value>) -> Option<EntityRef> {
    let metadata = entity.get("metadata")?.as_object()?;
    let namespace = match metadata.get("namespace") {
        None => DEFAULT_NAMESPACE,
        Some(namespace) => namespace.as_str()?,
    };
    EntityRef::new(entity.get("kind")?.as_str()?, namespace, metadata.get("name")?.as_str()?).ok()
}

/// Reads the relations; of the references that can't be read, only those are added that the schema has let pass.
fn declared_relations(reference: &EntityRef, spec: Option<&Value>, violations: &mut Vec<Violation>) -> Vec<Relation> {
    relations_of(reference, spec).unwrap_or_else(|unreadable| {
        for violation in unreadable {
            if !violations.iter().any(|known| violation.path.starts_with(&known.path)) {
                violations.push(violation);
            }
        }
        Vec::new()
    })
}

fn drop_unsafe_links(entity: &mut Map<String, Value>, violations: &mut Vec<Violation>) {
    let links = entity.get_mut("metadata").and_then(|metadata| metadata.get_mut("links")).and_then(Value::as_array_mut);
    let mut index = 0;
    if let Some(links) = links {
        links.retain(|link| {
            let scheme = link.get("url").and_then(Value::as_str).and_then(unsafe_url::running_scheme);
            if let Some(scheme) = scheme {
                violations.push(unsafe_address(&["metadata", "links", &index.to_string(), "url"], "link", scheme));
            }
            index += 1;
            scheme.is_none()
        });
    }
}

fn drop_unsafe_annotations(entity: &mut Map<String, Value>, violations: &mut Vec<Violation>) {
    let annotations =
        entity.get_mut("metadata").and_then(|metadata| metadata.get_mut("annotations")).and_then(Value::as_object_mut);
    if let Some(annotations) = annotations {
        annotations.retain(|key, value| {
            let scheme = value.as_str().and_then(|value| unsafe_url::running_scheme_of_annotation(key, value));
            if let Some(scheme) = scheme {
                violations.push(unsafe_address(&["metadata", "annotations", key], "annotation", scheme));
            }
            scheme.is_none()
        });
    }
}

fn unsafe_address(path: &[&str], what: &str, scheme: &str) -> Violation {
    let message = format!("the {what} is left out because browsers run `{scheme}:` addresses");
    Violation { code: ViolationCode::UnsafeUrl, is_fatal: false, ..Violation::refusal(path, message) }
}

/// Warns of keys that searching can't tell apart; Backstage never shows such an entity.
fn warn_of_keys_that_differ_in_case(
    object: &Map<String, Value>,
    path: &mut Vec<String>,
    violations: &mut Vec<Violation>,
) {
    let mut keys: Vec<_> = match may_differ_only_in_case(object) {
        true => object.keys().map(|key| (key.to_lowercase(), key)).collect(),
        false => Vec::new(),
    };
    keys.sort_unstable();
    for pair in keys.windows(2) {
        if let [(one, first), (other, second)] = pair
            && one == other
        {
            let mut path = path.clone();
            path.push((*second).clone());
            let message = format!("differs from `{first}` only in case, so filters can't tell them apart");
            violations.push(Violation { path, is_fatal: false, ..Violation::refusal(&[], message) });
        }
    }
    for (key, value) in object {
        warn_within(key, value, path, violations);
    }
}

/// Returns false when a quick look, which nearly always suffices, shows that all keys differ in more than their case.
fn may_differ_only_in_case(object: &Map<String, Value>) -> bool {
    const FEW: usize = 24;
    let are_alike =
        |(index, key): (usize, &String)| object.keys().take(index).any(|other| other.eq_ignore_ascii_case(key));
    object.len() > FEW || object.keys().any(|key| !key.is_ascii()) || object.keys().enumerate().any(are_alike)
}

fn warn_within(key: &str, value: &Value, path: &mut Vec<String>, violations: &mut Vec<Violation>) {
    if !matches!(value, Value::Object(_) | Value::Array(_)) {
        return;
    }
    path.push(key.to_owned());
    match value {
        Value::Object(object) => warn_of_keys_that_differ_in_case(object, path, violations),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate().filter(|(_, item)| item.is_object() || item.is_array()) {
                warn_within(&index.to_string(), item, path, violations);
            }
        }
        _ => {}
    }
    path.pop();
}

fn fill_in_namespace(entity: &mut Map<String, Value>) {
    if let Some(Value::Object(metadata)) = entity.get_mut("metadata")
        && !metadata.contains_key("namespace")
    {
        let after_name = metadata.keys().position(|key| key == "name").map_or(0, |at| at + 1);
        metadata.shift_insert(after_name, "namespace".to_owned(), DEFAULT_NAMESPACE.into());
    }
}

#[cfg(test)]
mod tests;

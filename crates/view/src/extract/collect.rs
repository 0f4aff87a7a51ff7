//! The pass over a document that picks the leaves at wanted paths.
//!
//! Owns the streaming: everything that no path leads to is skipped, not built. What the leaves mean is the parent's
//! work.

use std::fmt;

use callboard_entity_model::RELATION_FIELDS;
use serde::{
    Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

/// Reads a document once and calls `visit` with the number of a path and a leaf under it, `None` for null. Returns, when
/// it is wanted and there, of `spec` the fields that declare relations; the others can be large and are skipped.
///
/// # Errors
/// When the document is not JSON, or not an object.
pub(crate) fn collect<'p>(
    document: &str,
    paths: &[&'p str],
    wants_spec: bool,
    visit: &mut dyn FnMut(usize, Option<&str>),
) -> serde_json::Result<Option<Value>> {
    let rests: Vec<Rest<'p>> = paths.iter().enumerate().map(|(path, rest)| Rest { path, rest }).collect();
    let mut deserializer = serde_json::Deserializer::from_str(document);
    let spec = deserializer.deserialize_map(Root { rests: &rests, wants_spec, visit })?;
    deserializer.end()?;
    Ok(spec)
}

/// A wanted path, and what of it is still to be walked.
#[derive(Clone, Copy)]
struct Rest<'p> {
    path: usize,
    rest: &'p str,
}

/// Follows one key: returns what of the path remains after it. Keys may have dots themselves.
fn follow<'p>(rest: &'p str, key: &str) -> Option<&'p str> {
    let after = if key.is_ascii() {
        let head = rest.as_bytes().get(..key.len())?;
        if !head.eq_ignore_ascii_case(key.as_bytes()) {
            return None;
        }
        rest.get(key.len()..)?
    } else {
        rest.strip_prefix(key.to_lowercase().as_str())?
    };
    if after.is_empty() { Some(after) } else { after.strip_prefix('.') }
}

fn follow_all<'p>(rests: &[Rest<'p>], key: &str) -> Vec<Rest<'p>> {
    let follow_one = |rest: &Rest<'p>| Some(Rest { path: rest.path, rest: follow(rest.rest, key)? });
    rests.iter().filter(|rest| !rest.rest.is_empty()).filter_map(follow_one).collect()
}

/// A key of an object, looked at without being kept.
struct Key<'s, 'p>(&'s [Rest<'p>], bool);

/// Where a key leads.
enum Step<'p> {
    Spec(Vec<Rest<'p>>),
    Into(Vec<Rest<'p>>),
    Nowhere,
}

impl<'de, 'p> DeserializeSeed<'de> for Key<'_, 'p> {
    type Value = Step<'p>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'p> Visitor<'_> for Key<'_, 'p> {
    type Value = Step<'p>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        let rests = follow_all(self.0, key);
        Ok(match (self.1 && key == "spec", rests.is_empty()) {
            (true, _) => Step::Spec(rests),
            (false, false) => Step::Into(rests),
            (false, true) => Step::Nowhere,
        })
    }
}

struct Root<'s, 'p> {
    rests: &'s [Rest<'p>],
    wants_spec: bool,
    visit: &'s mut dyn FnMut(usize, Option<&str>),
}

impl<'de> Visitor<'de> for Root<'_, '_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entity")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut spec = None;
        while let Some(step) = map.next_key_seed(Key(self.rests, self.wants_spec))? {
            match step {
                Step::Spec(rests) => spec = map.next_value_seed(Spec { rests: &rests, visit: &mut *self.visit })?,
                Step::Into(rests) => {
                    map.next_value_seed(Leaf { rests: &rests, is_element: false, visit: &mut *self.visit })?
                }
                Step::Nowhere => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(spec)
    }
}

/// The `spec` of an entity, of which the fields that declare relations are kept.
struct Spec<'s, 'p> {
    rests: &'s [Rest<'p>],
    visit: &'s mut dyn FnMut(usize, Option<&str>),
}

impl<'de> DeserializeSeed<'de> for Spec<'_, '_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Spec<'_, '_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut kept = Map::new();
        while let Some((relation, rests)) = map.next_key_seed(SpecKey(self.rests))? {
            let leaf = Leaf { rests: &rests, is_element: false, visit: &mut *self.visit };
            match (relation, rests.is_empty()) {
                (Some(field), is_unwanted) => {
                    let value: Value = map.next_value()?;
                    if !is_unwanted {
                        leaf.deserialize(&value).map_err(serde::de::Error::custom)?;
                    }
                    kept.insert(field.to_owned(), value);
                }
                (None, false) => map.next_value_seed(leaf)?,
                (None, true) => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(Some(Value::Object(kept)))
    }
}

/// A key of `spec`, looked at without being kept: which relation field it is, and where the paths lead from it.
struct SpecKey<'s, 'p>(&'s [Rest<'p>]);

impl<'de, 'p> DeserializeSeed<'de> for SpecKey<'_, 'p> {
    type Value = (Option<&'static str>, Vec<Rest<'p>>);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'p> Visitor<'_> for SpecKey<'_, 'p> {
    type Value = (Option<&'static str>, Vec<Rest<'p>>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok((RELATION_FIELDS.into_iter().find(|field| *field == key), follow_all(self.0, key)))
    }
}

/// A value below the root that some path leads to.
struct Leaf<'s, 'p> {
    rests: &'s [Rest<'p>],
    /// In a list, a text can be the rest of a path, with the value `true`.
    is_element: bool,
    visit: &'s mut dyn FnMut(usize, Option<&str>),
}

impl Leaf<'_, '_> {
    fn found(self, value: Option<&str>) {
        for rest in self.rests.iter().filter(|rest| rest.rest.is_empty()) {
            (self.visit)(rest.path, value);
        }
    }
}

impl<'de> DeserializeSeed<'de> for Leaf<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Leaf<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.found(None);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.found(Some(if value { "true" } else { "false" }));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.found(Some(&value.to_string()));
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.found(Some(&value.to_string()));
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        let text = serde_json::Number::from_f64(value).map(|number| number.to_string());
        self.found(text.as_deref());
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        for rest in self.rests.iter().filter(|rest| self.is_element && !rest.rest.is_empty()) {
            if follow(rest.rest, value) == Some("") {
                (self.visit)(rest.path, Some("true"));
            }
        }
        self.found(Some(value));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Leaf { rests: self.rests, is_element: true, visit: &mut *self.visit })?.is_some() {
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(step) = map.next_key_seed(Key(self.rests, false))? {
            match step {
                Step::Into(rests) | Step::Spec(rests) => {
                    map.next_value_seed(Leaf { rests: &rests, is_element: false, visit: &mut *self.visit })?;
                }
                Step::Nowhere => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

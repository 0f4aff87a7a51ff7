//! The configuration as a tree whose every value knows the file it came from.
//!
//! Owns layering (objects merge, lists and plain values are replaced) and reading values out. Whether a value is right
//! is `crate::check`'s question, which comes first; the readers here return the neutral value for what is not there.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use url::Url;

use crate::{
    duration::parse_duration,
    secret::Secret,
    shape::{bytes_of, flag_of, integer_of, number_of, parse_http_url, text_of},
};

/// A value and where it came from.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) origin: Origin,
    pub(crate) body: Body,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) file: Arc<str>,
    /// Whether the key's path in the configuration is also its path in that file, so that its line can be found.
    pub(crate) has_same_path: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// A text, number, flag or null.
    Plain(Value),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
    /// Not set, because this environment variable is not.
    Unset {
        variable: String,
    },
}

impl Node {
    /// Returns this node with another laid over it.
    pub(crate) fn overlaid(self, over: Node) -> Node {
        match (self.body, over.body) {
            (below, Body::Unset { .. }) if !matches!(below, Body::Unset { .. }) => {
                Node { origin: self.origin, body: below }
            }
            (Body::Map(mut below), Body::Map(above)) => {
                for (key, node) in above {
                    match below.iter().position(|(known, _)| *known == key) {
                        Some(at) => {
                            let (key, old) = below.remove(at);
                            below.insert(at, (key, old.overlaid(node)));
                        }
                        None => below.push((key, node)),
                    }
                }
                Node { origin: over.origin, body: Body::Map(below) }
            }
            // A section whose keys are all commented out says nothing about it.
            (Body::Map(below), Body::Plain(Value::Null)) => Node { origin: self.origin, body: Body::Map(below) },
            (_, above) => Node { origin: over.origin, body: above },
        }
    }

    /// Returns the node without the keys that are null, which count as not set.
    pub(crate) fn without_nulls(self) -> Node {
        let Body::Map(entries) = self.body else { return self };
        let entries = entries
            .into_iter()
            .filter(|(_, node)| !matches!(node.body, Body::Plain(Value::Null)))
            .map(|(key, node)| (key, node.without_nulls()))
            .collect();
        Node { origin: self.origin, body: Body::Map(entries) }
    }

    /// Returns the variable because of which this is not set.
    pub(crate) fn unset_variable(&self) -> Option<&str> {
        match &self.body {
            Body::Unset { variable } => Some(variable),
            _ => None,
        }
    }

    /// Returns the value without its origins; what is unset is left out.
    pub(crate) fn to_value(&self) -> Option<Value> {
        match &self.body {
            Body::Plain(value) => Some(value.clone()),
            Body::List(items) => Some(items.iter().filter_map(Node::to_value).collect()),
            Body::Map(entries) => Some(Value::Object(
                entries.iter().filter_map(|(key, node)| Some((key.clone(), node.to_value()?))).collect(),
            )),
            Body::Unset { .. } => None,
        }
    }
}

/// A place in a checked tree that may be empty.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a>(pub(crate) Option<&'a Node>);

impl<'a> Setting<'a> {
    /// Returns the setting under a key, which may lead down several levels: `reading.maxFiles`.
    pub(crate) fn key(self, path: &str) -> Self {
        path.split('.').fold(self, |setting, key| setting.entry(key))
    }

    /// Returns the setting under a key that may hold dots itself.
    pub(crate) fn entry(self, key: &str) -> Self {
        let Some(Node { body: Body::Map(entries), .. }) = self.0 else { return Self(None) };
        Self(entries.iter().find(|(known, _)| known == key).map(|(_, node)| node))
    }

    pub(crate) fn is_set(self) -> bool {
        !matches!(self.0.map(|node| &node.body), None | Some(Body::Unset { .. } | Body::Plain(Value::Null)))
    }

    pub(crate) fn is_map(self) -> bool {
        matches!(self.0, Some(Node { body: Body::Map(_), .. }))
    }

    /// Returns the items of a list that are set; a list that is not set has none.
    pub(crate) fn items(self) -> Vec<Self> {
        match self.0 {
            Some(Node { body: Body::List(items), .. }) => {
                items.iter().map(|item| Self(Some(item))).filter(|item| item.is_set()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Reads each item of a list; `None` when the list is not set, which an empty one is.
    pub(crate) fn list<T>(self, read: impl FnMut(Self) -> T) -> Option<Vec<T>> {
        self.is_set().then(|| self.items().into_iter().map(read).collect())
    }

    pub(crate) fn value(self) -> Option<Value> {
        self.is_set().then(|| self.0.and_then(Node::to_value)).flatten()
    }

    pub(crate) fn find_text(self) -> Option<String> {
        self.value().as_ref().and_then(text_of)
    }

    pub(crate) fn text(self) -> String {
        self.find_text().unwrap_or_default()
    }

    pub(crate) fn texts(self) -> Vec<String> {
        self.items().into_iter().map(Self::text).collect()
    }

    pub(crate) fn secret(self) -> Option<Secret> {
        self.find_text().map(Secret::new)
    }

    pub(crate) fn flag(self) -> bool {
        self.value().as_ref().and_then(flag_of).unwrap_or_default()
    }

    pub(crate) fn integer(self) -> u64 {
        self.value().as_ref().and_then(integer_of).unwrap_or_default()
    }

    /// Returns a number whose bounds in the table of keys keep it within the machine's word.
    pub(crate) fn count(self) -> usize {
        usize::try_from(self.integer()).unwrap_or(usize::MAX)
    }

    pub(crate) fn number(self) -> f64 {
        self.value().as_ref().and_then(number_of).unwrap_or_default()
    }

    pub(crate) fn bytes(self) -> u64 {
        self.value().as_ref().and_then(bytes_of).unwrap_or_default()
    }

    /// Returns a duration; `false` is none.
    pub(crate) fn find_duration(self) -> Option<Duration> {
        self.value().as_ref().and_then(parse_duration)
    }

    pub(crate) fn duration(self) -> Duration {
        self.find_duration().unwrap_or_default()
    }

    pub(crate) fn find_url(self) -> Option<Url> {
        self.find_text().and_then(|text| parse_http_url(&text))
    }
}

#[cfg(test)]
mod tests;

//! The envelope: the fields that every entity has, borrowed from its document.
//!
//! Owns one quick pass over a document for showing an entity. What is of another type than the entity model demands is
//! left out instead of failing: the model has checked it before it was stored.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::EntityRecord;

/// The fields that every entity has, as written.
#[derive(Debug, Clone)]
pub struct Envelope<'a> {
    /// `apiVersion`.
    pub api_version: Cow<'a, str>,
    /// `kind`.
    pub kind: Cow<'a, str>,
    /// `metadata.name`.
    pub name: Cow<'a, str>,
    /// `metadata.namespace`.
    pub namespace: Cow<'a, str>,
    /// `metadata.title`.
    pub title: Option<Cow<'a, str>>,
    /// `metadata.description`.
    pub description: Option<Cow<'a, str>>,
    /// `metadata.tags`.
    pub tags: Vec<Cow<'a, str>>,
    /// `metadata.labels`, in the order written.
    pub labels: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// `metadata.annotations`, in the order written.
    pub annotations: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// `metadata.links`.
    pub links: Vec<Link<'a>>,
    /// `metadata` as JSON text; `None` when the document can't be read.
    pub metadata: Option<&'a RawValue>,
    /// `spec` as JSON text.
    pub spec: Option<&'a RawValue>,
}

/// A link of an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<'a> {
    /// The address.
    pub url: Cow<'a, str>,
    /// What to show.
    pub title: Option<Cow<'a, str>>,
    /// The key of an icon.
    pub icon: Option<Cow<'a, str>>,
    /// A free category.
    pub kind: Option<Cow<'a, str>>,
}

impl<'a> Envelope<'a> {
    /// Reads a record's document. When that fails, the reference's own parts stand in for kind, namespace and name.
    pub(crate) fn read(record: &'a EntityRecord) -> Self {
        let root: Root<'a> = serde_json::from_str(&record.document).unwrap_or_else(|_| Root::default());
        let metadata: Metadata<'a> =
            root.metadata.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default();
        let of_ref = |text: Text<'a>, part: &'a str| text.0.unwrap_or(Cow::Borrowed(part));
        Self {
            api_version: root.api_version.0.unwrap_or_default(),
            kind: of_ref(root.kind, record.entity_ref.kind()),
            name: of_ref(metadata.name, record.entity_ref.name()),
            namespace: of_ref(metadata.namespace, record.entity_ref.namespace()),
            title: metadata.title.0,
            description: metadata.description.0,
            tags: metadata.tags.0.into_iter().filter_map(|tag| tag.0).collect(),
            labels: metadata.labels.0,
            annotations: metadata.annotations.0,
            links: metadata.links.0.into_iter().filter_map(LinkFields::into_link).collect(),
            metadata: root.metadata,
            spec: root.spec,
        }
    }

    /// Returns the title, or else the name.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }

    /// Returns the value of an annotation.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations.iter().find(|(other, _)| other == key).map(|(_, value)| &**value)
    }
}

#[derive(Default, Deserialize)]
struct Root<'a> {
    #[serde(default, borrow, rename = "apiVersion")]
    api_version: Text<'a>,
    #[serde(default, borrow)]
    kind: Text<'a>,
    #[serde(default, borrow)]
    metadata: Option<&'a RawValue>,
    #[serde(default, borrow)]
    spec: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
struct Metadata<'a> {
    #[serde(default, borrow)]
    name: Text<'a>,
    #[serde(default, borrow)]
    namespace: Text<'a>,
    #[serde(default, borrow)]
    title: Text<'a>,
    #[serde(default, borrow)]
    description: Text<'a>,
    #[serde(default, borrow)]
    tags: List<Text<'a>>,
    #[serde(default, borrow)]
    labels: Pairs<'a>,
    #[serde(default, borrow)]
    annotations: Pairs<'a>,
    #[serde(default, borrow)]
    links: List<LinkFields<'a>>,
}

#[derive(Default)]
struct LinkFields<'a> {
    url: Text<'a>,
    title: Text<'a>,
    icon: Text<'a>,
    kind: Text<'a>,
}

impl<'a> LinkFields<'a> {
    fn into_link(self) -> Option<Link<'a>> {
        Some(Link { url: self.url.0?, title: self.title.0, icon: self.icon.0, kind: self.kind.0 })
    }
}

/// A text; `None` for a value of any other type.
#[derive(Default)]
struct Text<'a>(Option<Cow<'a, str>>);

/// A list; empty for a value of any other type.
struct List<T>(Vec<T>);

/// The texts of an object; empty for a value of any other type.
#[derive(Default)]
struct Pairs<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// Accepts every type: each does nothing unless a visitor says otherwise.
macro_rules! ignore_other_types {
    ($($method:ident($type:ty)),*) => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("any value")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        $(fn $method<E>(self, _: $type) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        })*
    };
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    ignore_other_types!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64));

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Some(Cow::Borrowed(text))))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Some(Cow::Owned(text.to_owned()))))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Text<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Text::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Text::default())
    }
}

struct ListVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    ignore_other_types!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<List<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<List<T>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(List::default())
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs<'de>;

    ignore_other_types!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Pairs<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Pairs::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
        let mut pairs = Vec::new();
        while let Some((Text(key), Text(value))) = map.next_entry()? {
            if let (Some(key), Some(value)) = (key, value) {
                pairs.push((key, value));
            }
        }
        Ok(Pairs(pairs))
    }
}

struct LinkVisitor;

impl<'de> Visitor<'de> for LinkVisitor {
    type Value = LinkFields<'de>;

    ignore_other_types!(visit_bool(bool), visit_i64(i64), visit_u64(u64), visit_f64(f64), visit_str(&str));

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<LinkFields<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(LinkFields::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<LinkFields<'de>, A::Error> {
        let mut fields = LinkFields::default();
        while let Some((Text(key), value)) = map.next_entry::<Text<'de>, Text<'de>>()? {
            match key.as_deref() {
                Some("url") => fields.url = value,
                Some("title") => fields.title = value,
                Some("icon") => fields.icon = value,
                Some("type") => fields.kind = value,
                _ => {}
            }
        }
        Ok(fields)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(std::marker::PhantomData))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PairsVisitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for LinkFields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LinkVisitor)
    }
}

#[cfg(test)]
mod tests;

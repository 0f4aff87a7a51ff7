//! Global ids: opaque keys that `node(id:)` finds anything by.
//!
//! Owns what an id holds and how it is written. An id stays the same for as long as the thing exists.

use async_graphql::ID;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use callboard_entity_model::EntityRef;
use uuid::Uuid;

/// What an id stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum GlobalId {
    /// An entity, by its reference.
    Entity(EntityRef),
    /// A registered location.
    Location(Uuid),
    /// A webhook.
    Webhook(Uuid),
}

impl GlobalId {
    /// Writes the id.
    pub(crate) fn encode(&self) -> ID {
        let text = match self {
            Self::Entity(entity_ref) => format!("entity:{entity_ref}"),
            Self::Location(id) => format!("location:{id}"),
            Self::Webhook(id) => format!("webhook:{id}"),
        };
        ID(URL_SAFE_NO_PAD.encode(text))
    }

    /// Reads an id; nothing when it is none of ours.
    pub(crate) fn decode(id: &ID) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(id.as_str()).ok()?).ok()?;
        match text.split_once(':')? {
            ("entity", entity_ref) => Some(Self::Entity(entity_ref.parse().ok()?)),
            ("location", id) => Some(Self::Location(id.parse().ok()?)),
            ("webhook", id) => Some(Self::Webhook(id.parse().ok()?)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
